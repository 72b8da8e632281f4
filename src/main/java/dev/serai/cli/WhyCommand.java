package dev.serai.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.facts.WhyFacts;
import dev.serai.facts.WhyFacts.Because;
import dev.serai.library.LibraryFolder;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "why",
        description = {
            "Tell why a field of a person or a record has its value: which event, run and write, by which rule of which file.",
            "Works beside a running hub, on the same settings.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  serai why contact:ada@example.com phone",
            "  serai why ada@example.com merge_fields.FNAME --json"
        })
@SettingFlags.Uses({Setting.MAPPINGS, Setting.DATA, Setting.DATABASE_URL})
final class WhyCommand extends ShellCommand {
    private static final int TOLD = 5;

    @Parameters(index = "0", paramLabel = "WHO", description = "ada@example.com, +4930901820 or contact:7.")
    private String who;

    @Parameters(index = "1", paramLabel = "FIELD", description = "Its name, or its dotted path in what was sent.")
    private String field;

    @Option(names = "--json", description = "As JSON, for scripts; all of them, and not only the newest five.")
    private boolean json;

    WhyCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws SQLException {
        Settings settings = shell().quietSettings();
        var library = new LibraryFolder(settings.path(Setting.MAPPINGS), settings::lookup);
        library.reload();
        return RunLists.inStore(shell(), Cli.FOUND, database -> {
            List<Because> because = new WhyFacts(
                            RunLists.people(database), name -> library.current().mapping(name))
                    .ask(who, field);
            if (json) {
                var list = JsonNodeFactory.instance.arrayNode();
                because.forEach(each -> list.add(each.json()));
                out().println(list.toPrettyString());
            } else if (because.isEmpty()) {
                out().println("No write that is still known sent a field " + field + " about it by a mapping.");
            } else {
                because.stream().limit(TOLD).forEach(this::print);
            }
            return because.isEmpty() ? Cli.FOUND : Cli.FINE;
        });
    }

    private void print(Because each) {
        var write = each.write();
        out().println(shell().paint().bold(write.connection() + " " + write.operation()) + "  " + write.state() + ", "
                + Words.age(write.at(), Instant.now()));
        each.explained().ifPresent(explained -> {
            out().println("  value    "
                    + explained.after().map(Object::toString).orElse("-"));
            out().println("  from     " + explained.source());
        });
        out().println("  rule     " + each.mapping().place(each.target()) + " " + each.target());
        out().println("  run      " + each.run().name() + ", flow " + each.run().flow() + ", step " + write.step());
        out().println("  event    " + each.run().event().receipt() + " "
                + each.run().event().type() + " of " + each.run().event().source());
        if (!each.unsure().isEmpty()) {
            out().println("  unsure   " + each.unsure());
        }
        out().println();
    }
}
