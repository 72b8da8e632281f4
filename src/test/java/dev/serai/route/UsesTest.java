package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.metric.Metrics;
import dev.serai.store.CredentialLog;
import dev.serai.store.CredentialLog.Use;
import dev.serai.store.Database;
import dev.serai.store.Tallies;
import dev.serai.store.TestDatabase;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that belong to no run, from the call to the history of their connection. */
class UsesTest {
    private static final Instant AT = Instant.parse("2026-11-22T10:59:58Z");
    private static final String ROWS =
            "SELECT connection || ' ' || flow || ' ' || endpoint || ' ' || calls || ' ' || fine || ' '"
                    + " || to_char(last_at AT TIME ZONE 'UTC', 'HH24:MI:SS') FROM poll ORDER BY 1";

    private final Database database = TestDatabase.open();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean away;
    private final Uses uses = new Uses(new CredentialLog((DataSource) Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> connection())));

    private Connection connection() throws SQLException {
        asked.incrementAndGet();
        if (away) {
            throw new SQLException("connection refused");
        }
        return database.dataSource().getConnection();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static Use call(String endpoint, long fine, Instant at) {
        return new Use("count-stock", "stock", endpoint, 1, fine, at);
    }

    private List<String> rows() {
        return TestDatabase.column(database.dataSource(), ROWS);
    }

    @Test
    void manyCallsAreOneStatementAndEachHourKeepsItsEndpointsAndItsLastMoment() {
        for (int i = 0; i < 500; i++) {
            uses.add("shop", call("GET /stock", i % 2, AT.minusSeconds(i)));
        }
        uses.add("shop", call("GET /stock", 1, AT.plusSeconds(3)));
        uses.add("mail", call("POST /" + "x".repeat(600), 0, AT));
        assertThat(asked).as("no call waits for the database").hasValue(0);

        uses.write();
        uses.write();

        assertThat(asked).hasValue(1);
        assertThat(rows())
                .containsExactly(
                        "mail count-stock POST /" + "x".repeat(494) + " 1 0 10:59:58",
                        "shop count-stock GET /stock 1 1 11:00:01",
                        "shop count-stock GET /stock 500 250 10:59:58");
    }

    @Test
    void whatCouldNotBeWrittenIsWrittenTheNextTimeAndAtTheLatestWhenTheHubStops() {
        away = true;
        uses.add("shop", call("GET /stock", 1, AT));
        uses.write();
        uses.add("shop", call("GET /stock", 0, AT.plusSeconds(1)));
        assertThat(rows()).isEmpty();
        away = false;

        try (var metrics = new Metrics()) {
            new TallyKeeper(metrics.tally(), uses, new Tallies(database.dataSource()), () -> AT).close();
        }

        assertThat(rows()).containsExactly("shop count-stock GET /stock 2 1 10:59:59");
    }

    @Test
    void noMoreAreKeptThanFit() {
        away = true;
        for (int i = 0; i < 2 * Uses.MOST; i++) {
            uses.add("shop", call("GET /stock/" + i, 1, AT));
        }
        uses.write();
        uses.add("shop", call("GET /stock/0", 1, AT));
        away = false;

        uses.write();

        assertThat(TestDatabase.column(database.dataSource(), "SELECT count(*) || ' ' || sum(calls) FROM poll"))
                .containsExactly(Uses.MOST + " " + (Uses.MOST + 1));
    }
}
