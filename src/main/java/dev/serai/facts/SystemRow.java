package dev.serai.facts;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.store.History.Run;
import dev.serai.store.Names;
import dev.serai.store.Receipt;
import dev.serai.store.RecordTrail.Version;
import java.time.Instant;
import java.util.List;

/**
 * What one system has of a record, by one step of a flow, and how that stands against the newest event that the flow takes.
 *
 * @param wrote null when nothing is known that it wrote
 * @param repair null when there is nothing to mend, or nothing that mends it
 * @param older of what is current, dead runs of older events, which would write what is older
 */
public record SystemRow(At at, Wrote wrote, Version newest, Stand stand, Repair repair, List<String> older) {
    static final String CURRENT = "current";
    static final String BEHIND = "behind";
    static final String IN_DOUBT = "in_doubt";
    static final String NEVER_WRITTEN = "never_written";

    /** Where it is. @param family the flows that write there, of which one does for this record */
    public record At(String connection, String operation, String flow, String step, List<String> family) {}

    /** The last write that succeeded. @param at when it was sent, as far as its attempts are known */
    public record Wrote(Version event, Instant at, String run) {}

    /**
     * How it stands.
     *
     * @param state current, behind, in_doubt or never_written
     * @param run the run that is in the way, or ended without writing; null when there is none
     * @param words why, for a person, without what a remote said; empty when there is nothing to add
     */
    public record Stand(String state, Run run, String words) {}

    /**
     * The order that mends it.
     *
     * @param deed resume, settle, replay, connection or breaker
     * @param id of the run that is resumed or settled, or of the event that is replayed; 0 for none
     * @param of the claim of a run in doubt, the flow of a replay, the connection, or connection/operation
     */
    public record Repair(String deed, long id, String of) {
        static final String RESUME = "resume";
        static final String SETTLE = "settle";
        static final String REPLAY = "replay";
        static final String CONNECTION = "connection";
        static final String BREAKER = "breaker";

        /** By which it is ordered; another one as soon as what it would do is another thing: {@code resume:r_81}. */
        public String name() {
            return switch (deed) {
                case RESUME -> deed + ":" + Names.run(id);
                case SETTLE -> deed + ":" + Names.run(id) + ":" + of;
                case REPLAY -> deed + ":" + new Receipt(id, false).name() + ":" + of;
                default -> deed + ":" + of;
            };
        }

        /** As a button says it. */
        public String words() {
            return switch (deed) {
                case RESUME -> "Resume " + Names.run(id);
                case SETTLE -> "Settle " + Names.run(id);
                case REPLAY -> "Replay " + new Receipt(id, false).name();
                case CONNECTION -> "Let " + of + " go on";
                default -> "Try " + of;
            };
        }

        ObjectNode json() {
            boolean runs = deed.equals(RESUME) || deed.equals(SETTLE);
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("repair", name())
                    .put("deed", deed)
                    .put("run", runs ? Names.run(id) : null)
                    .put("words", words());
        }
    }

    /** As an entry of {@code systems}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("connection", at.connection)
                .put("operation", at.operation)
                .put("flow", at.flow)
                .put("step", at.step)
                .put("state", stand.state);
        if (wrote == null) {
            json.putNull("wrote");
        } else {
            json.set(
                    "wrote",
                    version(wrote.event).put("at", RunFacts.text(wrote.at)).put("run", wrote.run));
        }
        json.set("newest", version(newest));
        if (stand.run == null) {
            json.putNull("run");
        } else {
            Run run = stand.run;
            json.putObject("run")
                    .put("run", run.name())
                    .put("state", run.state())
                    .put("receipt", run.event().receipt())
                    .put("waits_for", run.waitsFor())
                    .put("due_at", RunFacts.text(run.dueAt()))
                    .put("step", run.step())
                    .put("reason", run.reason());
        }
        json.put("words", stand.words.isEmpty() ? null : stand.words);
        if (repair == null) {
            json.putNull("repair");
        } else {
            json.set("repair", repair.json());
        }
        older.forEach(json.putArray("older_dead")::add);
        return json;
    }

    private static ObjectNode version(Version version) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("receipt", version.event().receipt())
                .put("type", version.event().type())
                .put("version", version.version().isEmpty() ? null : version.version())
                .put("occurred_at", RunFacts.text(version.occurredAt()))
                .put("received_at", RunFacts.text(version.event().receivedAt()));
    }
}
