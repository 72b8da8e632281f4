package dev.serai.route;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.DefaultClassResolver;
import org.apache.camel.main.Main;
import org.apache.camel.spi.ClassResolver;
import org.apache.camel.spi.Registry;

/**
 * Camel as this hub runs it and tries files in. Camel finds its parts by small index files, some hundred for each context, most
 * of which are not there; to look for one in all jars is most of what a context costs. The class path of a process does not
 * change: what was found, or was not, is remembered for the next context.
 */
final class HubContext extends DefaultCamelContext {
    private static final String INDEX = "META-INF/services/org/apache/camel/";
    private static final Map<String, Optional<byte[]>> FOUND = new ConcurrentHashMap<>();

    /** For one file, or for calls beside a hub. */
    HubContext() {}

    private HubContext(Registry registry) {
        super(registry);
    }

    /** For the flows that run. */
    static Main main() {
        return new Main() {
            @Override
            protected CamelContext createCamelContext() {
                return new HubContext(registry);
            }
        };
    }

    @Override
    protected ClassResolver createClassResolver() {
        return new DefaultClassResolver(getCamelContextReference()) {
            @Override
            public InputStream loadResourceAsStream(String name) {
                return name.startsWith(INDEX)
                        ? FOUND.computeIfAbsent(name, file -> read(super.loadResourceAsStream(file)))
                                .map(ByteArrayInputStream::new)
                                .orElse(null)
                        : super.loadResourceAsStream(name);
            }
        };
    }

    private static Optional<byte[]> read(InputStream found) {
        if (found == null) {
            return Optional.empty();
        }
        try (found) {
            return Optional.of(found.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
