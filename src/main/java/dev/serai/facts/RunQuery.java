package dev.serai.facts;

import dev.serai.file.Durations;
import dev.serai.file.Suggest;
import dev.serai.run.Owner;
import dev.serai.store.RunFilter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Which runs are meant, in words: the flags of the command line and the parameters of the API. */
public final class RunQuery {
    public static final List<String> STATES = List.of("waiting", "claimed", "done", "dead", "in_doubt");

    /** Dead, or in doubt: nobody goes on with them until a person says so. */
    public static final List<String> SET_ASIDE = List.of("dead", "in_doubt");

    public static final List<String> OWNERS = Stream.of(Owner.values())
            .map(o -> o.name().toLowerCase(Locale.ROOT))
            .toList();

    /** Those that look through what vendors said, in which people may stand. */
    public static final List<String> OF_VENDORS = List.of("reason", "pattern");

    /** The words it knows, each with what it means. */
    public static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("state", "waiting, claimed, done, dead or in_doubt; several with commas"),
            Map.entry("flow", "only runs of this flow"),
            Map.entry("step", "only runs that failed at this step; - for those that failed at none"),
            Map.entry("connection", "only runs whose failed step calls this connection"),
            Map.entry("reason", "only runs whose reason contains this"),
            Map.entry(
                    "pattern",
                    "only runs whose reason is like this, as dead letters that failed alike tell it; - for none"),
            Map.entry("owner", "only runs that config, transient or system has to see to"),
            Map.entry("source", "only runs of events of this source"),
            Map.entry("record", "only runs of events about this record: contact:7"),
            Map.entry("type", "only runs of events of this type"),
            Map.entry("since", "arrived then or later: 2h (ago), 2026-11-21 or 2026-11-21T09:30:00Z"),
            Map.entry("until", "arrived before"));

    private RunQuery() {}

    /** A word has a value it can't have. */
    public static final class Misfit extends RuntimeException {
        private final String word;

        Misfit(String word, String message) {
            super(message, null, false, false);
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /**
     * @param given by word; words it does not know are ignored
     * @param states when none are given; empty for all
     * @throws Misfit naming the word
     */
    public static RunFilter filter(Map<String, String> given, List<String> states, Instant now) {
        List<String> asked =
                text(given, "state").map(text -> List.of(text.split(",", -1))).orElse(List.of());
        for (String state : asked) {
            if (!STATES.contains(state)) {
                throw new Misfit(
                        "state",
                        (state.isEmpty() ? "nothing" : state) + ": no such state; " + Suggest.hint(state, STATES));
            }
        }
        return RunFilter.ALL
                .states(asked.isEmpty() ? states : asked)
                .flow(given.get("flow"))
                .step(given.get("step"))
                .connection(given.get("connection"))
                .reason(given.get("reason"))
                .pattern(given.get("pattern"))
                .owner(owner(given))
                .source(given.get("source"))
                .record(given.get("record"))
                .type(given.get("type"))
                .since(time(given, "since", now).orElse(null))
                .until(time(given, "until", now).orElse(null));
    }

    private static Optional<String> text(Map<String, String> given, String word) {
        return Optional.ofNullable(given.get(word)).filter(value -> !value.isBlank());
    }

    private static Owner owner(Map<String, String> given) {
        String owner = given.get("owner");
        if (owner != null && !OWNERS.contains(owner)) {
            throw new Misfit("owner", owner + ": no such owner; " + Suggest.hint(owner, OWNERS));
        }
        return owner == null ? null : Owner.valueOf(owner.toUpperCase(Locale.ROOT));
    }

    /** A moment: so long ago, a day, or a time. @throws Misfit */
    public static Optional<Instant> time(Map<String, String> given, String word, Instant now) {
        Optional<String> text = text(given, word);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<Instant> ago = Durations.parse(text.get()).map(now::minus);
            if (ago.isPresent()) {
                return ago;
            }
            return Optional.of(
                    text.get().length() == "2026-11-21".length()
                            ? LocalDate.parse(text.get())
                                    .atStartOfDay(ZoneOffset.UTC)
                                    .toInstant()
                            : Instant.parse(text.get()));
        } catch (DateTimeException e) {
            throw new Misfit(word, text.get() + ": not a time; write 2h (ago), 2026-11-21 or 2026-11-21T09:30:00Z");
        }
    }
}
