package dev.serai.api;

import static dev.serai.api.Operation.get;
import static dev.serai.api.Operation.post;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Operation.Parameter;
import dev.serai.facts.SystemFacts;
import dev.serai.facts.SystemRow;
import dev.serai.facts.SystemRow.Repair;
import dev.serai.run.Pace;
import dev.serai.store.Breakers;
import dev.serai.store.Doubts;
import dev.serai.store.Doubts.Doubt;
import dev.serai.store.Names;
import dev.serai.store.NewerWrites;
import dev.serai.store.ParkedConnections;
import dev.serai.store.Receipt;
import dev.serai.store.Refusal;
import dev.serai.store.Replay;
import dev.serai.store.Resume;
import dev.serai.store.RunFilter;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Which event of a record each system has, and the order that mends what is behind. */
final class SystemsApi {
    private final SystemFacts facts;
    private final Deeds deeds;
    private final Payloads payloads;

    /** What repairs are done by. */
    record Deeds(Resume resume, Replay replay, Doubts doubts, ParkedConnections connections, Breakers breakers) {}

    SystemsApi(SystemFacts facts, Deeds deeds, Payloads payloads) {
        this.facts = facts;
        this.deeds = deeds;
        this.payloads = payloads;
    }

    List<Operation> operations() {
        return List.of(
                get(
                                "/systems",
                                "show_systems",
                                "Which event of a record each system has, and how that stands against the newest")
                        .takes(List.of(Parameter.of("q", "a record such as contact:7, or whatever a search takes")))
                        .answers("Systems", this::show),
                post(
                                "/systems/repair",
                                "repair_system",
                                "Does what mends a system that is behind or in doubt, as long as it still would")
                        .body("RepairOrder")
                        .mayWait()
                        .answers("Repaired", this::repair));
    }

    private Answer show(Ask ask) throws SQLException {
        String who =
                ask.query("q").orElseThrow(() -> Declined.badRequest("q is missing; write a record such as contact:7"));
        SystemFacts.Told told = facts.ask(who);
        ObjectNode json = told.json();
        // what a vendor repeats of people in its reason is hidden as on the page of the run
        List<JsonNode> shown = new ArrayList<>();
        json.path("records").forEach(record -> record.path("systems").forEach(row -> shown.add(row.path("run"))));
        payloads.each(
                ask,
                shown,
                "run",
                told.records().stream()
                        .flatMap(record -> record.systems().stream())
                        .map(row -> row.stand().run())
                        .filter(Objects::nonNull)
                        .distinct()
                        .toList());
        return Answer.of(json);
    }

    private Answer repair(Ask ask) throws SQLException {
        JsonNode body = ask.body();
        String name = body.path("repair").asText();
        String who = body.path("q").asText();
        // what was looked at must stand as it stood: a repair has another name as soon as it would do another thing
        List<SystemRow> mended = facts.ask(who).records().stream()
                .flatMap(record -> record.systems().stream())
                .filter(row -> row.repair() != null && row.repair().name().equals(name))
                .toList();
        if (mended.isEmpty()) {
            throw moved(name, "what is known of " + who + " asks for no such repair now");
        }
        SystemRow row = mended.get(0);
        boolean dryRun = body.path("dry_run").asBoolean();
        if (!dryRun) {
            ask.byHand();
        }
        ObjectNode json = Json.object().put("dry_run", dryRun).put("repair", name);
        json.set("systems", Json.list(mended, each -> Json.object()
                .put("connection", each.at().connection())
                .put("operation", each.at().operation())
                .put("flow", each.at().flow())
                .put("step", each.at().step())));
        List<Long> runs = new ArrayList<>();
        json.put("words", done(ask, row, dryRun, runs));
        var names = json.putArray("runs");
        runs.forEach(run -> names.add(Names.run(run)));
        return Answer.of(json);
    }

    private static Declined moved(String name, String why) {
        return Declined.conflict(name + ": " + why + "; nothing was changed. Look again");
    }

