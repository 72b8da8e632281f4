package dev.serai.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.api.ApiParts;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.facts.People;
import dev.serai.facts.RunFacts;
import dev.serai.store.Database;
import dev.serai.store.Discard;
import dev.serai.store.Doubts;
import dev.serai.store.History;
import dev.serai.store.Receipt;
import dev.serai.store.Resume;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** What {@code runs} and {@code dead-letters} share: opening the store, printing lists of runs. */
final class RunLists {
    private RunLists() {}

    /** What can be asked of the store, and be done there. */
    record Desk(History history, Resume resume, Discard discard, Doubts doubts) {}

    /** Something to ask or do. */
    interface Errand {
        int run(Desk desk) throws SQLException;
    }

    /** A question to its database. */
    interface StoreQuestion {
        int ask(Database database) throws SQLException;
    }

    /** Works on the database of these settings, beside a running hub too. @param nothing exit code when there is none yet */
    static int ask(Shell shell, int nothing, Errand errand) throws SQLException {
        return inStore(shell, nothing, database -> {
            var data = database.dataSource();
            var clock = InstantSource.system();
            return errand.run(new Desk(
                    new History(data), new Resume(data, clock), new Discard(data, clock), new Doubts(data, clock)));
        });
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

    /** What finds and forgets people. */
    static People people(Database database) {
        return ApiParts.people(database.dataSource(), InstantSource.system());
    }

    /** The number of a receipt. @throws WrongUse when it is none */
    static long receipt(String name) {
        try {
            return Receipt.parse(name);
        } catch (IllegalArgumentException e) {
            throw new WrongUse(e.getMessage());
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

    static ArrayNode json(List<History.Run> runs) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        runs.forEach(run -> list.add(RunFacts.line(run)));
        return list;
    }
}
