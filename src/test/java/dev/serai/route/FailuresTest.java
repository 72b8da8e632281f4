package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.run.Outcome;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void aDoubtThatAQuickTryCameToIsToldAndNotTheFailureOfTheTryBefore() {
        var doubt = new StepFailed.InDoubt("sent, and the key is known no more; look there, then settle the run");
        doubt.addSuppressed(new StepFailed(Outcome.retry("shop broke the connection"), "shop"));

        assertThat(Failures.inDoubt(doubt)).isTrue();
        assertThat(Failures.of(doubt).reason()).startsWith("sent, and the key is known no more");
    }
}