    /** @param runs gets those that go on @return what that means, for a person */
    private String done(Ask ask, SystemRow row, boolean dryRun, List<Long> runs) throws SQLException {
        Repair repair = row.repair();
        return switch (repair.deed()) {
            case "resume" -> resume(ask, row, dryRun, runs);
            case "replay" -> replay(ask, row, dryRun, runs);
            case "settle" -> settle(ask, repair, dryRun, runs);
            case "connection" -> {
                if (!dryRun) {
                    touched(repair, deeds.connections.resume(repair.of(), ask.now(), ask.byHand()) > 0);
                }
                yield repair.of() + " goes on, and with it every run that waits for it";
            }
            default -> {
                int slash = repair.of().indexOf('/');
                var endpoint = new Breakers.Endpoint(
                        repair.of().substring(0, slash), repair.of().substring(slash + 1));
                if (!dryRun) {
                    touched(repair, deeds.breakers.tryNow(endpoint, ask.now(), ask.byHand()));
                }
                yield "one call of " + repair.of() + " is let through now, and decides for all that wait";
            }
        };
    }

    private static void touched(Repair repair, boolean touched) {
        if (!touched) {
            throw moved(repair.name(), "it is well again, or another was faster");
        }
    }

    private String resume(Ask ask, SystemRow row, boolean dryRun, List<Long> runs) throws SQLException {
        Repair repair = row.repair();
        var which = RunFilter.ALL.ids(List.of(repair.id())).states(List.of("dead"));
        var unless = new NewerWrites(row.at().family(), false);
        var order = new Resume.Order(which, Optional.empty(), Pace.AT_ONCE, 1, unless);
        Resume.Result result = dryRun
                ? deeds.resume.tryOut(order, soFar -> {})
                : deeds.resume.resume(order, ask.byHand(), soFar -> {});
        if (result.resumed().isEmpty()) {
            throw moved(
                    repair.name(),
                    result.refused().stream().map(Refusal::why).findFirst().orElse("its run is not dead any more"));
        }
        runs.addAll(result.resumed());
        return Names.run(repair.id()) + " goes on where it failed; what succeeded is not done again";
    }

    private String replay(Ask ask, SystemRow row, boolean dryRun, List<Long> runs) throws SQLException {
        Repair repair = row.repair();
        var which = new Replay.Which(
                List.of(repair.id()),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        var order = new Replay.Order(
                repair.of(), which, Pace.AT_ONCE, 1, new NewerWrites(row.at().family(), true));
        Replay.Result result =
                dryRun ? deeds.replay.tryOut(order) : deeds.replay.replay(order, ask.byHand(), soFar -> {});
        if (result.events().isEmpty()) {
            throw moved(
                    repair.name(),
                    result.open() > 0
                            ? "its run of " + repair.of() + " is not done yet"
                            : "a newer event of its record was written since, or nothing is left of it");
        }
        runs.addAll(result.runs());
        return new Receipt(repair.id(), false).name() + " goes through " + repair.of()
                + " as a new run: what it wrote before is written again";
    }

    private String settle(Ask ask, Repair repair, boolean dryRun, List<Long> runs) throws SQLException {
        Doubt doubt = deeds.doubts
                .find(repair.id())
                .filter(each -> Integer.toString(each.claim()).equals(repair.of()))
                .orElseThrow(() -> moved(repair.name(), "its run has moved"));
        String look = "look at " + doubt.connection() + " for " + doubt.operation() + " with the key "
                + doubt.idempotencyKey();
        if (dryRun) {
            return look + ", then say whether it was done";
        }
        JsonNode answer = ask.body().path("answer");
        boolean settled =
                switch (ask.body().path("outcome").asText()) {
                    case "done" ->
                        deeds.doubts.done(
                                doubt,
                                answer.isMissingNode()
                                        ? null
                                        : answer.toString().getBytes(StandardCharsets.UTF_8),
                                ask.byHand());
                    case "not_done" -> deeds.doubts.notDone(doubt, ask.byHand());
                    default ->
                        throw Declined.badRequest("\"outcome\" is missing; " + look + ", and write done or not_done");
                };
        if (!settled) {
            throw moved(repair.name(), "its run has moved");
        }
        runs.add(doubt.run());
        return doubt.name() + " goes on";
    }
}
