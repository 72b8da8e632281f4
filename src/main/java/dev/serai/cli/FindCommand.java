package dev.serai.cli;

import dev.serai.config.Setting;
import dev.serai.facts.PersonFacts;
import java.sql.SQLException;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "find",
        description = {
            "Find a person or a record: every event, call, retry and correction in one line of time.",
            "By e-mail address, phone number, id, record, receipt or run. Works beside a running hub.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  serai find ada@example.com",
            "  serai find \"+49 30 901820\"",
            "  serai find contact:7 --limit 5",
            "  serai find ada@example.com --json | jq '.events[].receipt'"
        })
@SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
final class FindCommand extends ShellCommand {
    @Parameters(paramLabel = "WHAT", description = "ada@example.com, +4930901820, contact:7, 7, e_81 or r_81.")
    private String what;

    @Option(
            names = "--limit",
            paramLabel = "NUMBER",
            defaultValue = "20",
            description = "At most so many events, the newest. Default: 20.")
    private int limit;

    @Option(names = "--before", paramLabel = "RECEIPT", description = "Only events before this one.")
    private String before;

    @Option(names = "--json", description = "As JSON, for scripts.")
    private boolean json;

    FindCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws SQLException {
        int most = RunsCommand.limit(limit);
        long below = before == null ? Long.MAX_VALUE : RunLists.receipt(before);
        return RunLists.inStore(shell(), Cli.FOUND, database -> {
            PersonFacts found = RunLists.people(database).find(what, below, most);
            if (json) {
                out().println(found.json().toPrettyString());
            } else {
                print(found);
            }
            return found.events().isEmpty() ? Cli.FOUND : Cli.FINE;
        });
    }

    private void print(PersonFacts found) {
        if (found.events().isEmpty()) {
            out().println("Nothing is known of it. What has just arrived is found within a few seconds.");
            return;
        }
        Instant now = Instant.now();
        out().println(Words.count(found.events().size(), "event") + ", "
                + Words.count(found.runs().size(), "run") + ". Oldest first:");
        out().println();
        var table = new Table("at", "age", "receipt", "run", "what");
        found.lines()
                .forEach(line -> table.row(
                        line.at() == null ? "-" : Words.time(line.at()),
                        line.at() == null ? "-" : Words.age(line.at(), now),
                        line.receipt(),
                        RunLists.orDash(line.run()),
                        line.words()));
        table.print(out(), shell().paint());
        if (!found.next().isEmpty()) {
            out().println();
            out().println("There is more: add --before " + found.next());
        }
    }
}
