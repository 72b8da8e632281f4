package dev.serai.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.run.Owner;
import dev.serai.store.Database;
import dev.serai.store.History;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What {@code runs} and {@code dead-letters} share: opening the store, printing lists of runs. */
final class RunLists {
    static final ObjectMapper JSON = new ObjectMapper();

    private RunLists() {}

    /** A question to the store. */
    interface Question {
        int ask(History history) throws SQLException;
    }

    /** A question to its database. */
    interface StoreQuestion {
        int ask(Database database) throws SQLException;
    }

    /** Asks the database of these settings, beside a running hub too. @param nothing exit code when there is none yet */
    static int ask(Shell shell, int nothing, Question question) throws SQLException {
        return inStore(
                shell, nothing, database -> question.ask(new History(database.dataSource(), InstantSource.system())));
    }

    /** As {@link #ask}, of any table. */
    static int inStore(Shell shell, int nothing, StoreQuestion question) throws SQLException {
        Settings settings = shell.quietSettings();
        Path cluster = settings.path(Setting.DATA).resolve("postgres");
        if (settings.text(Setting.DATABASE_URL).isEmpty() && !Files.isDirectory(cluster)) {
            shell.err()
                    .println("No hub has run here yet: there is no database in " + settings.text(Setting.DATA)
                            + ". Start one with serai run, or name another folder with --data.");
            return nothing;
        }
        try (var database = Database.open(settings)) {
            return question.ask(database);
        }
    }

    /** @param noted whether the reason stands below a run */
    static void print(List<History.Run> runs, boolean noted, PrintStream out, Paint paint) {
        Instant now = Instant.now();
        var table = new Table("run", "state", "flow", "type", "record", "step", "age");
        for (History.Run run : runs) {
            table.noted(
                    noted || run.state().equals("in_doubt") || run.state().equals("dead") ? orDash(run.reason()) : "",
                    run.name(),
                    run.state(),
                    run.flow(),
                    run.event().type(),
                    Words.shortened(run.event().record(), 28),
                    orDash(run.step()),
                    Words.age(run.createdAt(), now));
        }
        table.print(out, paint);
    }

    static String orDash(String text) {
        return text == null || text.isEmpty() ? "-" : text;
    }

    static String json(List<History.Run> runs) {
        ArrayNode list = JSON.createArrayNode();
        runs.forEach(run -> list.add(json(run)));
        return list.toPrettyString();
    }

    static ObjectNode json(History.Run run) {
        ObjectNode json = JSON.createObjectNode();
        json.put("run", run.name()).put("flow", run.flow()).put("state", run.state());
        json.put("created_at", text(run.createdAt())).put("finished_at", text(run.finishedAt()));
        json.put("due_at", text(run.dueAt())).put("retries", run.retries());
        json.put("step", run.step()).put("reason", run.reason());
        json.put(
                "owner",
                Optional.ofNullable(run.owner())
                        .map(Owner::name)
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .orElse(null));
        json.putObject("event")
                .put("receipt", run.event().receipt())
                .put("source", run.event().source())
                .put("type", run.event().type())
                .put("record", run.event().record())
                .put("received_at", text(run.event().receivedAt()));
        return json;
    }

    static String text(Instant time) {
        return time == null ? null : time.toString();
    }
}
