package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.run.Outcome;
import dev.serai.run.Verdict;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {
    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "5", "57P01"})
    void aDatabaseThatSaysNothingUsefulIsAskedAgain(String state) {
        assertThat(Failures.of(new SQLException("gone", state)).verdict()).isEqualTo(Verdict.RETRY);
    }

    @Test
    void aDoubtThatAQuickTryCameToIsToldAndNotTheFailureOfTheTryBefore() {
        var doubt = new StepFailed.InDoubt("sent, and the key is known no more; look there, then settle the run");
        doubt.addSuppressed(new StepFailed(Outcome.retry("shop broke the connection"), "shop"));

        assertThat(Failures.inDoubt(doubt)).isTrue();
        assertThat(Failures.of(doubt).reason()).startsWith("sent, and the key is known no more");
    }
}
