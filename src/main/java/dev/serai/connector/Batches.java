package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connector.BatchShape.By;
import dev.serai.connector.BatchShape.Lists;
import dev.serai.connector.Operation.Write;
import dev.serai.file.Template;
import dev.serai.run.Outcome;
import dev.serai.run.Owner;
import dev.serai.run.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Puts records into one body and finds out from one answer what became of each. */
public final class Batches {
    private static final int WRONG = 400;
    private static final int FINE = 200;
    private static final BatchResult FINE_WITHOUT_A_WORD = new BatchResult(Outcome.SUCCESS, MissingNode.getInstance());

    private final Connector connector;
    private final Requests requests;
    private final Write write;
    private final BatchShape shape;

    Batches(Connector connector, Requests requests, Write write) {
        this.connector = connector;
        this.requests = requests;
        this.write = write;
        this.shape = write.payload().batch().orElseThrow();
    }

    /** How many records one call takes. */
    public int most() {
        return shape.most();
    }

    /** Where the records stand in a call: names from the top of its body; none when they are the body. */
    public List<String> list() {
        return shape.list().equals(".") ? List.of() : List.of(shape.list().split("\\."));
    }

    /** Whether a call is done whole or not at all, so that its answer says nothing of single records. */
    public boolean allOrNone() {
        return shape.allOrNone();
    }

    /** The request that writes many records. @throws ConnectorRefused as for {@link Connector#build} */
    public Request request(List<JsonNode> items, Map<String, String> args) {
        return requests.buildBatch(write, this, items, args);
    }

    /** An entry of the answer that speaks of one record. */
    private record Entry(JsonNode json, boolean failed) {}

    /** The body of a call; the list is put into what stands beside it. */
    JsonNode body(List<JsonNode> items, Optional<JsonNode> with) {
        var list = JsonNodeFactory.instance.arrayNode().addAll(items);
        if (shape.list().equals(".")) {
            return list;
        }
        ObjectNode body = with.filter(JsonNode::isObject)
                .map(node -> (ObjectNode) node)
                .orElseGet(JsonNodeFactory.instance::objectNode);
        Json.put(body, shape.list(), list);
        return body;
    }

