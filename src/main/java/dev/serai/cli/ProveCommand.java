package dev.serai.cli;

import dev.serai.config.Setting;
import dev.serai.facts.Proof;
import dev.serai.facts.RunFacts;
import dev.serai.store.History;
import dev.serai.store.Receipt;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "prove",
        description = {
            "Prove what became of a receipt: when it was committed, under which key, and what each flow did with it.",
            "Works beside a running hub, on the same settings. Over HTTP: GET /api/v1/receipts/e_81.",
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
        return RunLists.ask(shell(), Cli.FOUND, desk -> {
            Optional<Proof> proof = Proof.read(desk.history(), id);
            if (proof.isEmpty()) {
                shell().err()
                        .println("There is no event " + new Receipt(id, false).name()
                                + "; it may have left the history already.");
                return Cli.FOUND;
            }
            if (json) {
                out().println(proof.get().json().toPrettyString());
            } else {
                print(proof.get());
            }
            return Cli.FINE;
        });
    }

    private void print(Proof proof) {
        Instant now = Instant.now();
        History.StoredEvent event = proof.event();
        History.EventLine line = event.line();
        out().println(shell().paint().bold(line.receipt()) + "  " + line.type() + " of " + line.source());
        out().println("  committed  " + Words.time(line.receivedAt()) + ", " + Words.age(line.receivedAt(), now));
        out().println("  happened   "
                + (event.occurredAt() == null ? "not said" : Words.time(event.occurredAt()) + " as its sender says"));
        out().println("  key        " + event.key());
        out().println("  record     " + line.record());
        out().println("  payload    " + event.size() + " bytes, sha256 " + event.sha256());
        out().println("  runs       "
                + (proof.runs().isEmpty()
                        ? "none: no flow takes this type"
                        : proof.runs().size()));
        out().println("  effects    "
                + proof.runs().stream().mapToInt(run -> run.effects().size()).sum() + " writes at remotes");
        for (RunFacts run : proof.runs()) {
            out().println();
            new Timeline(run, Timeline.Payloads.NOT_ASKED).print(out(), shell().paint());
        }
    }
}
