package dev.serai.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    @Option(
            names = "--step",
            paramLabel = "STEP",
            description = "Only runs that failed at this step; - for those that failed at none.")
    private String step;

    @Option(
            names = "--connection",
            paramLabel = "CONNECTION",
            description = "Only runs whose failed step calls this connection.")
    private String connection;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Only runs whose reason contains this.")
    private String reason;

    @Option(
            names = "--pattern",
            paramLabel = "TEXT",
            description = "Only runs whose reason is like this, as --grouped tells it; - for none.")
    private String pattern;

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

    /** What was given, by the words of the API. */
    Map<String, String> words() {
        var given = new LinkedHashMap<String, String>();
        given.put("state", states.isEmpty() ? null : String.join(",", states));
        given.put("flow", flow);
        given.put("step", step);
        given.put("connection", connection);
        given.put("reason", reason);
        given.put("pattern", pattern);
        given.put("owner", owner);
        given.put("source", source);
        given.put("record", record);
        given.put("type", type);
        given.put("since", since);
        given.put("until", until);
        return said(given);
    }

    /** A flag that says nothing, of a script whose variable is not set, would mean more than anybody meant. @throws WrongUse */
    static Map<String, String> said(Map<String, String> given) {
        given.values().removeIf(Objects::isNull);
        given.forEach((word, value) -> {
            if (value.isBlank()) {
                throw new WrongUse("--" + word + " is empty: write what is meant, or leave the flag out.");
            }
        });
        return given;
    }

    /** @param byDefault states, with commas, when none are given */
    Map<String, String> words(String byDefault) {
        Map<String, String> given = words();
        given.putIfAbsent("state", byDefault);
        return given;
    }

    boolean isGiven() {
        return !words().isEmpty();
    }
}