    /**
     * What tells a record of a batch from the others, by which the answer names it. No two of the same may go in one call.
     *
     * @return empty when the answer follows the order of the call
     * @throws ConnectorRefused when the record has none
     */
    public Optional<String> id(JsonNode item) {
        if (shape.id().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(found(item)
                .orElseThrow(() -> new ConnectorRefused(connector.name() + "/" + write.name() + ": the record has no \""
                        + shape.id() + "\", by which its result is found; give it one")));
    }

    private Optional<String> found(JsonNode item) {
        return Optional.ofNullable(Template.in(item).apply(shape.id())).map(Batches::form);
    }

    /** Remotes write an address in lower case and an id as text: neither makes it another record. */
    private static String form(String id) {
        return id.strip().toLowerCase(Locale.ROOT);
    }

    /**
     * A record as it was sent.
     *
     * @param place in its call, counted from 0
     * @param of records in its call
     */
    public record Sent(JsonNode record, int place, int of) {}

    /** Whether no answer speaks of single records: a job that is done speaks for all of its call, and so does one that failed. */
    public boolean speaksOfNone() {
        return !shape.allOrNone()
                && shape.told().results().paths().isEmpty()
                && shape.told().failures().paths().isEmpty();
    }

    /**
     * What speaks of the records.
     *
     * @param failures where the failures stand
     * @param refused how many failed, if it is told; else 0
     * @param words "shop answered 207": how a reason begins
     * @param masking hides secrets
     */
    private record Source(
            JsonNode json, JsonNode failures, long refused, String words, UnaryOperator<String> masking) {}

    private Source source(JsonNode json, JsonNode failures, long refused, String words) {
        return new Source(
                json,
                failures,
                refused,
                connector.name() + " " + words,
                connector.signIn().masking());
    }

    /**
     * What became of each record, in their order, once {@link Verdicts} called the answer a success. A record of which the
     * answer says nothing is to be tried again.
     *
     * @param items no two with the same id
     */
    public List<BatchResult> judge(List<JsonNode> items, Answer answer) {
        var sent = new ArrayList<Sent>();
        items.forEach(item -> sent.add(new Sent(item, sent.size(), items.size())));
        if (shape.allOrNone()) {
            return sent.stream().map(each -> FINE_WITHOUT_A_WORD).toList();
        }
        return judge(sent, source(answer.json(), answer.json(), 0, "answered " + answer.status()));
    }

    /**
     * What became of records whose call was accepted first, and is done now.
     *
     * @param sent some or all of that call, no two with the same id
     * @param told the useful part of what the read of {@code accepted} answered
     * @param failures that of its {@code failures_read}; {@code told} where there is none
     */
    public List<BatchResult> judgeDone(List<Sent> sent, JsonNode told, JsonNode failures) {
        String total = write.result()
                .accepted()
                .map(accepted -> accepted.failures().total())
                .orElse("");
        long refused = total.isEmpty() ? 0 : Json.at(told, total).asLong(Long.MAX_VALUE);
        return judge(sent, source(told, failures, refused, "accepted the call"));
    }

    private List<BatchResult> judge(List<Sent> sent, Source source) {
        return shape.byPosition() ? byPosition(sent, source) : byName(sent, source);
    }

    private List<BatchResult> byPosition(List<Sent> sent, Source source) {
        List<JsonNode> told = entries(source.json, shape.told().results());
        // a shorter list has lost its order: better asked again than another record's outcome
        return sent.stream()
                .map(each -> told.size() == each.of
                        ? result(new Entry(told.get(each.place), false), source)
                        : untold(source.words + " with " + told.size() + " results for " + each.of + " records"))
                .toList();
    }

    private List<BatchResult> byName(List<Sent> sent, Source source) {
        Map<String, Entry> told = told(source);
        // a list of failures that lacks some tells nothing of those it does not name
        boolean silenceIsFine = shape.told().results().paths().isEmpty()
                && source.failures.isContainerNode()
                && listed(source) >= source.refused;
        var results = new ArrayList<BatchResult>();
        for (Sent each : sent) {
            Entry byPlace = told.get(place(Integer.toString(each.place)));
            Entry entry = byPlace != null
                    ? byPlace
                    : found(each.record).map(told::get).orElse(null);
            if (entry != null) {
                results.add(result(entry, source));
            } else if (silenceIsFine) {
                results.add(FINE_WITHOUT_A_WORD);
            } else {
                results.add(untold(source.words + " and said nothing of this record"));
            }
        }
        return results;
    }

    private long listed(Source source) {
        return shape.told().failures().paths().stream()
                .mapToLong(path ->
                        Json.at(source.failures, path.equals(".") ? "" : path).size())
                .sum();
    }

    /** What failed counts, should both lists name a record. */
    private Map<String, Entry> told(Source source) {
        var told = new HashMap<String, Entry>();
        for (boolean failed : new boolean[] {false, true}) {
            Lists lists = failed ? shape.told().failures() : shape.told().results();
            for (String path : lists.paths()) {
                JsonNode at = Json.at(failed ? source.failures : source.json, path.equals(".") ? "" : path);
                if (lists.by() == By.KEY) {
                    at.properties().forEach(e -> told.put(form(e.getKey()), new Entry(e.getValue(), failed)));
                } else {
                    at.forEach(entry -> ids(entry, lists.id())
                            .forEach(id ->
                                    told.put(lists.by() == By.INDEX ? place(id) : form(id), new Entry(entry, failed))));
                }
            }
        }
        return told;
    }

    /** No id has a line break: ids are stripped, and read from one value. */
    private static String place(String index) {
        return "\n" + index;
    }

    private static List<JsonNode> entries(JsonNode json, Lists lists) {
        var entries = new ArrayList<JsonNode>();
        for (String path : lists.paths()) {
            Json.at(json, path.equals(".") ? "" : path).forEach(entries::add);
        }
        return entries;
    }

    private static List<String> ids(JsonNode entry, String path) {
        JsonNode at = Json.at(entry, path);
        if (at.isArray()) {
            var ids = new ArrayList<String>();
            at.forEach(id -> ids.add(id.asText()));
            return ids;
        }
        return Optional.ofNullable(Template.in(entry).apply(path)).stream().toList();
    }

    private BatchResult result(Entry entry, Source source) {
        int otherwise = entry.failed ? WRONG : FINE;
        int status = shape.told().status().isEmpty()
                ? otherwise
                : Json.at(entry.json, shape.told().status()).asInt(otherwise);
        // an entry is judged as an answer of its own would be
        var own = new Answer(status, Map.of(), entry.json.toString().getBytes(StandardCharsets.UTF_8));
        Optional<ErrorRule> rule =
                shape.told().rules().stream().filter(r -> r.matches(own)).findFirst();
        Verdict verdict = rule.map(ErrorRule::verdict).orElseGet(() -> Verdicts.byStatus(status));
        if (verdict == Verdict.SUCCESS) {
            return new BatchResult(
                    Outcome.SUCCESS, Json.at(entry.json, write.result().path()));
        }
        String message = rule.filter(r -> !r.reason().isEmpty())
                .map(r -> VendorMessage.field(own, r.reason(), source.masking))
                .orElseGet(() -> VendorMessage.of(own, source.masking));
        String reason = source.words + " and refused this record"
                + (message.isEmpty() ? "" : ": " + message)
                + rule.map(ErrorRule::because)
                        .filter(b -> !b.isEmpty())
                        .map(b -> "; " + b)
                        .orElse("");
        Owner owner = verdict == Verdict.FAIL || verdict == Verdict.UNAUTHORIZED ? Owner.CONFIG : Owner.TRANSIENT;
        Duration wait = verdict == Verdict.RATE_LIMITED ? Verdicts.PATIENCE : Duration.ZERO;
        var outcome = new Outcome(verdict, owner, reason, wait, status);
        return new BatchResult(
                outcome,
                outcome.succeeded() ? Json.at(entry.json, write.result().path()) : MissingNode.getInstance());
    }

    private static BatchResult untold(String reason) {
        return new BatchResult(Outcome.retry(reason), MissingNode.getInstance());
    }
}
