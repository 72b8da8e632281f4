package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "forget",
        description = {
            "Forget a person: erase what arrived about them, what runs kept of it, and every trace beside.",
            "That events came and were dealt with stays, without content, and repeats of them are still recognised. There",
            "is no way back.",
            "Without --why it only tells what would go. Works beside a running hub, or over --hub.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  serai forget ada@example.com",
            "  serai forget ada@example.com +4930901820 contact:7 --why \"asked for on 2026-11-21\"",
            "  serai forget --certificate f_7 > f_7.json",
            "  serai forget --check f_7.json"
        })
final class ForgetCommand extends HubCommand {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A run that is being worked on ends within it, or its lease does. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Parameters(
            arity = "0..*",
            paramLabel = "WHO",
            description = "Each address, phone number and record (contact:7) of the person.")
    private List<String> who = List.of();

    @Option(
            names = "--why",
            paramLabel = "TEXT",
            description = "Why; it stays in the certificate, so write nothing of the person.")
    private String why;

    @Option(names = "--certificate", paramLabel = "ERASURE", description = "Print the certificate of an erasure: f_7.")
    private String certificate;

    @Option(
            names = "--check",
            paramLabel = "FILE",
            description = "Whether a certificate is genuine: what this command printed, in a file, or - for the input.")
    private String check;

    @Option(names = "--json", description = "As JSON, for scripts.")
    private boolean json;

    ForgetCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        if (Stream.of(!who.isEmpty(), certificate != null, check != null)
                        .filter(said -> said)
                        .count()
                > 1) {
            throw new WrongUse("Write whom to forget, or --certificate, or --check.");
        }
        if (check != null) {
            ObjectNode order = HubClient.body();
            order.set("certificate", held());
            return hub(Cli.FOUND, hub -> check(hub.post("/certificates/check", order)));
        }
        if (certificate != null) {
            return hub(Cli.FOUND, this::certificate);
        }
        if (who.isEmpty()) {
            throw new WrongUse("Nobody is named; write an e-mail address, a phone number or contact:7.");
        }
        return hub(Cli.FOUND, hub -> why == null ? forecast(hub) : forget(hub));
    }

    /** What somebody holds: the certificate alone, or with what was printed around it. */
    private JsonNode held() {
        try {
            JsonNode held = JSON.readTree(Given.file(shell(), "--check", check));
            JsonNode inside = held.path("certificate");
            if (inside.isObject() || held.isObject()) {
                return inside.isObject() ? inside : held;
            }
        } catch (IOException e) {
            // said below
        }
        throw new WrongUse("--check " + check + ": not a certificate; it is the JSON that serai forget printed");
    }

    private int check(JsonNode checked) {
        boolean genuine = checked.path("genuine").asBoolean();
        if (json) {
            json(checked);
        } else {
            String name = Facts.has(checked, "certificate") ? " " + Facts.text(checked, "certificate") : "";
            out().println(
                            genuine
                                    ? "Genuine: certificate" + name + " was written by this hub, and not changed since."
                                    : "Not genuine: this hub did not write certificate" + name
                                            + ", or it was changed since, or its fields are in another order.");
        }
        return genuine ? Cli.FINE : Cli.FOUND;
    }

    private int certificate(HubClient hub) {
        Optional<JsonNode> found = hub.find(HubClient.path("erasures", RunsCommand.name("f_", certificate)));
        if (found.isEmpty()) {
            return missing("There is no erasure " + certificate + ".");
        }
        json(found.get());
        return Facts.has(found.get(), "certificate") ? Cli.FINE : Cli.FOUND;
    }

    private ObjectNode order() {
        ObjectNode order = HubClient.body();
        who.forEach(order.putArray("identifiers")::add);
        return order;
    }

    private int forecast(HubClient hub) {
        JsonNode forecast = hub.post("/erasures", order().put("dry_run", true));
        if (json) {
            json(forecast);
            return Cli.FINE;
        }
        out().println("Would erase the content of " + count(forecast, "events", "event") + " and of "
                + count(forecast, "runs", "run") + "; of these runs " + Facts.text(forecast, "open_runs")
                + " would end without having done their work.");
        if (forecast.path("fetching_events").asLong() > 0) {
            out().println(
                            count(forecast, "fetching_events", "event")
                                    + " would stay and lose answers only: what the runs fetched tells of the person, and the event does not.");
        }
        if (!forecast.path("records").isEmpty()) {
            var records = new ArrayList<String>();
            forecast.path("records").forEach(record -> records.add(record.asText()));
            out().println("They are about " + String.join(", ", records) + ". Name those too that are the person.");
        }
        out().println("Nothing was changed. Add --why to do it; there is no way back.");
        return Cli.FINE;
    }

    private static String count(JsonNode json, String name, String thing) {
        return Words.count(json.path(name).asInt(), thing);
    }

    private int forget(HubClient hub) {
        JsonNode erasure = hub.post("/erasures", order().put("why", Given.why(why)));
        String name = Facts.text(erasure, "erasure");
        Instant end = Instant.now().plus(PATIENCE);
        while (!Facts.has(erasure, "certificate") && Instant.now().isBefore(end)) {
            hub.await();
            erasure = hub.get(HubClient.path("erasures", name));
        }
        json(erasure);
        return Facts.has(erasure, "certificate")
                ? Cli.FINE
                : missing(
                        "Not all could be erased yet: runs of it are being worked on, or what arrived last is not in the"
                                + " index. A hub goes on by itself; see serai forget --certificate " + name);
    }
}
