package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.config.Setting;
import dev.serai.facts.Digest;
import java.sql.SQLException;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "digest",
        description = {
            "The report of the last seven days: what ran, what broke, what is slow, who looked.",
            "A running hub sends it once a week to where alerts go (serai.digest.at).",
            ""
        },
        footer = {"", "Examples:", "  serai digest", "  serai digest --json"})
@SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
final class DigestCommand extends ShellCommand {
    @Option(names = "--json", description = "As JSON, for scripts.")
    private boolean json;

    DigestCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws SQLException {
        return RunLists.inStore(shell(), Cli.FINE, database -> {
            JsonNode digest = Digest.read(Digest.Sources.of(database.dataSource()), Instant.now())
                    .withTokens();
            if (json) {
                out().println(digest.toPrettyString());
            } else {
                out().println(digest.path("title").asText());
                out().println(digest.path("text").asText());
            }
            return Cli.FINE;
        });
    }
}
