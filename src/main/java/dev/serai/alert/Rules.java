package dev.serai.alert;

import dev.serai.file.Durations;
import dev.serai.file.FileRefused;
import dev.serai.file.FileSchema;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import dev.serai.run.ErrorClass;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rules by which alerts are raised: those in the jar, changed and added to by {@code routes/alerts.yaml}. A rule of the
 * file with the name of one in the jar changes what it says and leaves the rest.
 */
public record Rules(List<Rule> all) {
    /** Where the file lies, below the folder of the flows. */
    public static final String FILE = "alerts.yaml";

    private static final FileSchema SCHEMA = FileSchema.of("alerts");
    private static final Duration LONGEST_WINDOW = Duration.ofHours(24);
    private static final Duration QUIET = Duration.ofMinutes(1);

    private static final Map<String, Yaml> OURS = ours();

    /** Those in the jar. */
    public static final Rules SHIPPED = read(Yaml.read("alerts.yaml", "rules: {}"));

    /** @throws FileRefused with all that is wrong */
    public static Rules read(String file, String text) {
        return read(Yaml.read(file, text));
    }

    private static Rules read(Yaml root) {
        var problems = new Problems();
        SCHEMA.check(root, problems);
        problems.throwIfAny();
        Map<String, Yaml> given = root.get("rules").orElseThrow().entries();
        var rules = new ArrayList<Rule>();
        OURS.forEach(
                (name, rule) -> rules.add(rule(name, given.getOrDefault(name, rule), Optional.of(rule), problems)));
        given.forEach((name, rule) -> {
            if (!OURS.containsKey(name)) {
                rules.add(rule(name, rule, Optional.empty(), problems));
            }
        });
        problems.throwIfAny();
        return new Rules(List.copyOf(rules));
    }

