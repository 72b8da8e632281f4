package dev.serai.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The hub under load: one that runs already, or one started here through {@code bench.sh start-hub}. */
final class Hub implements AutoCloseable {
    static final String DATA = "hub-data";
    static final String GROWN_DATA = "grown-data";

    final Target target;
    private final Path script;
    private final Path data;
    private final Path routes;
    private final List<Long> given;
    private Child child;

    private Hub(Target target, Path script, Path data, Path routes, List<Long> given) {
        this.target = target;
        this.script = script;
        this.data = data;
        this.routes = routes;
        this.given = given;
    }

    static Hub of(Settings settings, Path script, Path folder) {
        boolean runs = !settings.target().isEmpty();
        Target target = runs ? Target.of(settings.target()) : at(settings.hubPort());
        List<Long> given = runs ? settings.pids() : List.of();
        return new Hub(target, script, folder.resolve(DATA), script.resolveSibling("hub/routes"), given);
    }

    /** One of its own data and with more flows, on a port of its own. */
    static Hub grown(Settings settings, Path script, Path folder) throws IOException {
        Path routes = Files.createDirectory(folder.resolve("grown-routes"));
        try (Stream<Path> files = Files.list(script.resolveSibling("hub/routes"))) {
            for (Path file : files.toList()) {
                Files.copy(file, routes.resolve(file.getFileName()));
            }
        }
        String flow = Files.readString(routes.resolve("lead-sync.camel.yaml"));
        for (int n = 1; n <= settings.flows(); n++) {
            String other = flow.replaceAll("(?m)( id: [a-z-]+)$", "$1-" + n)
                    .replace("event:contact.updated", "event:contact.updated-" + n);
            Files.writeString(routes.resolve("lead-sync-" + n + ".camel.yaml"), other);
        }
        return new Hub(at(settings.hubPort() + 3), script, folder.resolve(GROWN_DATA), routes, List.of());
    }

    private static Target at(int port) {
        return Target.of("http://127.0.0.1:" + port + "/webhooks/crm");
    }

    void start() throws IOException {
        var command =
                List.of("bash", script.toString(), "start-hub", data.toString(), "" + target.port(), routes.toString());
        child = Child.start(data.getFileName().toString(), data.getParent(), command, Map.of());
    }

    void mustLive() throws IOException {
        if (child != null) {
            child.mustLive();
        }
    }

    String lastWords() throws IOException {
        return child == null ? "" : "\n" + child.lastWords();
    }

    /** The processes that are the hub, with the PostgreSQL it may have started, which is no child of its own. */
    List<Long> processes() throws IOException {
        if (child == null) {
            return given;
        }
        var all = new ArrayList<>(List.of(child.pid()));
        all.addAll(Servers.processes(data));
        return all;
    }

    /** How to get into the PostgreSQL that the hub has started. */
    Past.Login login() throws IOException {
        String password = Files.readString(data.resolve("postgres.password")).strip();
        return new Past.Login("jdbc:postgresql://127.0.0.1:" + Servers.port(data) + "/postgres", "postgres", password);
    }

    /** Stops what was started here, and a PostgreSQL it may leave behind in our own folder. */
    @Override
    public void close() throws IOException {
        if (child == null) {
            return;
        }
        child.close();
        child = null;
        Servers.stop(data);
    }
}
