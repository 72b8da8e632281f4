package dev.serai.facts;

import dev.serai.connector.Connector;
import dev.serai.store.ParkedConnections.Trouble;
import dev.serai.store.Proofs.Proof;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a connection does: the worst that is known of it.
 *
 * @param state that of its trouble, not_set, in_only, not_connected, failing, untried or fine
 * @param reason for a person, where neither troubles nor missing settings say it; else empty
 */
record Condition(String state, String reason) {
    /** One bad record says nothing of a connection, nor do two. */
    private static final int NOT_BY_CHANCE = 3;

    /**
     * What is known of its calls.
     *
     * @param lately of the last hour, without tokens that were got
     * @param good those of them that got through
     * @param latest the minute of the latest of them; null without any
     * @param last when one got through last; null when none did for five weeks
     */
    record Calls(long lately, long good, Instant latest, Instant last) {
        /** @param proved when a proof got through last; null for never */
        private boolean allFailed(Instant proved) {
            boolean never = last == null && proved == null;
            boolean since = proved != null && latest != null && proved.isAfter(latest);
            return good == 0 && lately > 0 && !since && (never || lately >= NOT_BY_CHANCE);
        }
    }

    /** @param connected whether somebody has connected it @param proof null before the first */
    static Condition of(Optional<Connector> file, List<Trouble> troubles, boolean connected, Proof proof, Calls calls) {
        if (!troubles.isEmpty()) {
            return new Condition(worst(troubles), "");
        }
        if (file.filter(connector -> !connector.missingToCall().isEmpty()).isPresent()) {
            return new Condition("not_set", "");
        }
        if (file.filter(connector -> !connector.operations().isEmpty()).isEmpty()) {
            return new Condition("in_only", "");
        }
        if (isConsented(file) && !connected) {
            String name = file.get().name();
            return new Condition("not_connected", "nobody has connected it yet: serai connections connect " + name);
        }
        return ofCalls(proof, calls);
    }

    private static Condition ofCalls(Proof proof, Calls calls) {
        boolean failed = proof != null && proof.tried() && !proof.result().isEmpty();
        Instant after = failed ? proof.outdoneAfter() : null;
        boolean since = after != null && calls.last != null && calls.last.isAfter(after);
        if (failed && !since) {
            return new Condition("failing", "its last proof failed: " + proof.result());
        }
        Instant proved = proof == null ? null : proof.provedAt();
        if (calls.allFailed(proved)) {
            String which = calls.lately == 1 ? "its only call" : "none of its " + calls.lately + " calls";
            return new Condition(
                    "failing", which + " of the last hour " + (calls.lately == 1 ? "did not get" : "got") + " through");
        }
        if (failed) {
            return new Condition("fine", "calls got through since its last proof failed: " + proof.result());
        }
        if (calls.last != null || proved != null) {
            return new Condition("fine", "");
        }
        return new Condition("untried", "");
    }

    static boolean isConsented(Optional<Connector> file) {
        return file.flatMap(Connector::tokens)
                .filter(tokens -> tokens.source().needsConsent())
                .isPresent();
    }

    private static String worst(List<Trouble> troubles) {
        return troubles.stream()
                .filter(trouble -> trouble.operation() == null)
                .map(Trouble::state)
                .findFirst()
                .orElse("open");
    }
}
