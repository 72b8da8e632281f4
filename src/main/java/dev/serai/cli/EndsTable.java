package dev.serai.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.config.Settings;
import dev.serai.facts.ConnectionFacts;
import dev.serai.file.Durations;
import dev.serai.route.CredentialEnds;
import dev.serai.route.CredentialEnds.End;
import dev.serai.run.Allowance.Thresholds;
import dev.serai.store.Buckets;
import dev.serai.store.Database;
import dev.serai.store.ParkedConnections;
import dev.serai.store.Proofs;
import dev.serai.store.Tallies;
import dev.serai.store.Tokens;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** When credentials end, as a table. */
final class EndsTable {
    private final Shell shell;
    private final Database database;

    EndsTable(Shell shell, Database database) {
        this.shell = shell;
        this.database = database;
    }

    /** All connections, as the API tells them. */
    ArrayNode connections(Instant now) throws SQLException {
        Settings settings = shell.quietSettings();
        var seal = CredentialCommands.seal(settings);
        var library = CredentialCommands.library(database, settings, seal);
        var data = database.dataSource();
        var sources = new ConnectionFacts.Sources(
                new ParkedConnections(data), new Proofs(data), new Tallies(data), new Buckets(data, Thresholds.USUAL));
        return new ConnectionFacts(sources).list(library, CredentialEnds.told(library, new Tokens(data, seal)), now);
    }

    private List<End> ends() throws SQLException {
        Settings settings = shell.quietSettings();
        var seal = CredentialCommands.seal(settings);
        var library = CredentialCommands.library(database, settings, seal);
        return CredentialEnds.of(library, new Tokens(database.dataSource(), seal));
    }

    /** All of them; nothing when there are none. */
    void all() throws SQLException {
        List<End> ends = ends();
        if (!ends.isEmpty()) {
            shell.out().println();
            print(ends);
        }
    }

    /** Those a person must see to in that time. @return 1 when there are any */
    int within(String span, boolean json) throws SQLException {
        Duration ahead = Durations.parse(span)
                .orElseThrow(() -> new WrongUse("--expiring " + span + ": a duration such as 30d is needed"));
        Instant until = Instant.now().plus(ahead);
        List<End> ends = ends().stream()
                .filter(end -> !end.renewed() && end.at().isBefore(until))
                .toList();
        if (json) {
            var list = JsonNodeFactory.instance.arrayNode();
            ends.forEach(end -> list.addObject()
                    .put("connection", end.connector().name())
                    .put("what", end.what())
                    .put("ends", end.at().toString()));
            shell.out().println(list.toPrettyString());
        } else if (ends.isEmpty()) {
            shell.out().println("No credential ends within " + span + ".");
        } else {
            print(ends);
        }
        return ends.isEmpty() ? Cli.FINE : Cli.FOUND;
    }

    private void print(List<End> ends) throws SQLException {
        Instant now = Instant.now();
        var proofs = new Proofs(database.dataSource()).all();
        var table = new Table("connection", "what", "ends", "then", "proved");
        for (End end : ends) {
            var proof = proofs.get(end.connector().name());
            table.row(
                    end.connector().name(),
                    end.what(),
                    Words.age(end.at(), now),
                    end.renewed() ? "renewed by the hub" : "you renew it",
                    proof == null || proof.provedAt() == null ? "-" : Words.age(proof.provedAt(), now));
        }
        table.print(shell.out(), shell.paint());
    }
}
