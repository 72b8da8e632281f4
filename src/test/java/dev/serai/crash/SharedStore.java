package dev.serai.crash;

import dev.serai.store.Database;
import dev.serai.store.Inbox;
import dev.serai.store.Runs;
import dev.serai.store.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** The store as several hubs see it, with one clock for all that stands still until it is moved. */
final class SharedStore implements AutoCloseable {
    static final int HUBS = 3;

    private final Database database;
    private final Inbox inbox;
    private final List<Runs> hubs = new ArrayList<>();
    private volatile Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    SharedStore() {
        database = TestDatabase.open();
        inbox = new Inbox(data(), this::now, 10);
        IntStream.range(0, HUBS).forEach(i -> hubs.add(new Runs(data(), this::now, "hub-" + i)));
    }

    Instant now() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    DataSource data() {
        return database.dataSource();
    }

    Inbox inbox() {
        return inbox;
    }

    Runs hub(int index) {
        return hubs.get(index);
    }

    @Override
    public void close() {
        hubs.forEach(Runs::close);
        inbox.close();
        database.close();
    }
}
