package dev.serai.cli;

import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.store.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/** The database itself, for the few commands that are about it and not about what a hub tells. */
final class LocalStore {
    private LocalStore() {}

    /** A question to the database. */
    interface Question {
        int ask(Database database) throws SQLException;
    }

    /**
     * Works on the database of these settings, beside a running hub too.
     *
     * @param nothing exit code when there is none yet
     * @throws WrongUse when the settings name a hub elsewhere: its database is not here
     */
    static int ask(Shell shell, int nothing, Question question) throws SQLException {
        Settings settings = shell.quietSettings();
        if (!settings.text(Setting.HUB).isEmpty()) {
            throw new WrongUse("This works on the database itself, and serai.hub names a hub elsewhere: write it beside"
                    + " that hub, or take serai.hub (SERAI_HUB) out of the settings.");
        }
        if (!isThere(shell, settings)) {
            return nothing;
        }
        try (var database = Database.open(settings)) {
            return question.ask(database);
        }
    }

    /** Whether a hub has ever run here; says so when not. */
    static boolean isThere(Shell shell, Settings settings) {
        Path cluster = settings.path(Setting.DATA).resolve("postgres");
        boolean there = !settings.text(Setting.DATABASE_URL).isEmpty() || Files.isDirectory(cluster);
        if (!there) {
            shell.err()
                    .println("No hub has run here yet: there is no database in " + settings.text(Setting.DATA)
                            + ". Start one with serai run, or name another folder with --data.");
        }
        return there;
    }
}
