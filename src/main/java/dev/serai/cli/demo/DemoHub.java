package dev.serai.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.Wiring;
import dev.serai.api.Role;
import dev.serai.cli.VendorSettings;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.library.Library;
import dev.serai.library.LibraryFolder;
import dev.serai.simulator.Simulator;
import dev.serai.store.ApiTokens;
import dev.serai.store.ByHand;
import dev.serai.store.Database;
import dev.serai.store.DemoStore;
import dev.serai.store.History;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The simulated vendors and a hub whose connectors point at them. */
final class DemoHub implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int USUAL_PORT = 8080;
    private static final Duration TOKEN_KEEPS = Duration.ofDays(1);

    private static final List<String> SIGNING_SECRETS = List.of(
            "crm.webhook-secret",
            "github.webhook-secret",
            "hubspot.client-secret",
            "shopify.webhook-secret",
            "slack.signing-secret",
            "stripe.webhook-secret");

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final DemoFolder folder;
    private final Path mappings;
    private final Simulator simulator;
    private final Settings settings;
    private final Database database;
    private final Wiring wiring;

    /** @param given settings that win over the demo's own: folders, port, anything a person tries out */
    DemoHub(DemoFolder folder, Map<String, String> given) throws SQLException {
        this.folder = folder;
        try {
            mappings = Path.of(given.getOrDefault(Setting.MAPPINGS.key(), Setting.MAPPINGS.byDefault()));
            simulator = keep(Simulator.start(mappings, 0, InstantSource.system()));
            resource("contacts.json").forEach(contact -> simulator.seed("hubspot", "contacts", contact));
            var chosen = new HashMap<>(own());
            chosen.putAll(given);
            Path file = folder.write(chosen);
            settings = Settings.read(file, Map.of(), Map.of());
            database = keep(Database.own(settings));
            store().empty();
            wiring = keep(new Wiring(settings));
        } catch (RuntimeException | SQLException e) {
            close();
            throw e;
        }
    }

    private Map<String, String> own() {
        var own = new HashMap<String, String>();
        own.put(Setting.DATA.key(), folder.path().toString());
        own.put(Setting.HTTP_PORT.key(), String.valueOf(port()));
        own.put(Setting.HUB_NAME.key(), "demo");
        own.put(Setting.API_KEY.key(), random());
        own.put(Setting.RETRY_FIRST.key(), "5s");
        own.put(Setting.HISTORY_EVIDENCE.key(), "all");
        // a person looks on: the first quick retry comes within a fifth of a second, not within one
        own.put(Setting.RETRY_QUICK_FIRST.key(), "200ms");
        Library library = library();
        simulator.vendors().forEach(vendor -> {
            simulator.rotate(vendor, random());
            own.putAll(VendorSettings.of(vendor, library, simulator));
        });
        SIGNING_SECRETS.forEach(setting -> own.put(setting, random()));
        own.put("slack.channel", "sales");
        own.put("sendgrid.sender", "billing@example.com");
        return own;
    }

    /** The files as far as they are good: what is wrong in them the hub says itself. */
    private Library library() {
        var folder = new LibraryFolder(mappings, name -> Optional.empty());
        folder.reload();
        return folder.current();
    }

    private static String random() {
        byte[] bytes = new byte[20];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** The usual port, or a free one when somebody has it. */
    private static int port() {
        for (int port : List.of(USUAL_PORT, 0)) {
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // taken: the next one
            }
        }
        throw new IllegalStateException("There is no free port on this machine");
    }

    static JsonNode resource(String name) {
        return json(bytes("/demo/" + name));
    }

    /** What a system sends, byte for byte, as its folder has it. */
    byte[] sample(String system, String name) {
        Path file = mappings.resolve(system).resolve("samples").resolve(name);
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read " + file, e);
        }
    }

    static JsonNode json(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String path) {
        try (InputStream in = DemoHub.class.getResourceAsStream(path)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Simulator simulator() {
        return simulator;
    }

    DemoFolder folder() {
        return folder;
    }

    DemoStore store() {
        return new DemoStore(database.dataSource());
    }

    History history() {
        return new History(database.dataSource());
    }

    /** Where the hub's doors are. */
    String url() {
        return "http://127.0.0.1:" + wiring.hub().port();
    }

    /** A token for the console and the API, good for a day; that of an earlier demo ends. */
    String token() throws SQLException {
        var tokens = new ApiTokens(database.dataSource(), InstantSource.system());
        var by = new ByHand("demo", "by serai demo");
        tokens.revoke("demo", by);
        return tokens.create(
                        "demo", Role.ADMIN.word(), Optional.of(Instant.now().plus(TOKEN_KEEPS)), by)
                .orElseThrow();
    }

    List<String> flows() {
        return wiring.hub().flows();
    }

    String setting(String name) {
        return setting(name, "");
    }

    String setting(String name, String otherwise) {
        return settings.lookup(name).orElse(otherwise);
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.push(part);
        return part;
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("The demo did not stop cleanly: " + e.getMessage(), e);
            }
        }
    }
}
