package dev.serai.simulator;

import dev.serai.file.Durations;
import dev.serai.file.Yaml;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Answers kept by idempotency key: a request that comes again with its key is answered again, not done again. */
final class Replays {
    /** @param refusal in place of the outcome; null when there was none */
    private record Kept(String body, Behaviour.Outcome outcome, Refusal refusal, Instant until) {}

    private final String header;
    private final Duration stated;
    private final boolean refusals;
    private final Set<String> operations = new HashSet<>();
    private final Yaml marks;
    private Duration kept;
    private final Map<String, Kept> answers = new LinkedHashMap<>();

    /** @param idempotency that part of a vendor's file, or null when the vendor has no such keys */
    Replays(Yaml idempotency) {
        this.marks = idempotency;
        this.header = idempotency == null ? "" : idempotency.text("header").orElseThrow();
        this.stated = idempotency == null
                ? Duration.ZERO
                : Durations.of(idempotency.text("kept").orElseThrow());
        this.kept = stated;
        this.refusals = idempotency != null
                && idempotency.get("refusals").map(at -> at.json().asBoolean()).orElse(false);
        if (idempotency != null) {
            idempotency.get("operations").orElseThrow().items().forEach(item -> operations.add(item.text()));
        }
    }

    /** From now on keys are forgotten after so long, or as soon as the file says where that is sooner. */
    void keep(Duration most) {
        kept = most.compareTo(stated) < 0 ? most : stated;
    }

    interface Work {
        Behaviour.Outcome run();
    }

    /** @throws Refusal of kind {@code key_reused} when the key came before with another body */
    Behaviour.Outcome once(Operation operation, Asked asked, Instant now, Work work) {
        String key = asked.header(header);
        if (key.isEmpty() || !operations.contains(operation.id())) {
            return work.run();
        }
        String slot = asked.path() + " " + key;
        forgetUntil(now);
        Kept before = answers.get(slot);
        if (before == null) {
            Behaviour.Outcome outcome = first(work, slot, asked.body(), now);
            answers.put(slot, new Kept(asked.body(), outcome, null, now.plus(kept)));
            return marked(outcome, "first", outcome.effect());
        }
        if (!before.body.equals(asked.body())) {
            throw new Refusal("key_reused", header + " was used before with another body");
        }
        if (before.refusal != null) {
            throw before.refusal;
        }
        return marked(before.outcome, "again", "replayed");
    }

    private Behaviour.Outcome first(Work work, String slot, String body, Instant now) {
        try {
            return work.run();
        } catch (Refusal e) {
            if (refusals) {
                answers.put(slot, new Kept(body, null, e, now.plus(kept)));
            }
            throw e;
        }
    }

    private Behaviour.Outcome marked(Behaviour.Outcome outcome, String when, String effect) {
        Answer answer = marks.get(when)
                .map(headers -> outcome.answer().with(headers.json()))
                .orElse(outcome.answer());
        return new Behaviour.Outcome(answer, outcome.record(), effect);
    }

    /** All are kept equally long, so the oldest end first. */
    private void forgetUntil(Instant now) {
        var oldest = answers.values().iterator();
        while (oldest.hasNext() && !oldest.next().until.isAfter(now)) {
            oldest.remove();
        }
    }

    void clear() {
        answers.clear();
        kept = stated;
    }
}
