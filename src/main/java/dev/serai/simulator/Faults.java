package dev.serai.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The faults that wait for calls of one vendor. The first that fits a call strikes. */
final class Faults {
    private static final class Waiting {
        private final String operation;
        private final Fault fault;
        private final Instant until;
        private final Random dice;
        private int left;

        Waiting(String operation, Fault fault, Instant now) {
            this.operation = operation;
            this.fault = fault;
            this.until = fault.when().lasting().isZero()
                    ? Instant.MAX
                    : now.plus(fault.when().lasting());
            this.dice = new Random(fault.when().seed());
            this.left =
                    fault.when().times() == 0 ? Integer.MAX_VALUE : fault.when().times();
        }

        boolean over(Instant now) {
            return left <= 0 || !until.isAfter(now);
        }

        boolean strikes(String id) {
            return (operation.isEmpty() || operation.equals(id))
                    && dice.nextDouble() < fault.when().probability();
        }
    }

    private final List<Waiting> waiting = new ArrayList<>();

    /** @param operation its id; empty for any */
    void add(String operation, Fault fault, Instant now) {
        waiting.add(new Waiting(operation, fault, now));
    }

    Optional<Fault> next(String operation, Instant now) {
        waiting.removeIf(fault -> fault.over(now));
        for (Waiting one : waiting) {
            if (one.strikes(operation)) {
                one.left--;
                return Optional.of(one.fault);
            }
        }
        return Optional.empty();
    }

    /** Those still to come, in words. */
    List<String> words(Instant now) {
        waiting.removeIf(fault -> fault.over(now));
        return waiting.stream()
                .map(one -> (one.operation.isEmpty() ? "any operation" : one.operation) + ": " + one.fault.words()
                        + (one.left == Integer.MAX_VALUE ? "" : ", " + one.left + " times"))
                .toList();
    }

    void clear() {
        waiting.clear();
    }
}
