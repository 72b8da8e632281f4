package dev.serai.route;

import dev.serai.connector.Connector;
import dev.serai.connector.QuotaSet.Limit;
import dev.serai.library.Library;
import dev.serai.run.Allowance;
import dev.serai.store.Buckets.Limited;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Notices limits that connector files state otherwise than before, while this hub runs or since any hub used them last: who
 * was sent away by the old ones has a turn that may be far too late. For one thread.
 */
final class LimitChanges {
    private static final String UNLIMITED = new Allowance(List.of(), 0).toString();

    private Library looked;
    /** A file that can't be read now takes nothing away: it is compared when it can be read again. */
    private final Map<Limited, String> known = new HashMap<>();

    /** What was allowed when a limit was used last. */
    interface Used {
        Map<Limited, String> allowed() throws SQLException;
    }

    /** @return what is limited otherwise than at the look before; at the first look, than when it was used last */
    Set<Limited> look(Library library, Used used) throws SQLException {
        if (library == looked) {
            return Set.of();
        }
        if (looked == null) {
            known.putAll(used.allowed());
        }
        looked = library;
        Map<Limited, String> now = stated(library);
        var changed = new HashSet<>(known.keySet());
        changed.removeIf(limited -> !library.connectors().containsKey(limited.connection())
                || known.get(limited).equals(now.getOrDefault(limited, UNLIMITED)));
        known.keySet().removeAll(changed);
        known.putAll(now);
        return changed;
    }

    /** Whether a file states it, by the last look. */
    boolean states(Limited limited) {
        return known.containsKey(limited);
    }

    private static Map<Limited, String> stated(Library library) {
        var stated = new HashMap<Limited, String>();
        for (Connector connector : library.connectors().values()) {
            var quotas = connector.quotas();
            add(stated, connector, new Limit("", quotas.all()));
            quotas.named().forEach((name, quota) -> add(stated, connector, new Limit(name, quota)));
        }
        return stated;
    }

    private static void add(Map<Limited, String> stated, Connector connector, Limit limit) {
        stated.put(
                new Limited(connector.name(), limit.name()),
                limit.quota().allowed().toString());
    }
}
