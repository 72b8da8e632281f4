package dev.serai.cli;

import dev.serai.config.Setting;
import dev.serai.facts.DeadLetterFacts;
import dev.serai.run.Correction;
import dev.serai.run.Pace;
import dev.serai.store.ByHand;
import dev.serai.store.History;
import dev.serai.store.Names;
import dev.serai.store.Refusal;
import dev.serai.store.Resume;
import dev.serai.store.RunFilter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "resume",
        description = {
            "Let dead runs go on at the step that failed, by the files as they are now.",
            "What succeeded is not done again; what is in doubt is looked up, or stays in doubt until it is",
            "settled. The payload can be corrected first; the event keeps what arrived. Who and why are noted.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  serai dead-letters resume r_81 --why \"address added in the CRM\"",
            "  serai dead-letters resume --flow lead-created --reason email --dry-run \\",
            "      --patch '[{\"op\":\"replace\",\"path\":\"/country\",\"value\":\"DE\"}]'",
            "  serai dead-letters resume --since 2h --rate 10/s --why \"Mailchimp is back\""
        })
@SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
final class ResumeCommand extends ShellCommand {
    private static final int MOST_AT_ONCE = 100_000;
    private static final int TOLD = 20;

    @Mixin
    private Chosen chosen;

    @Option(names = "--why", paramLabel = "TEXT", description = "What was mended. Needed.")
    private String why;

    @Option(
            names = "--patch",
            paramLabel = "FILE",
            description = "Correct each payload by this RFC 6902 patch: a file, - for the input, or the JSON itself.")
    private String patch;

    @Option(
            names = "--payload",
            paramLabel = "FILE",
            description = "The whole payload anew, of one run: a file, or - for the input.")
    private String payload;

    @Option(names = "--rate", paramLabel = "RATE", description = "Not all at once: 10/s, 600/m or 36000/h.")
    private String rate;

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

    private Correction correction;

    ResumeCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws SQLException {
        RunFilter which = chosen.filter("resume");
        correction = correction();
        var order = new Resume.Order(which, Optional.ofNullable(correction), pace(), limit());
        Optional<ByHand> by = dryRun ? Optional.empty() : Optional.of(Given.byHand(why));
        return RunLists.ask(shell(), Cli.FOUND, desk -> {
            Resume resume = desk.resume();
            var progress = new Progress(shell(), Math.min(limit, resume.count(which)));
            Resume.Result result =
                    by.isPresent() ? resume.resume(order, by.get(), progress) : resume.tryOut(order, progress);
            List<Refusal> missed = missed(desk.history(), result);
            List<Resume.Pattern> patterns = dryRun ? resume.patterns(which, limit, TOLD) : List.of();
            if (json) {
                out().println(DeadLetterFacts.resumed(dryRun, result, missed, patterns)
                        .toPrettyString());
            } else {
                print(result, missed, patterns);
            }
            return missed.isEmpty() && result.refused().isEmpty() ? Cli.FINE : Cli.FOUND;
        });
    }

    /** @return null when the payloads stay as they are */
    private Correction correction() {
        if (patch != null && payload != null) {
            throw new WrongUse("Write --patch or --payload, not both.");
        }
        if (payload != null) {
            if (chosen.ids().size() != 1) {
                throw new WrongUse("--payload is for one run: name it, or use --patch for many.");
            }
            return Correction.whole(Given.file(shell(), "--payload", payload));
        }
        if (patch == null) {
            return null;
        }
        try {
            return Correction.patch(Given.jsonOrFile(shell(), "--patch", patch));
        } catch (IllegalArgumentException e) {
            throw new WrongUse("--patch: " + e.getMessage());
        }
    }

    private Pace pace() {
        try {
            return rate == null ? Pace.AT_ONCE : Pace.of(rate);
        } catch (IllegalArgumentException e) {
            throw new WrongUse("--rate: " + e.getMessage());
        }
    }

    private int limit() {
        if (limit < 1 || limit > MOST_AT_ONCE) {
            throw new WrongUse("--limit " + limit + ": a number from 1 to " + MOST_AT_ONCE
                    + " is needed; write the command again for the rest.");
        }
        return limit;
    }

    /** Those that were named, and are not what can be resumed. */
    private List<Refusal> missed(History history, Resume.Result result) throws SQLException {
        var missed = new ArrayList<>(chosen.ids());
        missed.removeAll(result.resumed());
        missed.removeAll(result.refused().stream().map(Refusal::run).toList());
        return DeadLetterFacts.neitherDeadNorInDoubt(
                history, missed.subList(0, Math.max(0, missed.size() - (int) result.left())), "resumed");
    }

    private void print(Resume.Result result, List<Refusal> missed, List<Resume.Pattern> patterns) {
        int runs = result.resumed().size();
        if (runs == 1 && !dryRun && rate == null) {
            String name = Names.run(result.resumed().get(0));
            out().println(name + " is due again; a running hub takes it now. See serai runs show " + name + ".");
        } else if (runs > 0) {
            String be = dryRun ? " would be" : runs == 1 ? " is" : " are";
            out().println(Words.count(runs, "run") + be + " due again" + when(result) + touched());
        } else if (result.refused().isEmpty() && missed.isEmpty()) {
            out().println("Nothing to resume: no dead letter fits.");
        }
        printPatterns(patterns);
        DiscardCommand.printRefused(shell().err(), missed);
        DiscardCommand.printRefused(shell().err(), result.refused());
        if (result.left() > 0) {
            out().println(result.left() + " more fit, beyond --limit " + limit + "; write the command again for them.");
        }
    }

    private String when(Resume.Result result) {
        if (rate != null) {
            return ", the last of them at " + Words.time(result.lastDue()) + ".";
        }
        return dryRun ? "." : "; a running hub takes them now.";
    }

    private String touched() {
        return correction == null || !dryRun
                ? ""
                : " Corrected in each payload: " + String.join(", ", correction.paths());
    }

    private void printPatterns(List<Resume.Pattern> patterns) {
        if (patterns.isEmpty()) {
            return;
        }
        out().println();
        DeadLettersCommand.print(patterns, out(), shell().paint());
    }
}
