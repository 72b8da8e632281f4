package dev.serai.api;

import static dev.serai.api.Operation.get;
import static dev.serai.api.Operation.post;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Operation.Parameter;
import dev.serai.facts.ErasureFacts;
import dev.serai.facts.People;
import dev.serai.facts.PersonFacts;
import dev.serai.facts.WhyFacts;
import dev.serai.store.ByHand;
import dev.serai.store.Erasures.Erasure;
import dev.serai.store.Erasures.Forecast;
import dev.serai.store.Identifiers;
import dev.serai.store.Receipt;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** People and records: found by what recognises them, exported, forgotten. */
final class PeopleApi {
    private static final Parameter WHO = Parameter.of(
            "q", "an e-mail address, a phone number, an id, a record such as contact:7, a receipt or a run");

    private final People people;
    private final WhyFacts why;
    private final Payloads payloads;

    PeopleApi(People people, WhyFacts why, Payloads payloads) {
        this.people = people;
        this.why = why;
        this.payloads = payloads;
    }

    List<Operation> operations() {
        var who = Stream.concat(Stream.of(WHO), Paging.PARAMETERS.stream()).toList();
        return List.of(
                get(
                                "/search",
                                "search",
                                "What happened about a person or a record, the newest events first, in one line of time")
                        .takes(who)
                        .answers("Found", this::search),
                get("/why", "explain_field", "Which writes gave a field its value, the newest first, and by which rule")
                        .by(Role.OPERATOR)
                        .takes(List.of(WHO, Parameter.of("field", "its name or dotted path: phone")))
                        .mayWait()
                        .answers("Why", this::why),
                get("/export", "export_person", "All that is stored about a person; that it was asked for is noted")
                        .by(Role.ADMIN)
                        .takes(who)
                        .mayWait()
                        .answers("Export", this::export),
                post(
                                "/erasures",
                                "erase_person",
                                "Forgets a person, soon: ask how far it is; a dry run tells what would go")
                        .by(Role.ADMIN)
                        .body("ErasureOrder")
                        .mayWait()
                        .answers("Erasure", this::erase),
                get("/erasures", "list_erasures", "Who was forgotten when, by whom, without who it was")
                        .by(Role.ADMIN)
                        .answers(
                                "ErasureList",
                                ask -> Answer.of(Json.items(people.erasures().list(), ErasureFacts::json))),
                post(
                                "/certificates/check",
                                "check_certificate",
                                "Whether the certificate of an erasure was written by this hub, and not changed since")
                        .body("CertificateToCheck")
                        .answers("CertificateChecked", this::check),
                get("/erasures/{erasure}", "show_erasure", "How far an erasure is, and its certificate")
                        .by(Role.ADMIN)
                        .answers("Erasure", this::show));
    }

    private static String who(Ask ask) {
        return ask.query("q")
                .orElseThrow(() -> Declined.badRequest("q is missing; write an address, a phone number or an id"));
    }

    private static long before(Ask ask) {
        long before = Paging.before(ask, Receipt::parse);
        return before == 0 ? Long.MAX_VALUE : before;
    }

    private Answer search(Ask ask) throws SQLException {
        PersonFacts found = people.find(who(ask), before(ask), ask.limit());
        ObjectNode json = found.json();
        var told = new ArrayList<JsonNode>();
        json.path("lines").forEach(told::add);
        json.path("events").forEach(event -> event.path("runs").forEach(told::add));
        payloads.each(ask, told, "run", found.runs());
        return Answer.of(json);
    }

    private Answer why(Ask ask) throws SQLException {
        String field = ask.query("field").orElseThrow(() -> Declined.badRequest("field is missing; write phone, say"));
        people.audit().note(new ByHand(ask.caller().name(), ""), "asked why a person's " + field + " is as it is");
        return Answer.of(why.ask(who(ask), field).json());
    }

    private Answer export(Ask ask) throws SQLException {
        String who = who(ask);
        if (!who.strip().matches("[er]_\\d{1,18}")) {
            subject("q", List.of(who));
        }
        return Answer.of(people.export(
                who, before(ask), ask.limit(), new ByHand(ask.caller().name(), "")));
    }

    private Answer erase(Ask ask) throws SQLException {
        var typed = new ArrayList<String>();
        ask.body().path("identifiers").forEach(each -> typed.add(each.asText()));
        List<String> subject = subject("identifiers", typed);
        if (ask.body().path("dry_run").asBoolean()) {
            return Answer.of(ErasureFacts.json(forecast(subject)));
        }
        long id = people.erasures().begin(subject, ask.byHand());
        // written down, and no matter how long it takes: a hub goes on with it within a second
        return Answer.of(ErasureFacts.json(people.erasures().find(id).orElseThrow()));
    }

    /** Nobody else's is handed over or forgotten, either. */
    private static List<String> subject(String word, List<String> typed) {
        try {
            return ErasureFacts.subject(typed);
        } catch (IllegalArgumentException e) {
            throw Declined.badRequest(word + ": " + e.getMessage());
        }
    }

    private Forecast forecast(List<String> subject) throws SQLException {
        try {
            return people.erasures().forecast(subject);
        } catch (Identifiers.Behind e) {
            throw new Declined(503, "behind", e.getMessage());
        }
    }

    private Answer check(Ask ask) throws SQLException {
        var certificate = (ObjectNode) ask.body().path("certificate");
        return Answer.of(Json.object()
                .put("genuine", people.erasures().isGenuine(certificate))
                .put("certificate", certificate.path("certificate").textValue()));
    }

    private Answer show(Ask ask) throws SQLException {
        String name = ask.path().get("erasure");
        try {
            return Answer.of(ErasureFacts.json(people.erasures()
                    .find(Erasure.parse(name))
                    .orElseThrow(() -> Declined.notFound("there is no erasure " + name))));
        } catch (IllegalArgumentException e) {
            throw Declined.notFound(e.getMessage());
        }
    }
}
