package dev.serai.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.cli.Words;
import dev.serai.simulator.Call;
import dev.serai.simulator.Fault;
import dev.serai.simulator.Simulator;
import dev.serai.store.History;
import dev.serai.store.Names;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the demo shows. Each scene reads back from the vendors and the database what it claims. */
final class Scenes {
    private static final String JENNY = "jenny.rosen@example.com";
    private static final int REASON = 66;

    private final DemoHub hub;
    private final Simulator vendors;
    private final Payloads payloads;
    private final Sender sender;
    private final Watch watch;
    private final Stage stage;
    private Optional<String> deadLetter = Optional.empty();

    Scenes(DemoHub hub, Stage stage) {
        this.hub = hub;
        this.vendors = hub.simulator();
        this.payloads = new Payloads(hub);
        this.sender = new Sender(hub);
        this.watch = new Watch(hub.history());
        this.stage = stage;
    }

    /** One of them. */
    interface Scene {
        void play() throws SQLException;
    }

    List<Scene> all() {
        return List.of(
                this::newLead,
                this::sameAgain,
                this::forged,
                this::leadWithoutAddress,
                this::askedToWait,
                this::vendorDown,
                this::paymentFailed,
                this::eventOfOurOwn);
    }

    /** Whether each call to a vendor was one its API contract allows; says so. */
    boolean contractsKept() {
        List<Call> broken = vendors.ledger().violations();
        broken.forEach(call -> stage.complain(call.vendor() + " " + call.operation() + ": " + call.violation()));
        return broken.isEmpty();
    }

    int calls() {
        return vendors.ledger().calls().size();
    }

    /** The run that the scene without an address left dead, as {@code r_4}. */
    Optional<String> deadLetter() {
        return deadLetter;
    }

    private void newLead() throws SQLException {
        stage.scene("A new lead in HubSpot is served everywhere");
        var answer = sender.hubspot(payloads.hubspotBatch());
        stage.arrived("HubSpot webhook, batch of 3", answer, 202);
        runs(answer, "done");
        Optional<JsonNode> member = member(JENNY);
        stage.landed(
                "Mailchimp: member " + JENNY + " of list "
                        + member.map(m -> m.path("list_id").asText()).orElse("?"),
                member.isPresent());
        Optional<String> owner = hub.store().ownerOf(JENNY);
        stage.landed("table customers: a row, owner " + owner.orElse("?"), owner.isPresent());
        String run = contact("123").path("serai_run_id").asText("?");
        stage.landed("HubSpot: contact 123 now says serai_run_id = " + run, !run.equals("?"));
        List<JsonNode> notes = vendors.records("slack", "messages");
        stage.landed(
                "Slack: \"" + notes.stream().map(n -> n.path("text").asText()).collect(Collectors.joining()) + "\"",
                notes.size() == 1);
    }

    private void sameAgain() throws SQLException {
        stage.scene("HubSpot sends the same webhook again");
        int calls = vendors.ledger().calls().size();
        int events = hub.store().events();
        var answer = sender.hubspot(payloads.hubspotBatch());
        stage.arrived("the same batch, signed anew", answer, 202);
        stage.require("every event of it is recognised", answer.word().equals("duplicate"));
        stage.flows("nothing: duplicate");
        stage.landed(
                "recognised; no event stored, no vendor called",
                hub.store().events() == events && vendors.ledger().calls().size() == calls);
    }

    private void forged() throws SQLException {
        stage.scene("Somebody forges a webhook");
        int events = hub.store().events();
        var answer = sender.hubspot(payloads.newContact(127), "not-the-client-secret");
        stage.arrived("HubSpot webhook, wrong signature", answer, 401);
        stage.flows("nothing: refused");
        stage.landed("refused at the door; nothing was stored", hub.store().events() == events);
    }

    private void leadWithoutAddress() throws SQLException {
        stage.scene("A lead without an e-mail address");
        int customers = hub.store().customers();
        long writes = writes();
        var answer = sender.hubspot(payloads.newContact(124));
        stage.arrived("HubSpot webhook, contact 124", answer, 202);
        List<History.Run> runs = runs(answer, "dead");
        deadLetter = runs.stream().map(History.Run::name).findFirst();
        String reason = runs.stream().map(r -> String.valueOf(r.reason())).collect(Collectors.joining());
        stage.landed("dead letter: " + shortReason(reason), reason.contains("email"));
        stage.landed(
                "nothing was written anywhere: 0 writes in the ledger, 0 new rows",
                writes() == writes && hub.store().customers() == customers);
    }

    private static String shortReason(String reason) {
        String told = reason.replaceFirst("^mapping (\\S+) refused the record: ", "$1: ");
        return Words.shortened(told, REASON);
    }

