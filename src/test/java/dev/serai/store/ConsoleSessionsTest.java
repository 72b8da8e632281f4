package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.store.ConsoleSessions.Holder;
import dev.serai.store.ConsoleSessions.Vouched;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions of people an issuer vouched for; those of tokens are ConsoleTest's. */
class ConsoleSessionsTest {
    private static final Holder ADA = new Holder("ada", "operator");

    private final TestStore store = TestStore.fresh();

    @AfterEach
    void close() {
        store.close();
    }

    private ConsoleSessions sessions(Duration longest) {
        return new ConsoleSessions(store.database.dataSource(), () -> store.now, longest);
    }

    private static Vouched vouched(String nonce) {
        return new Vouched(ADA, nonce, "sign in as operator", "an account");
    }

    @Test
    void itLastsAsLongAsIsSaidHoweverMuchIsClicked() throws SQLException {
        ConsoleSessions sessions = sessions(Duration.ofHours(8));
        assertThat(sessions.open("secret", vouched("n"))).isTrue();
        for (int hour = 0; hour < 8; hour++) {
            assertThat(sessions.find("secret", true)).contains(ADA);
            store.now = store.now.plus(Duration.ofHours(1));
        }

        assertThat(sessions.find("secret", true)).isEmpty();
        assertThat(sessions(Duration.ofHours(9)).find("secret", true)).contains(ADA);
        assertThat(sessions(Duration.ZERO).find("secret", true))
                .as("no issuer is believed any more")
                .isEmpty();
    }

    @Test
    void whatAPageAsksByItselfKeepsNoSessionAliveAndNoTokensSessionLastsLongerThanADay() throws SQLException {
        ConsoleSessions sessions = sessions(Duration.ZERO);
        store.execute("INSERT INTO api_token (name, role, digest, created_at, created_by)"
                + " VALUES ('t', 'viewer', '\\x00', now(), 'ada')");
        sessions.open("left-alone", "t");
        sessions.open("clicked", "t");
        for (int hour = 0; hour < 12; hour++) {
            assertThat(sessions.find("left-alone", false)).as("hour " + hour).isPresent();
            assertThat(sessions.find("clicked", true)).isPresent();
            store.now = store.now.plus(Duration.ofHours(1));
        }
        assertThat(sessions.find("left-alone", false)).isEmpty();

        for (int hour = 12; hour < 24; hour++) {
            assertThat(sessions.find("clicked", true)).as("hour " + hour).isPresent();
            store.now = store.now.plus(Duration.ofHours(1));
        }
        assertThat(sessions.find("clicked", true)).isEmpty();
        sessions.open("next", "t");
        assertThat(store.column("SELECT count(*) FROM console_session")).containsExactly("1");
    }

    @Test
    void aNonceOpensOneSessionAndIsForgottenWhenNoTokenCanHaveIt() throws SQLException {
        ConsoleSessions sessions = sessions(Duration.ofHours(8));
        assertThat(sessions.open("first", vouched("n"))).isTrue();

        assertThat(sessions.open("second", vouched("n"))).isFalse();
        assertThat(sessions.find("second", true)).isEmpty();
        assertThat(store.column("SELECT count(*) FROM audit")).containsExactly("1");
        store.now = store.now.plus(Duration.ofDays(2));
        assertThat(sessions.open("third", vouched("m"))).isTrue();
        assertThat(store.column("SELECT count(*) FROM console_sign_in")).containsExactly("1");
        assertThat(store.column("SELECT count(*) FROM console_session")).containsExactly("1");
    }

    @Test
    void whoLogsOutIsToldWhetherAnIssuerHadVouched() throws SQLException {
        ConsoleSessions sessions = sessions(Duration.ofHours(8));
        sessions.open("secret", vouched("n"));
        store.execute("INSERT INTO api_token (name, role, digest, created_at, created_by)"
                + " VALUES ('t', 'viewer', '\\x00', now(), 'ada')");
        sessions.open("of-a-token", "t");

        assertThat(sessions(Duration.ZERO).find("of-a-token", true)).contains(new Holder("t", "viewer"));
        assertThat(sessions.close("secret")).isTrue();
        assertThat(sessions.close("secret")).isFalse();
        assertThat(sessions.close("of-a-token")).isFalse();
        assertThat(sessions.find("secret", true)).isEmpty();
    }
}
