package dev.serai.store;

import java.sql.SQLException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work in chunks, each committed by itself. What was committed stays when a later one fails, and must be told. */
final class Chunks {
    private static final Logger LOG = LoggerFactory.getLogger(Chunks.class);

    /** The next one. */
    interface Chunk {
        /** @return whether there may be more */
        boolean next() throws SQLException;
    }

    private Chunks() {}

    /**
     * Does one after the other.
     *
     * @param committed how many rows have been changed for good; 0 also when nothing is to be changed
     * @return whether it was cut short: all that is told was done, and of the last chunk nobody knows
     * @throws SQLException when nothing was committed before
     */
    static boolean cutShort(LongSupplier committed, Chunk chunk) throws SQLException {
        try {
            boolean more = true;
            while (more) {
                more = chunk.next();
            }
            return false;
        } catch (SQLException e) {
            if (committed.getAsLong() == 0) {
                throw e;
            }
            // its message may quote a row
            LOG.warn("order.cut_short done={} sql_state={}", committed.getAsLong(), e.getSQLState());
            return true;
        }
    }
}
