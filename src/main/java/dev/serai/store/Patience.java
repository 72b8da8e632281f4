package dev.serai.store;

import java.sql.SQLException;
import java.time.Duration;

/** How long the database may look for what a person asks: few threads ask it, and a history is long. */
public final class Patience {
    public static final Duration WITH_PEOPLE = Duration.ofSeconds(3);

    /** What PostgreSQL says of a statement that was called off. */
    private static final String CALLED_OFF = "57014";

    private Patience() {}

    /** Of what only looks; what is done has all the time it takes. */
    public static Duration ofLook(boolean looks) {
        return looks ? WITH_PEOPLE : Duration.ZERO;
    }

    /** Whether it failed because it took too long, and not because the database is away. */
    public static boolean ended(SQLException e) {
        return CALLED_OFF.equals(e.getSQLState());
    }
}
