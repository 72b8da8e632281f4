package dev.serai.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.config.Settings;
import dev.serai.library.Library;
import dev.serai.library.LibraryFolder;
import dev.serai.run.Allowance.Thresholds;
import dev.serai.run.Owner;
import dev.serai.store.Buckets;
import dev.serai.store.Database;
import dev.serai.store.History;
import dev.serai.store.ParkedConnections;
import dev.serai.store.Proofs;
import dev.serai.store.Refusal;
import dev.serai.store.Tallies;
import dev.serai.store.TestDatabase;
import dev.serai.store.WorkedOn;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However much there is to tell, the database is asked as often as for little. */
class OneStatementTest {
    @TempDir
    private Path folder;

    private final AtomicInteger statements = new AtomicInteger();
    private Database database;

    @BeforeEach
    void open() {
        database = Database.own(Settings.read(folder.resolve("none"), Map.of(), TestDatabase.fresh()));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static Library library(Path mappings) {
        var files = new LibraryFolder(mappings, name -> Optional.empty());
        files.reload();
        return files.current();
    }

    /** The database, and how often it is asked. */
    private DataSource counted() {
        return watched(DataSource.class, database.dataSource());
    }

    private <T> T watched(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            if (method.getName().equals("prepareStatement")) {
                statements.incrementAndGet();
            }
            try {
                Object result = method.invoke(real, args);
                return result instanceof Connection connection ? watched(Connection.class, connection) : result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    private int asked(Library library) throws SQLException {
        statements.set(0);
        DataSource counted = counted();
        var sources = new ConnectionFacts.Sources(
                new ParkedConnections(counted),
                new Proofs(counted),
                new Tallies(counted),
                new Buckets(counted, Thresholds.USUAL));
        new ConnectionFacts(sources)
                .list(new ConnectionFacts.Given(library, List.of(), List.of(), Map.of()), Instant.now());
        return statements.get();
    }

    @Test
    void theLimitsOfAllConnectionsAreReadAtOnce() throws SQLException {
        Library shipped = library(Path.of("mappings"));
        assertThat(shipped.connectors().values())
                .filteredOn(each -> !each.quotas().all().allowed().unlimited())
                .hasSizeGreaterThan(5);

        new QuotaFacts(new Buckets(counted(), Thresholds.USUAL)).list(shipped);

        assertThat(statements).hasValue(1);
        assertThat(asked(shipped)).isEqualTo(asked(Library.EMPTY));
    }

    @Test
    void whatBecameOfRunsThatWereNamedIsReadAtOnce() throws SQLException {
        List<Long> named = LongStream.rangeClosed(1, 500).boxed().toList();

        List<Refusal> refused = DeadLetterFacts.neitherDeadNorInDoubt(new History(counted()), named, "discarded");

        assertThat(refused).hasSize(500).allMatch(each -> each.why().contains("there is no such run"));
        assertThat(statements).hasValue(1);
    }

    @Test
    void whatBecameOfRunsThatDoNotWaitAnyMoreIsReadAtOnce() throws SQLException {
        List<Long> named = LongStream.rangeClosed(1, 500).boxed().toList();

        assertThat(DeadLetterFacts.notWaiting(new History(counted()), named)).hasSize(500);
        assertThat(statements).hasValue(1);
    }

    @Test
    void whatTheRunsOfAPageWorkedOnIsReadAtOnce() throws SQLException {
        var event = new History.EventLine(1, "crm", "contact.updated", "contact:1", Instant.EPOCH);
        List<History.Run> page = LongStream.rangeClosed(1, 500)
                .mapToObj(id -> new History.Run(
                        id, "f", "dead", Instant.EPOCH, null, null, 0, null, 0, "s", "no", Owner.CONFIG, event))
                .toList();

        new WorkedOn(counted()).each(page, given -> {});

        assertThat(statements).hasValue(1);
    }
}
