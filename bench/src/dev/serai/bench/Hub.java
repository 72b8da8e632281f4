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
    final Target target;
    private final Path script;
    private final Path folder;
    private final List<Long> given;
    private Child child;

    private Hub(Target target, List<Long> given, Path script, Path folder) {
        this.target = target;
        this.given = given;
        this.script = script;
        this.folder = folder;
    }

    static Hub of(Settings settings, Path script, Path folder) {
        if (!settings.target().isEmpty()) {
            return new Hub(Target.of(settings.target()), settings.pids(), script, folder);
        }
        String url = "http://127.0.0.1:" + settings.hubPort() + "/webhooks/crm";
        return new Hub(Target.of(url), List.of(), script, folder);
    }

    void start() throws IOException {
        var command = List.of("bash", script.toString(), "start-hub", data().toString(), "" + target.port());
        child = Child.start("hub", folder, command, Map.of());
    }

    void mustLive() throws IOException {
        if (child != null) {
            child.mustLive();
        }
    }

    String lastWords() throws IOException {
        return child == null ? "" : "\n" + child.lastWords();
    }

    private Path data() {
        return folder.resolve("hub-data");
    }

    /** The processes that are the hub, with the PostgreSQL it may have started, which is no child of its own. */
    List<Long> processes() throws IOException {
        if (child == null) {
            return given;
        }
        var all = new ArrayList<>(List.of(child.pid()));
        all.addAll(servers());
        return all;
    }

    private List<Long> servers() throws IOException {
        if (!Files.isDirectory(data())) {
            return List.of();
        }
        var found = new ArrayList<Long>();
        try (Stream<Path> files = Files.find(data(), 4, (path, is) -> path.endsWith("postmaster.pid"))) {
            for (Path file : files.toList()) {
                found.add(Long.valueOf(Files.readAllLines(file).get(0).strip()));
            }
        }
        return found;
    }

    /** Stops what was started here, and a PostgreSQL it may leave behind in our own folder. */
    @Override
    public void close() throws IOException {
        if (child == null) {
            return;
        }
        child.close();
        child = null;
        for (long server : servers()) {
            ProcessHandle.of(server).ifPresent(ProcessHandle::destroy);
        }
    }
}
