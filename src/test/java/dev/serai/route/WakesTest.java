package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.metric.Metrics;
import dev.serai.metric.Trace;
import dev.serai.metric.Traces;
import dev.serai.route.FlowOptions.Priority;
import dev.serai.run.Allowance;
import dev.serai.run.Allowance.Thresholds;
import dev.serai.run.Bucket;
import dev.serai.run.Share.Asking;
import dev.serai.run.Units;
import dev.serai.run.Window;
import dev.serai.run.Window.Counting;
import dev.serai.store.Buckets.Exchanged;
import dev.serai.store.Database;
import dev.serai.store.Inbox;
import dev.serai.store.ParkedRuns;
import dev.serai.store.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many runs wait for a limit that is opened, and are not woken all at once. */
class WakesTest {
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final int WAITING = 1_500;
    private static final String SHOP = "quota shop";
    private static final Units ONE = new Units(1, 1);
    private static final Caller RUN = new Caller(Priority.NORMAL, 1, Duration.ZERO, Trace.NONE);
    private static final Allowance ONE_IN_TEN_SECONDS = new Allowance(
            List.of(new Window("all", 1, Counting.SLIDING, Duration.ofSeconds(10), ZoneOffset.UTC, false, 0)), 0);

    private final Database database = TestDatabase.open();
    private final Metrics metrics = new Metrics();
    private final Inbox inbox = new Inbox(database.intake(), () -> NOW, 100);
    private final Wakes wakes = new Wakes(
            new ParkedRuns(database.dataSource(), () -> NOW),
            new Alerts(new Intake(inbox, new Subscribers(), Duration.ofMinutes(1), Traces.off(), metrics), ""));
    private final QuotaShare share = new QuotaShare("shop", Duration.ofSeconds(10), this::exchange, () -> NOW);
    private ObjectNode state = JsonNodeFactory.instance.objectNode();

    private Exchanged exchange(Allowance allowed, Asking asking) {
        Bucket bucket = Bucket.of(allowed, Thresholds.USUAL, state);
        Bucket.Grant grant = bucket.exchange("me", asking.report(), asking.news(), NOW);
        state = bucket.state();
        return new Exchanged(grant, bucket, NOW);
    }

    @AfterEach
    void close() {
        inbox.close();
        metrics.close();
        database.close();
    }

    @Test
    void whoCameAndWasSentAwayAgainWhileOthersAreStillToBeWokenHasOneTurnAndNotTwo() throws SQLException {
        execute("INSERT INTO event (source, type, key, record, payload) SELECT 'crm', 't', 'k' || i, 'r:' || i, '{}'"
                + " FROM generate_series(1, " + WAITING + ") i");
        execute("INSERT INTO open_run (event_id, flow, lane, state, due_at) SELECT id, 'f', 'f ' || record, 'waiting',"
                + " now() FROM event");
        share.take(RUN, ONE, ONE_IN_TEN_SECONDS);
        Instant last = comeAndAreSentAway();
        share.opened();
        wakes.soon(SHOP);
        wokenAre(1_000);
        comeAndAreSentAway();

        wokenAre(WAITING);

        assertThat(count("waits_for IS NULL")).as("who were still to be woken").isEqualTo(500);
        assertThat(comeAndAreSentAway())
                .as("the last turn of as many as before")
                .isBetween(last.minusSeconds(20), last.plusSeconds(20));
        wokenAre(WAITING);
        assertThat(count("waits_for IS NULL")).as("all were woken").isZero();
    }

    /** All that are due. @return the last turn */
    private Instant comeAndAreSentAway() throws SQLException {
        Instant turn = NOW;
        for (int i = count("waits_for IS NULL"); i > 0; i--) {
            turn = share.take(RUN, ONE, ONE_IN_TEN_SECONDS).due();
        }
        execute("UPDATE open_run SET waits_for = '" + SHOP + "', due_at = now() + interval '1 day'");
        return turn;
    }

    /** In the time of one look no more of them are reached. */
    private void wokenAre(int most) throws SQLException {
        execute("""
                CREATE OR REPLACE FUNCTION reached() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  IF NEW.waits_for IS NULL AND NEW.id > (SELECT min(id) FROM open_run) + %d - 1
                    THEN RAISE EXCEPTION 'the look is over';
                  END IF;
                  RETURN NEW;
                END $$;
                CREATE OR REPLACE TRIGGER reached BEFORE UPDATE ON open_run FOR EACH ROW EXECUTE FUNCTION reached()""".formatted(most));
        wakes.look(waitsFor -> {});
    }

    private int count(String which) {
        return Integer.parseInt(
                TestDatabase.column(database.dataSource(), "SELECT count(*) FROM open_run WHERE " + which)
                        .get(0));
    }

    private void execute(String sql) throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
