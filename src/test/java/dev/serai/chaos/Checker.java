package dev.serai.chaos;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import dev.serai.chaos.Evidence.Run;
import dev.serai.chaos.Evidence.Step;
import dev.serai.chaos.Vendor.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Holds what was promised against what happened. Each violation is a sentence that names its event. */
final class Checker {
    private final Evidence evidence;
    private final Map<String, List<Run>> runs;
    /** By event and collection. */
    private final Map<Write, List<Request>> requests;

    private final List<String> lost = new ArrayList<>();
    private final List<String> disordered = new ArrayList<>();
    private final List<String> doubled = new ArrayList<>();
    private final List<String> restless = new ArrayList<>();

    private record Write(String event, String collection) {}

    private Checker(Evidence evidence) {
        this.evidence = evidence;
        this.runs = evidence.runs().stream().collect(groupingBy(Run::event));
        this.requests = evidence.requests().stream().collect(groupingBy(r -> new Write(r.event(), r.collection())));
    }

    /** What is wrong; every list is empty when all promises were kept. */
    record Findings(List<String> lost, List<String> disordered, List<String> doubled, List<String> restless) {
        List<String> all() {
            var all = new ArrayList<>(lost);
            all.addAll(disordered);
            all.addAll(doubled);
            all.addAll(restless);
            return all;
        }
    }

    static Findings check(Evidence evidence) {
        var checker = new Checker(evidence);
        evidence.acknowledged().forEach(checker::eventIsSafe);
        checker.effectsAreInOrder();
        checker.keysAreConstant();
        checker.unrepeatableWritesAreDoneOnce();
        checker.whatSucceededIsNotSentAgain();
        return new Findings(checker.lost, checker.disordered, checker.doubled, checker.restless);
    }

    private void eventIsSafe(Event event) {
        List<Run> of = runs.getOrDefault(event.id(), List.of());
        if (of.isEmpty()) {
            lost.add(event.id() + " was acknowledged and has no run");
            return;
        }
        if (of.size() > 1) {
            doubled.add(event.id() + " has " + of.size() + " runs");
        }
        String state = of.get(0).state();
        if (Set.of("waiting", "claimed").contains(state)) {
            restless.add(event.id() + " is still " + state);
        }
        for (String collection : event.kind().writes()) {
            if (state.equals("done") && works(event.id(), collection) == 0) {
                lost.add(event.id() + " counts as done and never reached " + collection);
            }
        }
    }

    private long works(String event, String collection) {
        return requests.getOrDefault(new Write(event, collection), List.of()).stream()
                .filter(r -> r.reaction().works())
                .count();
    }

    /** An older number must neither arrive nor be repeated after a newer one: it would overwrite it. */
    private void effectsAreInOrder() {
        var newest = new HashMap<Write, Integer>();
        for (Request request : evidence.requests()) {
            if (request.reaction().works()) {
                var place = new Write(request.record(), request.collection());
                int before = newest.getOrDefault(place, 0);
                if (request.number() < before) {
                    disordered.add(request.event() + " reached " + request.collection() + " after number " + before);
                }
                newest.merge(place, request.number(), Math::max);
            }
        }
    }

    private void keysAreConstant() {
        requests.forEach((write, sent) -> {
            List<String> keys = sent.stream().map(Request::key).distinct().toList();
            if (keys.size() > 1) {
                doubled.add(write.event + " was sent to " + write.collection + " with the keys " + keys);
            }
            if (write.collection.equals("invoices") && keys.contains("")) {
                doubled.add(write.event + " was sent to invoices without a key");
            }
        });
    }

    private void unrepeatableWritesAreDoneOnce() {
        requests.forEach((write, sent) -> {
            boolean lookedUp = write.collection.equals("tickets");
            boolean once = write.collection.equals("messages");
            if ((lookedUp || once) && works(write.event, write.collection) > 1) {
                doubled.add(write.event + " was done twice in " + write.collection);
            }
            if (once
                    && sent.subList(0, sent.size() - 1).stream()
                            .anyMatch(r -> !r.reaction().surelyRefused())) {
                doubled.add(write.event + " was sent to messages again although it was in doubt");
            }
        });
    }

    private void whatSucceededIsNotSentAgain() {
        Map<Write, Step> succeeded = evidence.steps().stream()
                .collect(toMap(step -> new Write(step.event(), step.collection()), step -> step, (a, b) -> a));
        for (Request request : evidence.requests()) {
            Step step = succeeded.get(new Write(request.event(), request.collection()));
            if (step != null && request.at().isAfter(step.at())) {
                doubled.add(request.event() + " was sent to " + request.collection() + " at " + request.at()
                        + ", after the journal had it as done at " + step.at());
            }
        }
    }
}
