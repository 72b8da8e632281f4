package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something that is done with many runs, request after request, each a transaction of the hub: whatever happens meanwhile, it is
 * known how far it has come.
 */
final class ManyRuns {
    /** Runs of one request: what a hub writes at once. */
    private static final int PART = 500;

    private final HubClient hub;
    private final Progress progress;
    private final ObjectNode order;
    private final int limit;
    private final ObjectNode all = HubClient.body();
    private long done;

    /** @param order of the API @param limit runs at most */
    ManyRuns(HubClient hub, Progress progress, ObjectNode order, int limit) {
        this.hub = hub;
        this.progress = progress;
        this.order = order.deepCopy();
        this.limit = limit;
    }

    /** What became of all of them, as {@code Resumed} of the API. @param paced whether they become due one after the other */
    ObjectNode resume(boolean paced) {
        all.putArray("resumed");
        all.putArray("refused");
        all.put("left", 0).putNull("last_due_at");
        boolean named = order.has("runs");
        boolean more = true;
        while (more) {
            order.put("limit", named ? limit(limit) : Math.min(PART, limit - done));
            JsonNode part = ask("/runs/resume", "due again");
            add(part, "resumed");
            add(part, "refused");
            done += part.path("resumed").size() + part.path("refused").size();
            if (Facts.has(part, "last_due_at")) {
                all.set("last_due_at", part.get("last_due_at"));
                if (paced) {
                    order.set("due_after", part.get("last_due_at"));
                }
            }
            order.set("after", part.path("next"));
            more = !named && Facts.has(part, "next") && done < limit;
            end(part);
        }
        return all;
    }

    /** The same of giving up. */
    ObjectNode discard() {
        all.put("discarded", 0).putArray("refused");
        all.put("left", 0);
        boolean atOnce = order.has("runs") || order.path("dry_run").asBoolean();
        boolean more = true;
        while (more) {
            order.put("limit", atOnce ? limit(limit) : Math.min(PART, limit - done));
            JsonNode part = ask("/runs/discard", "given up");
            long given = part.path("discarded").asLong();
            done += given;
            all.put("discarded", done);
            add(part, "refused");
            more = !atOnce && given > 0 && part.path("left").asLong() > 0 && done < limit;
            end(part);
        }
        return all;
    }

    /** The same of runs that wait; of a filter those that are there when it is first asked, and none for ever. */
    ObjectNode cancel() {
        all.put("cancelled", 0).putArray("refused");
        boolean atOnce = order.has("runs") || order.path("dry_run").asBoolean();
        long most = limit;
        boolean more = true;
        while (more) {
            order.put("limit", atOnce ? limit(limit) : Math.min(PART, most - done));
            JsonNode part = ask("/runs/cancel", "given up");
            long given = part.path("cancelled").asLong();
            most = done == 0 ? Math.min(most, given + part.path("left").asLong()) : most;
            done += given;
            all.put("cancelled", done);
            add(part, "refused");
            if (part.has("waiting")) {
                all.set("waiting", part.get("waiting"));
            }
            more = !atOnce && given > 0 && part.path("left").asLong() > 0 && done < most;
            end(part);
        }
        return all;
    }

    /** What one request takes. */
    private static int limit(int limit) {
        return Math.min(limit, 10_000);
    }

    private JsonNode ask(String path, String become) {
        try {
            return hub.post(path, order);
        } catch (HubProblem e) {
            progress.end();
            if (done == 0 && !e.isUnknown()) {
                throw e;
            }
            long all = done + this.all.path("left").asLong();
            String soFar = done == 0 ? "" : done + " of " + all + " runs are " + become + ". Then it ended: ";
            String unknown = e.isUnknown()
                    ? " Some more, " + order.path("limit").asInt(10_000) + " at most, may be " + become + " as well."
                    : "";
            throw e.saying(soFar + e.getMessage() + unknown + " Write the command again for the rest.");
        }
    }

    private void add(JsonNode part, String name) {
        ((ArrayNode) all.path(name)).addAll((ArrayNode) part.path(name));
    }

    private void end(JsonNode part) {
        if (part.has("problem")) {
            progress.end();
            throw HubProblem.declined(
                    503, "cut_short", done + " runs are done with. Then it ended: " + Facts.text(part, "problem"));
        }
        all.set("dry_run", part.path("dry_run"));
        all.set("left", part.path("left"));
        if (part.has("patterns")) {
            patterns(part.path("patterns"));
        }
        if (part.has("cost")) {
            cost(part.path("cost"));
        }
        progress.tell(done, Math.min(limit, done + part.path("left").asLong()));
    }

    /** What the parts would take of one limit is one sum. */
    private void cost(JsonNode part) {
        Map<String, ObjectNode> known = new LinkedHashMap<>();
        for (JsonNode list : new JsonNode[] {all.path("cost"), part}) {
            for (JsonNode each : list) {
                String of = each.path("connection") + " " + each.path("operation") + " " + each.path("limit_name");
                ObjectNode before = known.putIfAbsent(of, each.deepCopy());
                if (before != null) {
                    before.put(
                            "calls",
                            before.path("calls").asLong() + each.path("calls").asLong());
                    before.put(
                            "at_least_seconds",
                            before.path("at_least_seconds").asLong()
                                    + each.path("at_least_seconds").asLong());
                    if (Facts.has(each, "percent")) {
                        before.put(
                                "percent",
                                before.path("percent").asDouble()
                                        + each.path("percent").asDouble());
                    }
                }
            }
        }
        all.putArray("cost").addAll(known.values());
    }

    /** Those that failed alike are one, in whichever part they were. */
    private void patterns(JsonNode part) {
        Map<String, ObjectNode> known = new LinkedHashMap<>();
        for (JsonNode list : new JsonNode[] {all.path("patterns"), part}) {
            for (JsonNode each : list) {
                String alike = each.path("flow") + " " + each.path("step") + " " + each.path("reason");
                ObjectNode before = known.putIfAbsent(alike, each.deepCopy());
                if (before != null) {
                    before.put(
                            "runs",
                            before.path("runs").asLong() + each.path("runs").asLong());
                    before.put(
                            "resting",
                            before.path("resting").asLong()
                                    + each.path("resting").asLong());
                    before.set("newest", each.path("newest"));
                }
            }
        }
        all.putArray("patterns").addAll(known.values());
    }
}