    private static Map<String, Yaml> ours() {
        try (InputStream in = Rules.class.getResourceAsStream("/alert/rules.yaml")) {
            var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new LinkedHashMap<>(
                    Yaml.read("rules.yaml", text).get("rules").orElseThrow().entries());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rules that are on. */
    public List<Rule> on() {
        return all.stream().filter(Rule::on).toList();
    }

    /** The first rule that is on and takes it. */
    public Optional<Rule> of(Signal signal, String flow, String connection) {
        return on().stream()
                .filter(rule -> rule.signal() == signal && rule.only().takes(flow, connection, ""))
                .findFirst();
    }

    /** @param base the one in the jar it changes */
    private static Rule rule(String name, Yaml own, Optional<Yaml> base, Problems problems) {
        Yaml merged = base.filter(b -> b != own)
                .map(b -> own.over(b, java.util.Set.of(), java.util.Set.of()))
                .orElse(own);
        if (!name.matches("[a-z][a-z0-9-]{0,62}")) {
            problems.add(own, "\"" + name + "\" is no name of a rule; write small letters, digits and hyphens");
            return null;
        }
        if (merged.text("signal").isEmpty()) {
            problems.add(
                    own,
                    "rule \"" + name + "\" lacks \"signal\"; it is none of the shipped rules: "
                            + String.join(", ", OURS.keySet()));
            return null;
        }
        if (base.isPresent() && !base.get().text("signal").equals(merged.text("signal"))) {
            problems.add(
                    own.get("signal").orElse(own),
                    "the shipped rule \"" + name + "\" watches "
                            + base.get().text("signal").orElse("") + "; give a rule for another signal another name");
        }
        return new Reading(name, merged, Signal.of(merged.text("signal").get()), problems).rule();
    }

    /** One rule being read. */
    private record Reading(String name, Yaml at, Signal signal, Problems problems) {
        Rule rule() {
            checkPlaces();
            double limit = limit();
            Double critical = at.get("critical").map(this::number).orElse(null);
            boolean milder = critical != null && (signal.below() ? critical > limit : critical < limit);
            if (milder) {
                problems.add(
                        at.get("critical").orElseThrow(),
                        "\"critical\" is reached before \"" + bound() + "\": "
                                + at.text("critical").orElse("") + " and "
                                + at.text(bound()).orElse("") + "; swap them");
            }
            Duration hold = duration("for", Duration.ZERO);
            return new Rule(
                    name,
                    signal,
                    limit,
                    critical,
                    window(),
                    hold,
                    duration("quiet", hold.compareTo(QUIET) > 0 ? hold : QUIET),
                    Severity.of(at.text("severity").orElse("warning")),
                    team(),
                    new Rule.Only(list("flows"), list("connections"), list("classes")),
                    runbook(),
                    at.text("on").map("true"::equals).orElse(true));
        }

        private String bound() {
            return signal.below() ? "below" : "above";
        }

        private void checkPlaces() {
            String other = signal.below() ? "above" : "below";
            refuse(
                    other,
                    signal.unit() != Signal.Unit.NONE,
                    signal.word() + " is told \"" + bound() + "\" its limit; write " + bound() + ": instead of " + other
                            + ":");
            for (String key : List.of("above", "below", "critical", "for", "quiet")) {
                refuse(
                        key,
                        signal.unit() == Signal.Unit.NONE,
                        signal.word() + " is a state and is told when it begins; take \"" + key + "\" away");
            }
            refuse("window", !signal.windowed(), signal.word() + " is looked at as it is; take \"window\" away");
            refuse(
                    "flows",
                    signal.about() != Signal.About.FLOW,
                    signal.word() + " is not told of flows; take \"flows\" away");
            refuse(
                    "connections",
                    signal.about() != Signal.About.CONNECTION,
                    signal.word() + " is not told of connections; take \"connections\" away");
            refuse(
                    "classes",
                    signal != Signal.REPEATED_PATTERN,
                    "only repeated_pattern knows classes of errors; take" + " \"classes\" away");
            at.get("classes").ifPresent(list -> list.items().stream()
                    .filter(item -> !ErrorClass.words().contains(item.text()))
                    .forEach(item -> problems.add(
                            item,
                            "\"" + item.text() + "\" is not a class of errors; "
                                    + dev.serai.file.Suggest.hint(item.text(), ErrorClass.words()))));
        }

        private void refuse(String key, boolean wrong, String text) {
            if (wrong && at.get(key).isPresent()) {
                problems.addAtKey(at, key, text);
            }
        }

        private double limit() {
            if (signal.unit() == Signal.Unit.NONE) {
                return 0;
            }
            Optional<Yaml> given = at.get(bound());
            if (given.isEmpty()) {
                problems.add(at, "rule \"" + name + "\" lacks \"" + bound() + "\": " + expected());
                return 0;
            }
            return number(given.get());
        }

        private String expected() {
            return switch (signal.unit()) {
                case DURATION -> "a duration such as " + Durations.SHAPES;
                case PERCENT -> "percent, such as 80 %";
                default -> "a whole number, such as 10";
            };
        }

        private double number(Yaml value) {
            String text = value.text().strip();
            Optional<Double> read =
                    switch (signal.unit()) {
                        case DURATION -> Durations.parse(text).map(d -> (double) d.toMillis());
                        case PERCENT ->
                            text.matches("\\d{1,6}([.]\\d{1,3})?( ?%)?")
                                    ? Optional.of(Double.parseDouble(text.replaceAll(" ?%", "")))
                                    : Optional.<Double>empty();
                        default ->
                            text.matches("\\d{1,9}") ? Optional.of(Double.parseDouble(text)) : Optional.<Double>empty();
                    };
            boolean share = signal.unit() == Signal.Unit.PERCENT && signal != Signal.RATE_RISE;
            if (read.isEmpty() || share && read.get() > 100) {
                problems.add(value, "\"" + text + "\" is no limit of " + signal.word() + "; write " + expected());
                return 0;
            }
            return read.get();
        }

        private Duration window() {
            if (!signal.windowed()) {
                return Duration.ZERO;
            }
            Duration window = duration("window", Duration.ofMinutes(15));
            if (window.compareTo(Duration.ofMinutes(1)) < 0 || window.compareTo(LONGEST_WINDOW) > 0) {
                problems.add(
                        at.get("window").orElse(at),
                        "\"window\" is " + at.text("window").orElse("")
                                + "; counts are kept by the minute for a day: write 1m to 24h");
            }
            return window;
        }

        private Duration duration(String key, Duration otherwise) {
            Optional<Yaml> given = at.get(key);
            if (given.isEmpty()) {
                return otherwise;
            }
            return Durations.parse(given.get().text()).orElseGet(() -> {
                problems.add(
                        given.get(),
                        "\"" + key + "\" is \"" + given.get().text() + "\"; write a duration such as "
                                + Durations.SHAPES);
                return otherwise;
            });
        }

        private String team() {
            String team = at.text("team").orElse("operations").strip();
            if (team.isEmpty() || team.contains("@")) {
                problems.add(
                        at.get("team").orElse(at),
                        "\"team\" is \"" + team
                                + "\"; name a team, such as operations: where its messages go is said once, in the settings"
                                + " alerts.*, and is a channel or a shared inbox");
            }
            return team;
        }

        private String runbook() {
            String given = at.text("runbook").orElse("");
            if (!given.isEmpty() && !given.matches("https?://\\S+|[a-z-]+")) {
                problems.add(
                        at.get("runbook").orElseThrow(),
                        "\"runbook\" is \"" + given
                                + "\"; write an address, https://…, or the name of a page of docs/runbooks");
            }
            return given;
        }

        private List<String> list(String key) {
            return at.get(key)
                    .map(list -> list.items().stream().map(Yaml::text).toList())
                    .orElse(List.of());
        }
    }
}
