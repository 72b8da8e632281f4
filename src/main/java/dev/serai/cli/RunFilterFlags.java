package dev.serai.cli;

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
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The flags that say which runs are meant; the same for lists and for what is done to many at once. */
final class RunFilterFlags {
    static final List<String> STATES = List.of("waiting", "claimed", "done", "dead", "in_doubt");

    @Option(
            names = "--state",
            paramLabel = "STATE",
            split = ",",
            description = "waiting, claimed, done, dead or in_doubt; several with commas.")
    private List<String> states = List.of();

    @Option(names = "--flow", paramLabel = "FLOW", description = "Only runs of this flow.")
    private String flow;

    @Option(names = "--step", paramLabel = "STEP", description = "Only runs that failed at this step.")
    private String step;

    @Option(
            names = "--connection",
            paramLabel = "CONNECTION",
            description = "Only runs whose failed step calls this connection.")
    private String connection;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Only runs whose reason contains this.")
    private String reason;

    @Option(
            names = "--owner",
            paramLabel = "OWNER",
            description = "Only runs that config, transient or system has to see to.")
    private String owner;

    @Option(names = "--source", paramLabel = "SOURCE", description = "Only runs of events of this source.")
    private String source;

    @Option(
            names = "--record",
            paramLabel = "RECORD",
            description = "Only runs of events about this record: contact:7.")
    private String record;

    @Option(names = "--type", paramLabel = "TYPE", description = "Only runs of events of this type.")
    private String type;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Arrived then or later: 2h (ago), 2026-11-21 or 2026-11-21T09:30:00Z.")
    private String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Arrived before.")
    private String until;

    /** @param states when none are given; empty for all @throws WrongUse naming the flag */
    RunFilter filter(List<String> byDefault) {
        for (String state : states) {
            if (!STATES.contains(state)) {
                throw new WrongUse("--state " + state + ": no such state; " + Suggest.hint(state, STATES));
            }
        }
        Instant now = Instant.now();
        return RunFilter.ALL
                .states(states.isEmpty() ? byDefault : states)
                .flow(flow)
                .step(step)
                .connection(connection)
                .reason(reason)
                .owner(owner())
                .source(source)
                .record(record)
                .type(type)
                .since(time("--since", since, now))
                .until(time("--until", until, now));
    }

    boolean isGiven() {
        return !filter(List.of()).isAll();
    }

    private Owner owner() {
        List<String> owners = Stream.of(Owner.values())
                .map(o -> o.name().toLowerCase(Locale.ROOT))
                .toList();
        if (owner != null && !owners.contains(owner)) {
            throw new WrongUse("--owner " + owner + ": no such owner; " + Suggest.hint(owner, owners));
        }
        return owner == null ? null : Owner.valueOf(owner.toUpperCase(Locale.ROOT));
    }

    private static Instant time(String flag, String text, Instant now) {
        if (text == null) {
            return null;
        }
        try {
            Optional<Instant> ago = Durations.parse(text).map(now::minus);
            if (ago.isPresent()) {
                return ago.get();
            }
            return text.length() == "2026-11-21".length()
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new WrongUse(flag + " " + text + ": not a time; write 2h (ago), 2026-11-21 or 2026-11-21T09:30:00Z");
        }
    }
}
