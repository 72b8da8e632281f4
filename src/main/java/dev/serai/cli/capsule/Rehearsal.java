package dev.serai.cli.capsule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Wiring;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.library.LibraryFolder;
import dev.serai.route.OneFlow;
import dev.serai.store.Capsules;
import dev.serai.store.Capsules.Case;
import dev.serai.store.Capsules.Done;
import dev.serai.store.History;
import dev.serai.store.Names;
import dev.serai.store.Receipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Lives through a capsule again: a hub of its own, with an empty database, the one flow as it is in {@code routes/} now, and
 * nobody to call but the capsule.
 */
public final class Rehearsal {
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final JsonNode capsule;
    private final Settings now;
    private final Function<Map<String, String>, Settings> with;

    /**
     * @param now the settings of this call
     * @param with the same with others on top
     */
    public Rehearsal(JsonNode capsule, Settings now, Function<Map<String, String>, Settings> with) {
        this.capsule = capsule;
        this.now = now;
        this.with = with;
    }

    /** @throws IllegalArgumentException when the flow is not there, or can't be tried without a network */
    public Finding play() throws IOException, SQLException {
        Path folder = Files.createTempDirectory("serai-capsule");
        try {
            Path routes = Files.createDirectory(folder.resolve("routes"));
            var flow = OneFlow.of(now.path(Setting.ROUTES), capsule.path("flow").asText());
            for (Map.Entry<String, String> file : flow.files().entrySet()) {
                Files.writeString(routes.resolve(file.getKey()), file.getValue());
            }
            var remotes = new Recorded(capsule);
            try (var wiring = Wiring.rehearsal(with.apply(apart(folder, flow.connections())), remotes)) {
                var data = wiring.database().dataSource();
                new Capsules(data).plant(given(), done());
                return await(new History(data), remotes);
            }
        } finally {
            delete(folder);
        }
    }

    /** Nothing of the real installation is touched, and no credential is needed. */
    private Map<String, String> apart(Path folder, Set<String> connections) {
        var apart = new HashMap<String, String>();
        var library = new LibraryFolder(now.path(Setting.MAPPINGS), now::lookup);
        library.reload();
        connections.stream()
                .flatMap(name -> library.current().connector(name).stream())
                .flatMap(connector ->
                        Stream.concat(connector.missingSettings().stream(), connector.away().keySet().stream()))
                .forEach(name -> apart.put(name, played(name)));
        apart.put(Setting.DATA.key(), folder.resolve("data").toString());
        apart.put(Setting.ROUTES.key(), folder.resolve("routes").toString());
        apart.put(Setting.DATABASE_URL.key(), "");
        apart.put(Setting.HTTP_HOST.key(), "127.0.0.1");
        apart.put(Setting.HTTP_PORT.key(), "0");
        apart.put(Setting.TRACES.key(), "");
        return apart;
    }

    /** Of the form that files ask for: {@code zendesk.base-url}, {@code email.server}, a key that ends with its data centre. */
    private static String played(String setting) {
        return setting.endsWith("-url")
                ? "https://played.invalid"
                : setting.endsWith(".server") ? "smtp://played.invalid" : "played-us1";
    }

    private Case given() {
        JsonNode event = capsule.path("event");
        JsonNode occurred = event.path("occurred_at");
        return new Case(
                Names.parseRun(capsule.path("run").asText()),
                Receipt.parse(event.path("receipt").asText()),
                capsule.path("flow").asText(),
                event.path("source").asText(),
                event.path("type").asText(),
                event.path("record").asText(),
                Instant.parse(event.path("received_at").asText()),
                occurred.isTextual() ? Instant.parse(occurred.textValue()) : null,
                "application/json",
                event.path("payload").toString().getBytes(StandardCharsets.UTF_8));
    }

    private List<Done> done() {
        var done = new ArrayList<Done>();
        for (JsonNode write : capsule.path("done")) {
            JsonNode answer = write.path("answer");
            done.add(new Done(
                    write.path("step").asText(),
                    write.path("connection").asText(),
                    write.path("operation").asText(),
                    write.path("write_class").asText(),
                    write.path("idempotency_key").asText(),
                    answer.isNull() ? null : answer.toString().getBytes(StandardCharsets.UTF_8)));
        }
        return done;
    }

    private Finding await(History history, Recorded remotes) throws SQLException {
        var judge = new Judge(capsule, remotes, now.path(Setting.MAPPINGS));
        long run = Names.parseRun(capsule.path("run").asText());
        long end = System.nanoTime() + WITHIN.toNanos();
        while (System.nanoTime() < end) {
            var found = judge.judge(history.run(run).orElseThrow(), history.attempts(run));
            if (found.isPresent()) {
                return found.get();
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        return Finding.failed("it came to no end within " + WITHIN.toSeconds() + " s");
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
