package dev.serai.route;

import dev.serai.store.CredentialLog;
import dev.serai.store.CredentialLog.Use;
import dev.serai.store.CredentialLog.Used;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What flows have called that belongs to no run, as those of a timer do. It is gathered and written with the other figures, so
 * that such a call waits for no statement; what was gathered last dies with its hub.
 */
public final class Uses {
    private static final Logger LOG = LoggerFactory.getLogger(Uses.class);
    /** Of a flow that calls for each of many records nearly every endpoint is another one. */
    static final int MOST = 10_000;

    private final CredentialLog log;
    private final Map<Key, Use> gathered = new HashMap<>();
    private long lost;

    public Uses(CredentialLog log) {
        this.log = log;
    }

    /** What is one row. */
    private record Key(String connection, String flow, String operation, String endpoint, Instant hour) {
        private static Key of(String connection, Use use) {
            return new Key(connection, use.flow(), use.operation(), use.endpoint(), use.hour());
        }
    }

    synchronized void add(String connection, Use use) {
        Key key = Key.of(connection, use);
        if (gathered.size() < MOST || gathered.containsKey(key)) {
            gathered.merge(key, use, Use::and);
        } else {
            lost += use.calls();
        }
    }

    /** Writes what there is; what can't be written now is written the next time. */
    void write() {
        List<Used> taken = take();
        if (taken.isEmpty()) {
            return;
        }
        try {
            log.used(taken);
        } catch (SQLException e) {
            LOG.warn("calls.not_noted: {}; trying again", e.getMessage());
            taken.forEach(used -> add(used.connection(), used.use()));
        }
    }

    private synchronized List<Used> take() {
        if (lost > 0) {
            LOG.warn("calls.not_noted: {} that belong to no run, too many endpoints at once", lost);
            lost = 0;
        }
        List<Used> taken = gathered.entrySet().stream()
                .map(entry -> new Used(entry.getKey().connection, entry.getValue()))
                .toList();
        gathered.clear();
        return taken;
    }
}
