package dev.serai.chaos;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two hubs are upgraded, one after the other, under a client that keeps its connections and knows only two addresses. */
class RollingRestartTest {
    private static final int ROUNDS = 1;
    private static final int CLIENTS = 4;

    @TempDir
    private Path folder;

    private final List<HubProcess> hubs = new ArrayList<>();
    private Postgres postgres;
    private Vendor vendor;

    @BeforeEach
    void start() throws IOException {
        Chaos.writeFiles(folder, Path.of("routes", "errors.camel.yaml"));
        // a machine that stands still for ten seconds is no reason to repeat a call
        Files.writeString(folder.resolve("mappings/vendor/connector.yaml"), "timeout: 2m\n", StandardOpenOption.APPEND);
        postgres = new Postgres(Files.createDirectories(folder.resolve("database")));
        vendor = new Vendor(0);
        vendor.calmDown();
        var settings = Chaos.settings(folder, postgres, vendor);
        // what a hub still holds when it is gone would wait a minute: a restart must not leave anything behind
        settings.put("SERAI_RUN_LEASE", "1m");
        var program = new HubProgram(folder);
        for (String name : List.of("a", "b")) {
            hubs.add(new HubProcess(program, FreePort.any(), folder.resolve("hub-" + name + ".log"), settings));
        }
        hubs.get(0).start();
        awaitReady(hubs.get(0));
        hubs.get(1).start();
        awaitReady(hubs.get(1));
    }

    @AfterEach
    void stop() throws IOException {
        hubs.forEach(HubProcess::close);
        vendor.close();
        postgres.close();
    }

    @Test
    @Timeout(600)
    void aRollingRestartShowsNo5xxAndNothingIsLostOrDoneTwice() throws Exception {
        var clients = IntStream.range(0, CLIENTS)
                .mapToObj(i -> new Client(i, hubs.stream().map(HubProcess::url).toList()))
                .toList();
        clients.forEach(Client::start);

        for (int round = 0; round < ROUNDS; round++) {
            for (HubProcess hub : hubs) {
                clients.forEach(Client::awaitProgress);
                hub.stop();
                clients.forEach(Client::awaitProgress);
                hub.start();
                awaitReady(hub);
            }
        }
        clients.forEach(Client::finish);

        assertThat(clients).flatExtracting(Client::answersOtherThan202).isEmpty();
        List<Event> acknowledged =
                clients.stream().flatMap(c -> c.acknowledged().stream()).toList();
        await().atMost(Duration.ofMinutes(3))
                .untilAsserted(() -> assertThat(open()).isEmpty());
        try (var connection = postgres.connect()) {
            var evidence = Evidence.gather(connection, acknowledged, vendor.log());
            assertThat(Checker.check(evidence).all()).isEmpty();
            assertThat(evidence.runs()).extracting(Evidence.Run::state).containsOnly("done");
        }
        // what is stopped in peace repeats nothing, not even what could be repeated
        assertThat(vendor.log().stream().collect(groupingBy(r -> r.event() + " in " + r.collection(), counting())))
                .allSatisfy((effect, times) -> assertThat(times).as(effect).isEqualTo(1));
    }

    /** What is not finished, by state and by who has it. */
    private List<String> open() throws SQLException {
        var open = new ArrayList<String>();
        try (var connection = postgres.connect();
                var rows = connection
                        .createStatement()
                        .executeQuery(
                                "SELECT count(*) || ' ' || state || ' ' || coalesce(claimed_by, 'by nobody') FROM run"
                                        + " WHERE state IN ('waiting', 'claimed') GROUP BY state, claimed_by")) {
            while (rows.next()) {
                open.add(rows.getString(1));
            }
        }
        return open;
    }

    private static void awaitReady(HubProcess hub) {
        await().atMost(Duration.ofMinutes(3)).until(hub::ready);
    }
}
