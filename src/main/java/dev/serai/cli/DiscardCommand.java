package dev.serai.cli;

import dev.serai.config.Setting;
import dev.serai.facts.DeadLetterFacts;
import dev.serai.store.ByHand;
import dev.serai.store.History;
import dev.serai.store.Names;
import dev.serai.store.Refusal;
import dev.serai.store.Resume;
import dev.serai.store.RunFilter;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "discard",
        description = {
            "Give dead runs up: they end without having done their work, and later runs that wait behind them go on.",
            "Who and why are noted, and are the reason of the run from then on. There is no way back.",
            ""
        },
        footer = {"", "Example:", "  serai dead-letters discard r_81 --why \"the order was cancelled\""})
@SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
final class DiscardCommand extends ShellCommand {
    private static final int MOST_AT_ONCE = 100_000;
    private static final int TOLD = 20;

    @Mixin
    private Chosen chosen;

    @Option(names = "--why", paramLabel = "TEXT", description = "Why nobody needs it any more. Needed.")
    private String why;

    @Option(
            names = "--limit",
            paramLabel = "NUMBER",
            defaultValue = "" + Resume.MOST,
            description = "At most so many, the oldest first. Default: " + Resume.MOST + ".")
    private int limit;

    @Option(names = "--dry-run", description = "Only show what would happen.")
    private boolean dryRun;

    @Option(names = "--json", description = "As JSON, for scripts.")
    private boolean json;

    DiscardCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws SQLException {
        RunFilter which = chosen.filter("discard");
        if (limit < 1 || limit > MOST_AT_ONCE) {
            throw new WrongUse("--limit " + limit + ": a number from 1 to " + MOST_AT_ONCE + " is needed.");
        }
        Optional<ByHand> by = dryRun ? Optional.empty() : Optional.of(Given.byHand(why));
        return RunLists.ask(shell(), Cli.FOUND, desk -> {
            long fit = desk.resume().count(which);
            List<Refusal> missed = missed(desk.history(), fit);
            List<Resume.Pattern> patterns = dryRun ? desk.resume().patterns(which, limit, TOLD) : List.of();
            long given = by.isPresent()
                    ? desk.discard().discard(which, limit, by.get(), new Progress(shell(), Math.min(limit, fit)))
                    : Math.min(limit, fit);
            print(given, Math.max(0, fit - given), missed, patterns);
            return missed.isEmpty() ? Cli.FINE : Cli.FOUND;
        });
    }

    private List<Refusal> missed(History history, long fit) throws SQLException {
        List<Long> ids = chosen.ids();
        return fit == ids.size() ? List.of() : DeadLetterFacts.neitherDeadNorInDoubt(history, ids, "discarded");
    }

    private void print(long given, long left, List<Refusal> missed, List<Resume.Pattern> patterns) {
        if (json) {
            out().println(DeadLetterFacts.discarded(dryRun, given, left, missed, patterns)
                    .toPrettyString());
            return;
        }
        if (given > 0) {
            String be = dryRun ? " would be" : given == 1 ? " is" : " are";
            out().println(Words.count((int) given, "run") + be + " given up.");
        } else if (missed.isEmpty()) {
            out().println("Nothing to discard: no dead letter fits.");
        }
        if (!patterns.isEmpty()) {
            out().println();
            DeadLettersCommand.print(patterns, out(), shell().paint());
        }
        printRefused(shell().err(), missed);
        if (left > 0) {
            out().println(left + " more fit, beyond --limit " + limit + "; write the command again for them.");
        }
    }

    static void printRefused(PrintStream err, List<Refusal> refused) {
        refused.stream().limit(TOLD).forEach(each -> err.println(Names.run(each.run()) + ": " + each.why() + "."));
        if (refused.size() > TOLD) {
            err.println("… and " + (refused.size() - TOLD) + " more; --json lists all.");
        }
    }
}
