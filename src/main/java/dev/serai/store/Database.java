package dev.serai.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one PostgreSQL: the server of {@code serai.database.url}, or an embedded one in the data folder. */
public final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    /** Senders of webhooks give up after 5 s: the 503 must come before. */
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(3);

    /** The writer of events, and polls. */
    private static final int INTAKE_CONNECTIONS = 3;
    /** The writer of steps and outcomes, the claim, the leases, and one for resumed runs. */
    private static final int ENGINE_CONNECTIONS = 4;

    /** A plan made while a table was small must not stay when it has grown a thousandfold within a minute. */
    private static final String PLAN_EACH_TIME = "SET plan_cache_mode = force_custom_plan";

    /** A few statements, run a thousand times a second, that find every row of a table by its index: planned once. */
    private static final String PLAN_ONCE =
            "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off;" + " SET enable_mergejoin = off";

    /** Nor may a table that is small today be joined as a whole, because it will not stay small. */
    private static final String PLAN_ONCE_ROW_BY_ROW = PLAN_ONCE + "; SET enable_hashjoin = off";

    private final HikariDataSource pool;
    private final HikariDataSource intake;
    private final HikariDataSource engine;
    private final EmbeddedDatabase embedded;

    private Database(
            HikariDataSource pool, HikariDataSource intake, HikariDataSource engine, EmbeddedDatabase embedded) {
        this.pool = pool;
        this.intake = intake;
        this.engine = engine;
        this.embedded = embedded;
    }

    /**
     * Opens the database and brings its schema up to date.
     *
     * @throws DatabaseUnreachable with what to check, when it can't be opened
     */
    public static Database open(Settings settings) {
        return open(settings, false);
    }

    /**
     * As {@link #open(Settings)}, for a hub: an embedded server is its own, not one that a command started beside it, and one
     * that is not there yet is waited for.
     */
    public static Database own(Settings settings) {
        return open(settings, true);
    }

    private static Database open(Settings settings, boolean own) {
        String url = settings.text(Setting.DATABASE_URL);
        if (!url.isEmpty()) {
            String user = settings.text(Setting.DATABASE_USER);
            String password = settings.text(Setting.DATABASE_PASSWORD);
            Duration most = settings.duration(Setting.DATABASE_WAIT);
            if (own && DatabaseWait.forIt(url, user, password, most)) {
                LOG.error(
                        "database.not_there url={} waited_s={}: see serai.database.wait", shown(url), most.toSeconds());
            }
            return open(url, user, password, settings.number(Setting.DATABASE_POOL), null, own);
        }
        Path data = settings.path(Setting.DATA);
        EmbeddedDatabase embedded = EmbeddedDatabase.start(data, own);
        return open(
                embedded.url(),
                EmbeddedDatabase.USER,
                embedded.password(),
                settings.number(Setting.DATABASE_POOL),
                embedded,
                own);
    }

    /** @param own for a hub, which writes at once; a command seldom does */
    private static Database open(
            String url, String user, String password, int connections, EmbeddedDatabase embedded, boolean own) {
        try {
            var pool = new HikariDataSource(config("serai", url, user, password, connections, PLAN_EACH_TIME));
            new Migrations(url, user, password, pool, Migrations.Waits.USUAL).migrate();
            var intake = config("serai-intake", url, user, password, INTAKE_CONNECTIONS, PLAN_ONCE);
            var engine = config("serai-engine", url, user, password, ENGINE_CONNECTIONS, PLAN_ONCE_ROW_BY_ROW);
            return own
                    ? new Database(pool, new HikariDataSource(intake), new HikariDataSource(engine), embedded)
                    : new Database(pool, whenAsked(intake), whenAsked(engine), embedded);
        } catch (FlywayException e) {
            if (embedded != null) {
                embedded.close();
            }
            throw new SchemaRefused(url, e);
        } catch (SchemaLocked e) {
            if (embedded != null) {
                embedded.close();
            }
            throw e;
        } catch (RuntimeException e) {
            if (embedded != null) {
                embedded.close();
            }
            throw new DatabaseUnreachable(url, e);
        }
    }

    /** Connects when it is first asked for a connection. */
    private static HikariDataSource whenAsked(HikariConfig config) {
        var pool = new HikariDataSource();
        config.copyStateTo(pool);
        return pool;
    }

    private static HikariConfig config(
            String name, String url, String user, String password, int connections, String begin) {
        var config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(Math.min(2, connections));
        config.setConnectionInitSql(begin);
        config.setConnectionTimeout(CONNECT_WITHIN.toMillis());
        // a statement may not hang for ever when the server's host vanishes
        config.addDataSourceProperty("socketTimeout", "30");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("ApplicationName", name);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        return config;
    }

    /** For flows, people and housekeeping. */
    public DataSource dataSource() {
        return pool;
    }

    /** For storing events only: nothing else can keep a sender waiting. */
    public DataSource intake() {
        return intake;
    }

    /** For claims, steps and outcomes only: what flows and people ask can't keep those waiting. */
    public DataSource engine() {
        return engine;
    }

    /** Counts and times what the three pools do. */
    public void measure(MetricsTrackerFactory by) {
        List.of(pool, intake, engine).forEach(one -> one.setMetricsTrackerFactory(by));
    }

    /** An address for people: whatever stands in its query, a password say, is nobody's business. */
    static String shown(String url) {
        return url.replaceAll("\\?.*", "");
    }

    /** Where the database is, for people: without user and password. */
    public String place() {
        return embedded == null
                ? pool.getJdbcUrl().replaceAll("\\?.*", "")
                : "embedded PostgreSQL in " + embedded.data();
    }

    @Override
    public void close() {
        intake.close();
        engine.close();
        pool.close();
        if (embedded != null) {
            embedded.close();
        }
        LOG.debug("database closed");
    }

    /** The schema can't be brought up to date; nothing was changed. */
    public static final class SchemaRefused extends RuntimeException {
        SchemaRefused(String url, FlywayException cause) {
            super(
                    "Can't bring the schema of " + shown(url) + " up to date: "
                            + cause.getMessage().lines().limit(2).collect(Collectors.joining(" "))
                            + ". It was changed by hand, or made by another version of Serai: use that version, or another"
                            + " database.",
                    cause);
        }
    }

    /** Somebody holds on to tables that have to be changed. */
    public static final class SchemaLocked extends RuntimeException {
        /** @param holders for people; empty when nobody is seen any more */
        SchemaLocked(String url, Duration waited, String holders, FlywayException cause) {
            super(
                    "Can't bring the schema of " + shown(url) + " up to date: for " + waited.toSeconds()
                            + " s tables that it changes were locked"
                            + (holders.isEmpty() ? "" : " by " + holders)
                            + ". What was begun is undone, and hubs that run go on. End what holds them (in psql: SELECT"
                            + " pg_terminate_backend(<session>)) or wait for its end, and start again.",
                    cause);
        }
    }

    /** The database can't be opened. */
    public static final class DatabaseUnreachable extends RuntimeException {
        DatabaseUnreachable(String url, Throwable cause) {
            super(
                    "Can't open the database " + shown(url) + ": "
                            + root(cause).replace(url, shown(url))
                            + ". Check serai.database.url, serai.database.user and serai.database.password; see"
                            + " docs/runbooks/database-away.md.",
                    cause);
        }

        private static String root(Throwable cause) {
            Throwable at = cause;
            while (at.getCause() != null) {
                at = at.getCause();
            }
            return String.valueOf(at.getMessage());
        }
    }
}
