package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

@Command(
        name = "digest",
        description = {
            "The report of the last seven days: what ran, what broke, what is slow, who looked.",
            "A running hub sends it once a week to where alerts go (serai.digest.at). Works beside it, or over --hub.",
            ""
        },
        footer = {"", "Examples:", "  serai digest", "  serai digest --json"})
final class DigestCommand extends ShowCommand {
    DigestCommand(Shell shell) {
        super(shell);
    }

    @Override
    JsonNode read(HubClient hub) {
        return hub.get("/digest");
    }

    @Override
    void tell(JsonNode digest) {
        out().println(Facts.text(digest, "title"));
        out().println(Facts.text(digest, "text"));
    }
}
