package dev.serai.route;

import dev.serai.config.Settings;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.SecretAway;
import dev.serai.library.Library;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells at start of connections to whom a setting gives an address without encryption: their calls will be refused. */
public final class ReadableCalls {
    private static final Logger LOG = LoggerFactory.getLogger(ReadableCalls.class);

    private ReadableCalls() {}

    public static void tell(Library library, Settings settings) {
        found(library, CallSettings.of(settings)::isPrivate)
                .forEach(found -> LOG.warn("connection.unencrypted {}", found));
    }

    /** Each as {@code shop: why}. */
    static List<String> found(Library library, Predicate<String> isPrivate) {
        var found = new ArrayList<String>();
        for (Connector connector : library.connectors().values()) {
            why(() -> connector, isPrivate)
                    .or(() -> connector.tokens().flatMap(tokens -> why(connector::signingIn, isPrivate)))
                    .ifPresent(why -> found.add(connector.name() + ": " + why));
        }
        return found;
    }

    private static Optional<String> why(Supplier<Connector> connector, Predicate<String> isPrivate) {
        try {
            return connector.get().egress().unencrypted(isPrivate);
        } catch (ConnectorRefused | SecretAway e) {
            return Optional.empty(); // it has no address yet
        }
    }
}
