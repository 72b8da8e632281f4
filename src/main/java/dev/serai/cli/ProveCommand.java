package dev.serai.cli;

import dev.serai.config.Setting;
import dev.serai.store.History;
import dev.serai.store.Receipt;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "prove",
        description = {
            "Prove what became of a receipt: when it was committed, under which key, and what each flow did with it.",
            "Works beside a running hub, on the same settings.",
            ""
        },
        footer = {"", "Example:", "  serai prove e_81"})
@SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
final class ProveCommand extends ShellCommand {
    @Parameters(paramLabel = "RECEIPT", description = "What the sender was answered: e_81.")
    private String receipt;

    @Option(names = "--json", description = "As JSON, for scripts.")
    private boolean json;

    ProveCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws SQLException {
        long id;
        try {
            id = Receipt.parse(receipt);
        } catch (IllegalArgumentException e) {
            throw new WrongUse(e.getMessage());
        }
        return RunLists.ask(shell(), Cli.FOUND, history -> {
            Optional<History.StoredEvent> event = history.event(id);
            if (event.isEmpty()) {
                shell().err().println("There is no event " + new Receipt(id, false).name() + ".");
                return Cli.FOUND;
            }
            var timelines = new ArrayList<Timeline>();
            for (History.Run run : history.runsOf(id)) {
                Timeline.read(history, run.id(), false).ifPresent(timelines::add);
            }
            if (json) {
                out().println(json(event.get(), timelines));
            } else {
                print(event.get(), timelines);
            }
            return Cli.FINE;
        });
    }

    private void print(History.StoredEvent event, List<Timeline> timelines) {
        Instant now = Instant.now();
        History.EventLine line = event.line();
        out().println(shell().paint().bold(line.receipt()) + "  " + line.type() + " of " + line.source());
        out().println("  committed  " + Words.time(line.receivedAt()) + ", " + Words.age(line.receivedAt(), now));
        out().println("  happened   "
                + (event.occurredAt() == null ? "not said" : Words.time(event.occurredAt()) + " as its sender says"));
        out().println("  key        " + event.key());
        out().println("  record     " + line.record());
        out().println("  payload    " + event.size() + " bytes, sha256 " + event.sha256());
        out().println("  runs       " + (timelines.isEmpty() ? "none: no flow takes this type" : timelines.size()));
        for (Timeline timeline : timelines) {
            out().println();
            timeline.print(out(), shell().paint());
        }
    }

    private static String json(History.StoredEvent event, List<Timeline> timelines) {
        var proof = RunLists.JSON.createObjectNode();
        proof.put("receipt", event.line().receipt())
                .put("committed_at", RunLists.text(event.line().receivedAt()))
                .put("occurred_at", RunLists.text(event.occurredAt()))
                .put("source", event.line().source())
                .put("type", event.line().type())
                .put("key", event.key())
                .put("record", event.line().record())
                .put("size", event.size())
                .put("sha256", event.sha256());
        var runs = proof.putArray("runs");
        timelines.forEach(timeline -> runs.add(timeline.node()));
        return proof.toPrettyString();
    }
}
