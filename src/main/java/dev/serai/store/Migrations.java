package dev.serai.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.StringJoiner;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the tables up to date while other hubs go on. Whoever waits for a lock on a table makes everybody wait who comes behind:
 * so each lock is waited for a moment only, then all that was begun is undone, whoever stands behind goes through, and it is tried
 * again. That ends when whoever holds the lock lets go of it, or when the time is over.
 */
final class Migrations {
    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

    /** What PostgreSQL says when a lock was not to be had in the time of {@code lock_timeout}. */
    private static final String NO_LOCK = "55P03";

    /** While another hub brings the tables up to date, Flyway looks again after a second. */
    private static final int OTHERS_TAKE_SECONDS = 3600;

    /**
     * Who has held a lock on a table for as long as it was waited for. Of sessions of other roles PostgreSQL does not tell since
     * when: they are taken along.
     */
    private static final String HOLDERS = """
            SELECT a.pid, coalesce(nullif(a.application_name, ''), a.backend_type, '') AS what, coalesce(a.usename, '') AS who,
                   coalesce(host(a.client_addr), '') AS place,
                   extract(epoch FROM clock_timestamp() - a.xact_start)::bigint AS seconds
              FROM pg_stat_activity a
             WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
               AND (a.xact_start IS NULL OR a.xact_start <= clock_timestamp() - ? * interval '1 ms')
               AND EXISTS (SELECT FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
                            WHERE l.pid = a.pid AND l.granted AND l.locktype = 'relation' AND c.relnamespace = current_schema()::regnamespace)
             ORDER BY a.xact_start LIMIT 3""";

    private final String url;
    private final String user;
    private final String password;
    private final DataSource database;
    private final Waits waits;

    /**
     * How long is waited.
     *
     * @param lock for each lock: so long others may wait behind it
     * @param between two tries
     * @param most in all
     */
    record Waits(Duration lock, Duration between, Duration most) {
        static final Waits USUAL = new Waits(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofMinutes(5));
    }

    /** @param database to look who holds a lock; the tables are changed by connections of their own, which may take long */
    Migrations(String url, String user, String password, DataSource database, Waits waits) {
        this.url = url;
        this.user = user;
        this.password = password;
        this.database = database;
        this.waits = waits;
    }

    /** @throws Database.SchemaLocked when a lock was not to be had in time @throws FlywayException for all else */
    void migrate() {
        try (var own = new HikariDataSource()) {
            own.setPoolName("serai-schema");
            own.setJdbcUrl(url);
            own.setUsername(user);
            own.setPassword(password);
            own.setMinimumIdle(0);
            migrate(Flyway.configure()
                    .dataSource(own)
                    .initSql("SET application_name = 'serai-schema'; SET lock_timeout = " + waits.lock.toMillis())
                    .lockRetryCount(OTHERS_TAKE_SECONDS)
                    .locations("classpath:db")
                    .loggers("slf4j")
                    .load());
        }
    }

    private void migrate(Flyway flyway) {
        long begin = System.nanoTime();
        while (true) {
            try {
                flyway.migrate();
                return;
            } catch (FlywayException e) {
                if (!lacksLock(e)) {
                    throw e;
                }
                Duration waited = Duration.ofNanos(System.nanoTime() - begin);
                String holders = holders();
                if (waited.compareTo(waits.most) >= 0) {
                    throw new Database.SchemaLocked(url, waited, holders, e);
                }
                LOG.warn(
                        "schema.waits url={} waited_s={} at_most_s={} held_by={}",
                        Database.shown(url),
                        waited.toSeconds(),
                        waits.most.toSeconds(),
                        holders);
                LockSupport.parkNanos(waits.between.toNanos());
            }
        }
    }

    private static boolean lacksLock(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SQLException e && NO_LOCK.equals(e.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    /** For a person: {@code session 4711 (pg_dump of backup at 10.0.0.7, for 95 s)}; empty when they are gone meanwhile. */
    private String holders() {
        var holders = new StringJoiner(", ");
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(HOLDERS)) {
            new Sql.Columns(select).add(waits.lock.toMillis());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String place = row.getString("place");
                    holders.add("session " + row.getLong("pid") + " (" + row.getString("what") + " of "
                            + row.getString("who") + (place.isEmpty() ? "" : " at " + place)
                            + (row.getObject("seconds") == null ? "" : ", for " + row.getLong("seconds") + " s") + ")");
                }
            }
        } catch (SQLException e) {
            LOG.debug("schema.holders_unknown: {}", e.getMessage());
        }
        return holders.toString();
    }
}
