package dev.serai.cli;

import dev.serai.config.Setting;
import dev.serai.facts.ErasureFacts;
import dev.serai.store.ByHand;
import dev.serai.store.Erasures;
import dev.serai.store.Erasures.Erasure;
import dev.serai.store.Erasures.Forecast;
import dev.serai.store.Identifiers;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "forget",
        description = {
            "Forget a person: erase what arrived about them, what runs kept of it, and every trace beside.",
            "That events came and were dealt with stays, without content, and repeats of them are still recognised. There",
            "is no way back.",
            "Without --why it only tells what would go. Works beside a running hub.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  serai forget ada@example.com",
            "  serai forget ada@example.com +4930901820 contact:7 --why \"asked for on 2026-11-21\"",
            "  serai forget --certificate f_7"
        })
@SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
final class ForgetCommand extends ShellCommand {
    /** A run that is being worked on ends, or its lease does. */
    private static final int TRIES = 120;

    private static final long PAUSE_NANOS = 1_000_000_000L;

    @Parameters(
            arity = "0..*",
            paramLabel = "WHO",
            description = "Each address, phone number and record (contact:7) of the person.")
    private List<String> who = List.of();

    @Option(
            names = "--why",
            paramLabel = "TEXT",
            description = "Why; it stays in the certificate, so write nothing of the person.")
    private String why;

    @Option(names = "--certificate", paramLabel = "ERASURE", description = "Print the certificate of an erasure: f_7.")
    private String certificate;

    @Option(names = "--json", description = "As JSON, for scripts.")
    private boolean json;

    ForgetCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws SQLException {
        if (certificate != null) {
            return RunLists.inStore(
                    shell(),
                    Cli.FOUND,
                    database -> certificate(RunLists.people(database).erasures()));
        }
        List<String> subject;
        try {
            subject = ErasureFacts.subject(who);
        } catch (IllegalArgumentException e) {
            throw new WrongUse(e.getMessage());
        }
        return RunLists.inStore(shell(), Cli.FOUND, database -> {
            Erasures erasures = RunLists.people(database).erasures();
            return why == null ? forecast(erasures, subject) : forget(erasures, subject);
        });
    }

    private int certificate(Erasures erasures) throws SQLException {
        Optional<Erasure> found;
        try {
            found = erasures.find(Erasure.parse(certificate));
        } catch (IllegalArgumentException e) {
            throw new WrongUse(e.getMessage());
        }
        if (found.isEmpty()) {
            shell().err().println("There is no erasure " + certificate + ".");
            return Cli.FOUND;
        }
        out().println(ErasureFacts.json(found.get()).toPrettyString());
        return found.get().certificate().isPresent() ? Cli.FINE : Cli.FOUND;
    }

    private int forecast(Erasures erasures, List<String> subject) throws SQLException {
        Forecast forecast;
        try {
            forecast = erasures.forecast(subject);
        } catch (Identifiers.Behind e) {
            shell().err().println("What would go can't be told yet: " + e.getMessage() + ".");
            return Cli.FOUND;
        }
        if (json) {
            out().println(ErasureFacts.json(forecast).toPrettyString());
            return Cli.FINE;
        }
        out().println("Would erase the content of " + Words.count((int) forecast.events(), "event") + " and of "
                + Words.count((int) forecast.runs(), "run") + "; of these runs " + forecast.open()
                + " would end without having done their work.");
        if (forecast.fetching() > 0) {
            out().println(
                            Words.count((int) forecast.fetching(), "event")
                                    + " would stay and lose answers only: what the runs fetched tells of the person, and the event does not.");
        }
        if (!forecast.records().isEmpty()) {
            out().println("They are about " + String.join(", ", forecast.records())
                    + ". Name those too that are the person.");
        }
        out().println("Nothing was changed. Add --why to do it; there is no way back.");
        return Cli.FINE;
    }

    private int forget(Erasures erasures, List<String> subject) throws SQLException {
        long id = erasures.begin(subject, new ByHand(System.getProperty("user.name"), why));
        Erasure erasure;
        try {
            erasure = erasures.goOn(id);
            for (int i = 0; i < TRIES && erasure.certificate().isEmpty(); i++) {
                LockSupport.parkNanos(PAUSE_NANOS);
                erasure = erasures.goOn(id);
            }
        } catch (Identifiers.Behind e) {
            shell().err()
                    .println("f_" + id + " is written down, and a hub goes on with it by itself: " + e.getMessage()
                            + "; see serai forget --certificate f_" + id);
            return Cli.FOUND;
        }
        out().println(ErasureFacts.json(erasure).toPrettyString());
        if (erasure.certificate().isEmpty()) {
            shell().err()
                    .println(Words.count(erasure.held(), "event")
                            + " could not be erased yet: their runs are being worked on. A hub goes on by itself; see serai"
                            + " forget --certificate " + erasure.name());
            return Cli.FOUND;
        }
        return Cli.FINE;
    }
}
