package dev.serai.cli;

import dev.serai.facts.RunQuery;
import dev.serai.store.RunFilter;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import picocli.CommandLine.Option;

/** The flags that say which runs are meant; the same for lists and for what is done to many at once. */
final class RunFilterFlags {
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

    /** @param byDefault states when none are given; empty for all @throws WrongUse naming the flag */
    RunFilter filter(List<String> byDefault) {
        var given = new HashMap<String, String>();
        given.put("state", String.join(",", states));
        given.put("flow", flow);
        given.put("step", step);
        given.put("connection", connection);
        given.put("reason", reason);
        given.put("owner", owner);
        given.put("source", source);
        given.put("record", record);
        given.put("type", type);
        given.put("since", since);
        given.put("until", until);
        try {
            return RunQuery.filter(given, byDefault, Instant.now());
        } catch (RunQuery.Misfit e) {
            throw new WrongUse("--" + e.word() + " " + e.getMessage());
        }
    }

    boolean isGiven() {
        return !filter(List.of()).isAll();
    }
}
