package dev.serai.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for a database that comes later than its hub, as in a composition of containers or after a power cut. */
final class DatabaseWait {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseWait.class);
    private static final Duration TRY_EVERY = Duration.ofMillis(500);
    private static final Duration SAY_EVERY = Duration.ofSeconds(10);
    private static final String ANSWERS_WITHIN_SECONDS = "3";

    /** The server starts or stops, or has no room yet; the first two letters 08 stand for no connection at all. */
    private static final Set<String> COMING = Set.of("57P01", "57P02", "57P03", "53300");

    private DatabaseWait() {}

    /**
     * Returns when the database answers, when it says no, or when the time is over: opening it then says why.
     *
     * @return whether it was waited for in vain
     */
    static boolean forIt(String url, String user, String password, Duration most) {
        long begin = System.nanoTime();
        long said = Long.MIN_VALUE;
        while (true) {
            try {
                connect(url, user, password).close();
                return false;
            } catch (SQLException e) {
                Duration waited = Duration.ofNanos(System.nanoTime() - begin);
                if (!comes(url, e)) {
                    return false;
                }
                if (waited.compareTo(most) >= 0) {
                    return true;
                }
                if (said == Long.MIN_VALUE || waited.minus(SAY_EVERY).toNanos() >= said) {
                    said = waited.toNanos();
                    LOG.warn(
                            "database.awaited url={} waited_s={} at_most_s={}: {}",
                            Database.shown(url),
                            waited.toSeconds(),
                            most.toSeconds(),
                            String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
                }
                LockSupport.parkNanos(TRY_EVERY.toNanos());
            }
        }
    }

    private static Connection connect(String url, String user, String password) throws SQLException {
        var properties = new java.util.Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", ANSWERS_WITHIN_SECONDS);
        properties.setProperty("loginTimeout", ANSWERS_WITHIN_SECONDS);
        return DriverManager.getConnection(url, properties);
    }

    /** Whether waiting may help: not with a wrong password, nor with a database that is not there. */
    static boolean comes(String url, SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        return url.startsWith("jdbc:postgresql:") && (state.startsWith("08") || COMING.contains(state));
    }
}
