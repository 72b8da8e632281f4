package dev.serai.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class TokenRaceTest {
    private static final Duration LIFE = Duration.ofSeconds(6);

    @TempDir
    Path folder;

    /**
     * Refresh tokens count once. While three hubs use the account and one of them is killed, each token is refreshed once and
     * nothing is refused. A hub that is killed between the vendor's work and its own commit takes the new refresh token along:
     * the next hub asks once, people are told once and why, runs wait, and go on when somebody has connected the account.
     */
    @Test
    @Timeout(600)
    void aTokenIsRefreshedOncePerExpiryThoughHubsAreKilledAndALostOneIsToldOnce() throws Exception {
        try (var race = new TokenRace(7, LIFE, folder)) {
            race.start();
            race.renewals(1);
            race.killBetweenRenewals();
            race.restart();
            race.renewals(1);
            assertThat(race.refusals()).isEmpty();

            race.killInTheMiddleOfARenewal();
            race.endLease();
            race.reconnectWhenParked();
            assertThat(race.refusals()).singleElement().satisfies(why -> assertThat(why)
                    .contains("invalid_grant", "a token was asked for and its answer never stored"));
            assertThat(race.alerts()).hasSize(1);

            TokenRace.Counts counts = race.finish();
            System.out.println(counts);
            assertThat(counts.refused()).isEqualTo(1);
            assertThat(counts.stored()).as("all but the lost one").isEqualTo(counts.refreshed() - 1);
            assertThat(counts.soonest())
                    .as("none before its time")
                    .isGreaterThan(LIFE.dividedBy(2).minusMillis(200));
            assertThat(counts.notDone()).isZero();
        }
    }
}
