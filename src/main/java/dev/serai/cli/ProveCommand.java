package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "prove",
        description = {
            "Prove what became of a receipt: when it was committed, under which key, and what each flow did with it.",
            "Works beside a running hub, on the same settings, or over --hub. Over HTTP also: GET /api/v1/receipts/e_81.",
            ""
        },
        footer = {"", "Example:", "  serai prove e_81"})
final class ProveCommand extends ShowCommand {
    @Parameters(paramLabel = "RECEIPT", description = "What the sender was answered: e_81.")
    private String receipt;

    ProveCommand(Shell shell) {
        super(shell);
    }

    @Override
    JsonNode read(HubClient hub) {
        return hub.get(HubClient.path("receipts", RunsCommand.name("e_", receipt)));
    }

    @Override
    void tell(JsonNode proof) {
        Instant now = Instant.now();
        Instant committed = Facts.time(proof, "committed_at");
        out().println(shell().paint().bold(Facts.text(proof, "receipt")) + "  " + Facts.text(proof, "type") + " of "
                + Facts.text(proof, "source"));
        out().println("  committed  " + Words.time(committed) + ", " + Words.age(committed, now));
        out().println("  happened   "
                + (Facts.has(proof, "occurred_at")
                        ? Words.time(Facts.time(proof, "occurred_at")) + " as its sender says"
                        : "not said"));
        out().println("  key        " + Facts.text(proof, "key"));
        out().println("  record     " + Facts.text(proof, "record"));
        out().println("  payload    " + Facts.text(proof, "size") + " bytes, sha256 " + Facts.text(proof, "sha256"));
        JsonNode runs = proof.path("runs");
        out().println("  runs       " + (runs.isEmpty() ? "none: no flow takes this type" : runs.size()));
        int effects = 0;
        for (JsonNode run : runs) {
            effects += run.path("effects").size();
        }
        out().println("  effects    " + effects + " writes at remotes");
        ObjectNode event = ((ObjectNode) proof).deepCopy();
        event.set("received_at", proof.path("committed_at"));
        for (JsonNode run : runs) {
            ObjectNode told = run.deepCopy();
            told.set("event", event);
            out().println();
            new Timeline(told, false).print(out(), shell().paint());
        }
    }
}
