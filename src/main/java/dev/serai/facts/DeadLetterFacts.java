package dev.serai.facts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.store.History;
import dev.serai.store.Names;
import dev.serai.store.Refusal;
import dev.serai.store.Resume;
import dev.serai.store.RunFilter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.stream.LongStream;

/** What is told of dead letters: those that failed alike, and what came of resuming or discarding them. */
public final class DeadLetterFacts {
    private DeadLetterFacts() {}

    /** Those that failed alike, one entry a pattern. */
    public static ArrayNode patterns(List<Resume.Pattern> patterns) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        patterns.forEach(each -> list.addObject()
                .put("runs", each.runs())
                .put("flow", each.flow())
                .put("step", each.step())
                .put("reason", each.reason())
                .put("oldest", Names.run(each.oldest()))
                .put("newest", Names.run(each.newest()))
                .put("resting", each.resting()));
        return list;
    }

    /**
     * What came of resuming.
     *
     * @param missed those that were named and can't be resumed
     * @param patterns of a dry run, what it would touch
     */
    public static ObjectNode resumed(
            boolean dryRun, Resume.Result result, List<Refusal> missed, List<Resume.Pattern> patterns) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("dry_run", dryRun);
        var resumed = json.putArray("resumed");
        result.resumed().forEach(run -> resumed.add(Names.run(run)));
        var refused = new ArrayList<>(missed);
        refused.addAll(result.refused());
        json.set("refused", refused(refused));
        json.put("left", result.left()).put("last_due_at", RunFacts.text(result.lastDue()));
        json.put("next", result.left() > 0 || result.cutShort() ? Names.run(last(result)) : null);
        if (dryRun) {
            json.set("patterns", patterns(patterns));
        }
        return json;
    }

    /** Of those that were looked at. */
    private static long last(Resume.Result result) {
        return LongStream.concat(
                        result.resumed().stream().mapToLong(run -> run),
                        result.refused().stream().mapToLong(Refusal::run))
                .max()
                .orElse(0);
    }

    /** What came of giving up. @param given how many, or would be */
    public static ObjectNode discarded(
            boolean dryRun, long given, long left, List<Refusal> missed, List<Resume.Pattern> patterns) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("dry_run", dryRun);
        json.put("discarded", given).put("left", left);
        json.set("refused", refused(missed));
        if (dryRun) {
            json.set("patterns", patterns(patterns));
        }
        return json;
    }

    /** What came of cancelling. @param given how many, or would be */
    public static ObjectNode cancelled(boolean dryRun, long given, long left, List<Refusal> missed) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("dry_run", dryRun);
        json.put("cancelled", given).put("left", left);
        json.set("refused", refused(missed));
        return json;
    }

    private static ArrayNode refused(List<Refusal> refused) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        refused.forEach(each -> list.addObject().put("run", each.name()).put("why", each.why()));
        return list;
    }

    /** Why a person's verb does not fit those of the runs that are in another state, or are not there. */
    public static List<Refusal> neitherDeadNorInDoubt(History history, Collection<Long> runs, String done)
            throws SQLException {
        return unfit(history, runs, RunQuery.SET_ASIDE, "only dead runs and runs in doubt can be " + done);
    }

    /** The same of cancelling. */
    public static List<Refusal> notWaiting(History history, Collection<Long> runs) throws SQLException {
        return unfit(history, runs, List.of("waiting"), "only runs that wait can be cancelled");
    }

    private static List<Refusal> unfit(History history, Collection<Long> runs, List<String> fit, String words)
            throws SQLException {
        if (runs.isEmpty()) {
            return List.of();
        }
        var states = new HashMap<Long, String>();
        history.runs(RunFilter.ALL.ids(runs), runs.size()).forEach(run -> states.put(run.id(), run.state()));
        var refused = new ArrayList<Refusal>();
        for (long id : runs) {
            String state = states.get(id);
            if (state == null) {
                refused.add(new Refusal(id, "there is no such run; see serai runs list"));
            } else if (!fit.contains(state)) {
                refused.add(new Refusal(id, "it is " + state + "; " + words));
            }
        }
        return refused;
    }
}
