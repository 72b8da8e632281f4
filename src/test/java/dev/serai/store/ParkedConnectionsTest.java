package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParkedConnectionsTest {
    private static final ByHand BY = new ByHand("ada", "they raised it");
    private static final String CLOSED = "SELECT connection FROM quota WHERE (state ->> 'closed_until')::bigint > 0";

    private static int resume(TestStore store, String name) throws SQLException {
        return new ParkedConnections(store.database.dataSource()).resume(name, store.now, BY);
    }

    private static void close(TestStore store, String name) {
        store.column("INSERT INTO quota (connection, operation, state) VALUES ('" + name
                + "', '', jsonb_build_object('closed_until', "
                + store.now.plusSeconds(3600).toEpochMilli()
                + ")) RETURNING 1");
    }

    @Test
    void whoLetsCallsGoOnPastAVendorsNoIsNotedWithWhy() throws SQLException {
        try (var store = TestStore.fresh()) {
            close(store, "crm");
            close(store, "shop");

            assertThat(resume(store, "crm")).isEqualTo(1);

            assertThat(store.column(CLOSED)).containsExactly("shop");
            assertThat(store.column("SELECT who || ': ' || what || ', ' || why FROM audit WHERE connection = 'crm'"))
                    .containsExactly("ada: resume connection crm, they raised it");
            assertThat(resume(store, "crm")).as("nothing is held up any more").isZero();
            assertThat(store.column("SELECT who FROM audit")).hasSize(1);
        }
    }

    /** A hub that runs wakes them once it knows that the way is free; without one nobody does. */
    @Test
    void runsOfALimitThatIsOpenedComeByThemselvesSoonAndCanBeWokenUntilThen() throws SQLException {
        try (var store = TestStore.fresh()) {
            close(store, "crm");
            store.store(List.of(TestStore.event("1", "contact:1", "f"), TestStore.event("2", "contact:2", "f")));
            store.execute(
                    "UPDATE open_run SET waits_for = 'quota crm', due_at = now() + interval '1 day' WHERE id = 1");

            resume(store, "crm");

            assertThat(store.column("SELECT waits_for || ' ' || (due_at > '" + store.now + "') || ' ' || (due_at <= '"
                            + store.now.plusSeconds(10) + "') FROM open_run WHERE id = 1"))
                    .containsExactly("quota crm true true");
            new ParkedRuns(store.database.dataSource(), () -> store.now).wake("quota crm", ParkedRuns.Woken.NOBODY);
            assertThat(store.claim("f")).hasSize(2);
        }
    }

    @Test
    void whatCanNotBeNotedIsNotDone() throws SQLException {
        try (var store = TestStore.fresh()) {
            close(store, "crm");
            execute(store, "ALTER TABLE audit RENAME TO audit_away");
            try {
                assertThatThrownBy(() -> resume(store, "crm")).isInstanceOf(SQLException.class);
            } finally {
                execute(store, "ALTER TABLE audit_away RENAME TO audit");
            }
            assertThat(store.column(CLOSED)).containsExactly("crm");
        }
    }

    private static void execute(TestStore store, String sql) throws SQLException {
        try (var connection = store.database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