    private void askedToWait() throws SQLException {
        stage.scene("Mailchimp says: too many requests, wait a second");
        vendors.fault(
                "mailchimp", Fault.status(429).retryAfter(Duration.ofSeconds(1)).times(1));
        int before = vendors.ledger().calls("mailchimp").size();
        var answer = sender.hubspot(payloads.newContact(125));
        stage.arrived("HubSpot webhook, contact 125", answer, 202);
        runs(answer, "done");
        List<Call> calls = callsSince("mailchimp", before);
        stage.tell("Mailchimp answered", statuses(calls));
        Instant first = calls.get(0).at();
        long waited = Duration.between(first, calls.get(calls.size() - 1).at()).toMillis();
        stage.landed(
                "waited " + waited + " ms as Retry-After asked, then one member: ada@example.com",
                waited >= 1000
                        && statuses(calls).equals("429, 200")
                        && member("ada@example.com").isPresent());
    }

    private void vendorDown() throws SQLException {
        stage.scene("Mailchimp is down for a while");
        vendors.fault("mailchimp", Fault.reset().times(3));
        int before = vendors.ledger().calls("mailchimp").size();
        var answer = sender.hubspot(payloads.newContact(126));
        stage.arrived("HubSpot webhook, contact 126", answer, 202);
        Watch.until(() -> vendors.ledger().calls("mailchimp").size() >= before + 3);
        stage.tell(
                "Mailchimp resets every connection",
                (vendors.ledger().calls("mailchimp").size() - before) + " times");
        stage.tell("Mailchimp is back", "the run goes on");
        runs(answer, "done");
        long successes = callsSince("mailchimp", before).stream()
                .filter(c -> c.status() == 200)
                .count();
        stage.landed(
                "delivered once it was back, and only once: grace@example.com",
                successes == 1 && member("grace@example.com").isPresent());
    }

    private void paymentFailed() throws SQLException {
        stage.scene("A payment fails in Stripe");
        var answer = sender.stripe(payloads.paymentFailed());
        stage.arrived("Stripe: invoice.payment_failed", answer, 202);
        runs(answer, "done");
        String health = contact("123").path("billing_health").asText("?");
        stage.landed("HubSpot: contact 123 now says billing_health = " + health, !health.equals("?"));
        List<JsonNode> tickets = vendors.records("zendesk", "tickets");
        stage.landed("Zendesk: ticket \"" + texts(tickets, "subject") + "\"", tickets.size() == 1);
        List<JsonNode> mails = vendors.records("sendgrid", "mails");
        stage.landed("SendGrid: mail \"" + texts(mails, "subject") + "\"", mails.size() == 1);
    }

    private void eventOfOurOwn() throws SQLException {
        stage.scene("An event of your own system");
        int events = hub.store().events();
        var answer = sender.event("customer.converted", payloads.customerConverted());
        stage.arrived("POST /v1/events/customer.converted", answer, 202);
        List<History.Run> runs = watch.ended(answer.events());
        stage.flows(runs.isEmpty() ? "stored; no flow takes it" : told(runs));
        stage.landed("checked against its schema and stored", hub.store().events() == events + 1);
    }

    /** Waits for the runs of an answer and tells how each ended. */
    private List<History.Run> runs(Sender.Answer answer, String expected) throws SQLException {
        List<History.Run> runs = watch.ended(answer.events());
        for (History.Run run : runs) {
            stage.tell(run.flow() + " " + run.name(), run.state() + took(run));
            if (!run.state().equals(expected)) {
                stage.tell("  step " + run.step(), String.valueOf(run.reason()));
            }
        }
        stage.flows(told(runs));
        stage.require(
                "one run, and it is " + expected,
                runs.size() == 1 && runs.get(0).state().equals(expected));
        return runs;
    }

    private static String took(History.Run run) {
        return run.finishedAt() == null
                ? ""
                : " in " + Duration.between(run.createdAt(), run.finishedAt()).toMillis() + " ms";
    }

    private static String told(List<History.Run> runs) {
        return runs.stream()
                .map(run -> run.flow() + " " + Names.run(run.id()) + " " + run.state())
                .collect(Collectors.joining(", "));
    }

    private Optional<JsonNode> member(String email) {
        return vendors.records("mailchimp", "members").stream()
                .filter(member -> member.path("email_address").asText().equals(email))
                .findFirst();
    }

    /** The properties of a HubSpot contact. */
    private JsonNode contact(String id) {
        return vendors.records("hubspot", "contacts").stream()
                .filter(contact -> contact.path("id").asText().equals(id))
                .findFirst()
                .orElseThrow()
                .path("properties");
    }

    private static String texts(List<JsonNode> records, String field) {
        return records.stream().map(r -> r.path(field).asText()).collect(Collectors.joining(", "));
    }

    private List<Call> callsSince(String vendor, int before) {
        List<Call> calls = vendors.ledger().calls(vendor);
        return calls.subList(before, calls.size());
    }

    private static String statuses(List<Call> calls) {
        return calls.stream().map(call -> String.valueOf(call.status())).collect(Collectors.joining(", "));
    }

    /** Calls that changed something at any vendor. */
    private long writes() {
        return vendors.ledger()
                .matching(call -> !call.asked().method().equals("GET"))
                .size();
    }
}
