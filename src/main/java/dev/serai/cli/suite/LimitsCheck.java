package dev.serai.cli.suite;

import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Verdicts;
import dev.serai.file.Durations;
import dev.serai.file.Yaml;
import dev.serai.run.Heard;
import dev.serai.run.Outcome;
import dev.serai.run.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Whether answers that tell of a vendor's limits, as its documentation has them, are understood. */
final class LimitsCheck {
    private final Connector connector;
    private final List<Yaml> examples;

    LimitsCheck(Connector connector, Examples examples) {
        this.connector = connector;
        this.examples = examples.limits();
    }

    Finding understood() {
        Set<String> shown = new HashSet<>();
        for (Yaml example : examples) {
            Optional<String> wrong = said(example, shown);
            if (wrong.isPresent()) {
                return Finding.failed(
                        "answer " + (examples.indexOf(example) + 1) + " of examples.yaml: " + wrong.get());
            }
        }
        var limits = new LinkedHashMap<>(connector.quotas().named());
        limits.put("", connector.quotas().all());
        return limits.entrySet().stream()
                .flatMap(
                        limit -> limit.getValue().told().keySet().stream().map(window -> place(limit.getKey(), window)))
                .filter(place -> !shown.contains(place))
                .findFirst()
                .map(place -> Finding.failed("examples.yaml has no answer under limits that tells of " + place
                        + ", which \"quota\" learns from"))
                .orElse(Finding.OK);
    }

    /** @param limit the operation or the group that has it; empty for the whole connection */
    private static String place(String limit, String window) {
        return "the window \"" + window + "\"" + (limit.isEmpty() ? "" : " of \"" + limit + "\"");
    }

    private Optional<String> said(Yaml example, Set<String> shown) {
        try {
            return wrong(example, shown);
        } catch (IllegalArgumentException | ConnectorRefused e) { // a duration, or the name of an operation
            return Optional.of(e.getMessage());
        }
    }

    private Optional<String> wrong(Yaml example, Set<String> shown) {
        Answer answer = answer(example);
        Optional<Yaml> heard = example.get("heard");
        if (heard.isPresent()) {
            String window = example.text("window").orElse("all");
            String limit = example.text("limit").orElse("");
            shown.add(place(limit, window));
            Heard found = connector.quotas().of(limit).heard(answer, Bench.NOON).stream()
                    .filter(each -> each.window().equals(window))
                    .findFirst()
                    .orElse(new Heard(
                            window,
                            OptionalLong.empty(),
                            OptionalLong.empty(),
                            OptionalLong.empty(),
                            Optional.empty()));
            Heard expected = expected(window, heard.get());
            if (!found.equals(expected)) {
                return Optional.of("it was heard as " + words(found) + ", not as " + words(expected));
            }
        }
        OptionalLong cost =
                connector.quotas().cost(example.text("operation").orElse("")).really(answer);
        Optional<String> costs = example.text("cost");
        if (costs.isPresent() && !costs.get().equals(String.valueOf(cost.orElse(-1)))) {
            return Optional.of("its cost was heard as " + cost + ", not as " + costs.get());
        }
        return example.text("wait").flatMap(wait -> notWaited(example, answer, Durations.of(wait)));
    }

    private Optional<String> notWaited(Yaml example, Answer answer, Duration expected) {
        String operation = example.text("operation").orElseGet(() -> connector.operations().keySet().stream()
                .filter(name -> connector.upsert(name).isEmpty())
                .findFirst()
                .orElseThrow());
        Outcome outcome = Verdicts.of(connector, operation, answer, Bench.NOON);
        boolean right = outcome.verdict() == Verdict.RATE_LIMITED
                && outcome.retryAfter().equals(expected);
        return right
                ? Optional.empty()
                : Optional.of("it was judged " + CallChecks.word(outcome.verdict()) + " with a wait of "
                        + outcome.retryAfter().toSeconds() + " s, not rate_limited with " + expected.toSeconds()
                        + " s");
    }

    private static Answer answer(Yaml example) {
        int status = example.text("status").map(Integer::parseInt).orElse(200);
        Map<String, String> headers = Examples.texts(example.get("headers"));
        String body = example.get("body").map(at -> at.json().toString()).orElse("");
        return new Answer(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private static Heard expected(String window, Yaml heard) {
        return new Heard(
                window,
                number(heard, "limit"),
                number(heard, "remaining"),
                number(heard, "restore"),
                heard.text("reset").map(Durations::of));
    }

    private static OptionalLong number(Yaml at, String key) {
        return at.text(key).map(text -> OptionalLong.of(Long.parseLong(text))).orElse(OptionalLong.empty());
    }

    private static String words(Heard heard) {
        return "limit " + word(heard.limit()) + ", remaining " + word(heard.remaining()) + ", restore "
                + word(heard.restore()) + ", reset "
                + heard.reset().map(reset -> reset.toSeconds() + " s").orElse("?");
    }

    private static String word(OptionalLong told) {
        return told.isPresent() ? String.valueOf(told.getAsLong()) : "?";
    }
}
