package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serai.store.Audit.Entry;
import dev.serai.store.Audit.Place;
import dev.serai.store.Audit.Which;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people did, found again. */
class AuditTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Place FIRST = new Place(Instant.parse("2099-01-01T00:00:00Z"), 0);

    private final TestStore store = TestStore.empty();
    private final Audit audit = new Audit(store.database.dataSource());

    @BeforeEach
    void deeds() {
        store.execute("INSERT INTO audit (at, who, what, run_id, connection) VALUES"
                + " ('2026-11-20T12:00:00Z', 'ada', 'resume', 7, NULL),"
                + " ('2026-11-21T11:00:00Z', 'bob', 'saw the payload of r_7', NULL, NULL),"
                + " ('2026-11-21T11:30:00Z', 'bob', 'saw the payload of r_71', NULL, NULL),"
                + " ('2026-11-21T12:00:00Z', 'ada', 'Resume connection mailchimp', NULL, NULL),"
                + " ('2026-11-21T13:00:00Z', 'hub one', 'connected', NULL, 'mailchimp')");
    }

    @AfterEach
    void close() {
        store.close();
    }

    private List<String> what(Which which) throws SQLException {
        return audit.list(which, FIRST, 10).stream().map(Entry::what).toList();
    }

    private static Which which(String who, String action, String about) {
        return new Which(some(who), some(action), some(about), Optional.empty(), Optional.empty());
    }

    private static Optional<String> some(String text) {
        return Optional.of(text).filter(given -> !given.isEmpty());
    }

    @Test
    void deedsAreFoundByWhoWhatAboutWhatAndWhen() throws SQLException {
        assertThat(what(Which.ALL)).hasSize(5);
        assertThat(what(which("bob", "", ""))).hasSize(2);
        assertThat(what(which("", "resume", ""))).containsExactly("Resume connection mailchimp", "resume");
        assertThat(what(which("", "", "r_7"))).containsExactly("saw the payload of r_7", "resume");
        assertThat(what(which("ada", "resume", "r_7"))).containsExactly("resume");
        assertThat(what(which("bob", "", "r_7"))).containsExactly("saw the payload of r_7");
        assertThat(what(which("", "", "mailchimp"))).containsExactly("connected", "Resume connection mailchimp");
        assertThat(what(which("ada", "resume", "mailchimp"))).hasSize(1);
        assertThat(what(which("", "", "' OR true --"))).isEmpty();
        assertThat(what(which("", "%", ""))).isEmpty();
        var day = new Which(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(NOON.minusSeconds(3600)),
                Optional.of(NOON));
        assertThat(what(day)).containsExactly("saw the payload of r_71", "saw the payload of r_7");
    }

    @Test
    void whoLooksForTooMuchIsToldSoInTime() throws SQLException {
        try (var slow = store.database.dataSource().getConnection();
                var statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute("LOCK TABLE audit IN ACCESS EXCLUSIVE MODE");

            SQLException ended = catchThrowableOfType(SQLException.class, () -> audit.list(Which.ALL, FIRST, 10));

            slow.rollback();
            assertThat(Patience.ended(ended)).isTrue();
        }
    }

    /** Ten thousand that were resumed at once are not read to find what else was done. */
    @Test
    void whatWasDoneAboutARunIsFoundByIndexes() throws SQLException {
        store.execute("INSERT INTO audit (at, who, what, run_id) SELECT '2026-11-21T14:00:00Z', 'eve', 'resume', n"
                + " FROM generate_series(100, 20100) n");
        store.execute("ANALYZE audit");

        Reading read = Reading.of(
                store.database.dataSource(),
                data -> new Audit(data).list(which("", "", "r_7"), FIRST, 10).size());

        assertThat(read.result()).isEqualTo(2);
        assertThat(read.rows("audit")).isLessThan(100);
    }

    @Test
    void whoCameInHasDoneNothingYet() throws SQLException {
        store.execute(
                "INSERT INTO audit (at, who, what) VALUES ('2026-11-21T12:00:00Z', 'eve', 'sign in as operator')");

        assertThat(audit.deeds(NOON.minusSeconds(86_400))).containsOnlyKeys("ada", "bob", "hub one");
    }

    @Test
    void aPageThatEndsAmongDeedsOfOneMomentLosesNone() throws SQLException {
        store.execute("INSERT INTO audit (at, who, what) SELECT '2026-11-21T12:00:00Z', 'eve', 'deed ' || n"
                + " FROM generate_series(1, 7) n");
        var seen = new ArrayList<String>();
        Place behind = FIRST;
        for (var page = audit.list(which("eve", "", ""), behind, 2);
                !page.isEmpty();
                page = audit.list(which("eve", "", ""), behind, 2)) {
            page.forEach(entry -> seen.add(entry.what()));
            Entry last = page.get(page.size() - 1);
            behind = new Place(last.at(), last.number());
        }

        assertThat(seen).containsExactly("deed 7", "deed 6", "deed 5", "deed 4", "deed 3", "deed 2", "deed 1");
        assertThat(audit.list(which("eve", "", ""), new Place(NOON, 0), 10))
                .as("a time alone, as pages ended before")
                .isEmpty();
    }
}
