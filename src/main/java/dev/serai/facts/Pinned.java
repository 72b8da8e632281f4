package dev.serai.facts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.config.Setting;
import dev.serai.connector.Upserts;
import dev.serai.facts.Capsule.None;
import dev.serai.library.Library;
import dev.serai.record.Masks;
import dev.serai.store.Capsules;
import dev.serai.store.History.Run;
import dev.serai.store.History.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What of a run that is done can be lived through again: each call that is kept. A write that can't be told in one call gets the
 * answer that the journal has, as in a resumed run; a read without its answer leaves nothing to live through.
 *
 * @param calls each once, as it was in the end
 * @param given the writes that are not tried again
 */
record Pinned(List<JsonNode> calls, List<Capsules.Done> given, List<String> notes) {

    /**
     * @param done the writes of the run
     * @param settings as {@link SettingFacts} tells them
     * @throws None when it can't be; says why, and what to write
     */
    static Pinned of(
            Run run, List<Step> steps, Kept kept, List<Capsules.Done> done, Library library, ArrayNode settings) {
        if (run.reason() != null) {
            throw new None(run.name() + " ended without doing its work (" + Masks.inText(run.reason())
                    + "); there is nothing in it to live through again");
        }
        List<JsonNode> calls = kept.outcomes();
        if (calls.isEmpty() && !steps.isEmpty()) {
            throw new None(notKept(run, settings));
        }
        var given = new ArrayList<Capsules.Done>();
        var untold = new TreeSet<String>();
        for (Step step : steps) {
            if (step.state().equals("succeeded") && !isTold(step, calls, library)) {
                Optional<Capsules.Done> write = done.stream()
                        .filter(each -> each.step().equals(step.name()))
                        .findFirst();
                write.ifPresentOrElse(given::add, () -> untold.add(step.name()));
            }
        }
        if (!untold.isEmpty()) {
            throw new None("of " + run.name() + " it is not kept what it was answered at " + String.join(", ", untold)
                    + ", so nobody can live through it again: 64 KiB of a claim are kept, and nothing of calls for a"
                    + " batch");
        }
        Set<String> answered = given.stream().map(Capsules.Done::step).collect(Collectors.toSet());
        return new Pinned(
                calls.stream()
                        .filter(call -> !answered.contains(call.path("step").asText()))
                        .map(Pinned::asAtFirst)
                        .toList(),
                given,
                answered.isEmpty()
                        ? List.of()
                        : List.of("not tried again, as one call does not tell it: "
                                + String.join(", ", new TreeSet<>(answered))
                                + "; what the flow got of it stands under \"done\""));
    }

    private static String notKept(Run run, ArrayNode settings) {
        String what = run.name() + " is done, and what it sent and was answered is not kept";
        if (run.event().record().startsWith("forgotten:")) {
            return what + ": somebody it was about was forgotten";
        }
        String key = Setting.HISTORY_EVIDENCE.key();
        String value = SettingFacts.value(settings, Setting.HISTORY_EVIDENCE);
        return what
                + (value.equals("all")
                        ? ": it was done before " + key + " was all, or its calls were for a batch, or it told of"
                                + " somebody who was forgotten"
                        : "; write " + key + "=all (it is " + value + "), and it is kept of those that are done from"
                                + " then on, but of calls for a batch");
    }

    /** Whether its calls tell the whole step: the one that it is, or all of an upsert that began with a search. */
    private static boolean isTold(Step step, List<JsonNode> calls, Library library) {
        List<JsonNode> own = calls.stream()
                .filter(call -> call.path("step").asText().equals(step.name()))
                .toList();
        Set<String> operations =
                own.stream().map(call -> call.path("operation").asText()).collect(Collectors.toSet());
        Optional<Upserts> upsert =
                library.connector(step.connection()).flatMap(connector -> connector.upsert(step.operation()));
        return upsert.isPresent()
                ? operations.contains(upsert.get().calls().search())
                : operations.equals(Set.of(step.operation())) && Kept.wentWell(own.get(0));
    }

    /** Whoever lives through it again has resumed nothing: the first key is its key. */
    private static JsonNode asAtFirst(JsonNode call) {
        String key = call.at("/request/headers/idempotency-key").asText();
        if (!key.contains(":again-")) {
            return call;
        }
        JsonNode first = call.deepCopy();
        ((ObjectNode) first.at("/request/headers")).put("idempotency-key", key.replaceAll(":again-\\d+", ""));
        return first;
    }
}
