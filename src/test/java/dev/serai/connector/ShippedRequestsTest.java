package dev.serai.connector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.library.LibraryFolder;
import dev.serai.run.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is special about the requests of shipped connector files; that all keep to their contracts is the suite's to show. */
class ShippedRequestsTest {
    /** HubSpot has them beside the properties. */
    private static final Set<String> ANSWERED_UNASKED = Set.of("id", "createdAt", "updatedAt");

    /** Salesforce refuses the whole question in an org that does not have them; settings ask for them where it has. */
    private static final Set<String> OF_SOME_ORGS = Set.of("MailingCountryCode", "CurrencyIsoCode");

    @Test
    void aFormNestsItsNamesInBrackets() throws IOException {
        Request request = shipped("stripe")
                .build(
                        "update_customer",
                        json("{'metadata':{'crm_id':42,'a&b':'c d'},'preferred_locales':['de','en'],'name':null}"),
                        Map.of("id", "cus_1"),
                        "k");

        assertThat(new String(request.body(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("metadata[crm_id]=42&metadata[a%26b]=c%20d&preferred_locales[0]=de&preferred_locales[1]=en"
                        + "&name=");
        assertThat(request.headers())
                .containsEntry("Content-Type", "application/x-www-form-urlencoded")
                .containsEntry("Idempotency-Key", "k")
                .containsEntry("Stripe-Version", "2026-10-28.endive");
    }

    @Test
    void zendeskGetsItsTicketWrappedAndGivesItUnwrapped() throws IOException {
        Connector zendesk = shipped("zendesk");
        Request request = zendesk.build("create_ticket", json("{'comment':{'body':'b'}}"), Map.of(), "k");

        assertThat(new String(request.body(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("{\"ticket\":{\"comment\":{\"body\":\"b\"}}}");
        assertThat(zendesk.useful("create_ticket", new Answer(201, Map.of(), "{\"ticket\":{\"id\":5}}".getBytes()))
                        .path("id")
                        .asInt())
                .isEqualTo(5);
    }

    @Test
    void sendgridTellsTheIdOfAMailInAHeader() throws IOException {
        assertThat(shipped("sendgrid")
                        .useful("send_mail", new Answer(202, Map.of("x-message-id", "m1"), new byte[0]))
                        .asText())
                .isEqualTo("m1");
    }

    @Test
    void mailsOfSendgridKeepToNoLimitOfMarketing() throws IOException {
        QuotaSet quotas = shipped("sendgrid").quotas();

        assertThat(quotas.limits("upsert_contacts"))
                .extracting(QuotaSet.Limit::name)
                .containsExactly("marketing");
        assertThat(quotas.limits("send_mail")).isEmpty();
    }

    @Test
    void aLookUpFindsNothingOneRecordOrSeveral() throws IOException {
        Connector pipedrive = shipped("pipedrive");
        String item = "{\"item\": {\"id\": 7}}";

        assertThat(found(pipedrive, "person_of_body", "{\"data\": {\"items\": []}}"))
                .isEmpty();
        assertThat(found(pipedrive, "person_of_body", "{\"data\": {\"items\": [" + item + "]}}"))
                .containsExactly(json("{'id':7}"));
        assertThat(found(pipedrive, "person_of_body", "{\"data\": {\"items\": [" + item + ", " + item + "]}}"))
                .hasSize(2);
        assertThat(found(pipedrive, "person", "{\"data\": {}}")).isEmpty();
        assertThat(found(pipedrive, "person", "{\"data\": null}")).isEmpty();
        assertThat(found(pipedrive, "person", "{\"data\": \"p-7\"}"))
                .as("an id")
                .hasSize(1);
    }

    private static List<JsonNode> found(Connector connector, String lookUp, String answer) {
        return connector.found(lookUp, new Answer(200, Map.of(), answer.getBytes()));
    }

    @Test
    void anUpdateInPipedriveTakesNoAddressesNumbersOrPipelinesAway() throws IOException {
        Connector pipedrive = shipped("pipedrive");
        JsonNode person = json("{'emails':[{'value':'ada@example.com'}],'phones':[{'value':'1'}],'job_title':'CTO'}");

        assertThat(json(new String(pipedrive
                        .build("update_person", person, Map.of("id", "7"), "")
                        .body())))
                .isEqualTo(json("{'job_title':'CTO'}"));
        assertThat(json(new String(pipedrive
                                .build("create_person", person, Map.of(), "")
                                .body()))
                        .path("name")
                        .textValue())
                .isEqualTo("Unknown");
        assertThat(json(new String(pipedrive
                        .build("update_deal", json("{'title':'E','pipeline_id':3}"), Map.of("id", "9"), "")
                        .body())))
                .isEqualTo(json("{'title':'E'}"));
    }

    @Test
    void anUpdateInHubspotLeavesADealAtItsStageAndMovingItMovesItsStageAlone() throws IOException {
        Connector hubspot = shipped("hubspot");
        JsonNode deal = json("{'properties':{'dealname':'E','dealstage':'contractsent','pipeline':'p2'}}");

        assertThat(json(new String(hubspot.build("update_deal", deal, Map.of("id", "9"), "")
                        .body())))
                .isEqualTo(json("{'properties':{'dealname':'E'}}"));
        assertThat(json(new String(
                        hubspot.build("create_deal", deal, Map.of(), "").body())))
                .isEqualTo(deal);
        assertThat(json(new String(
                        hubspot.build("move_deal", deal, Map.of("id", "9"), "").body())))
                .isEqualTo(deal);
    }

    /** Where a list names its fields, what is not named does not come, and its field of ours stays empty without a word. */
    @ParameterizedTest
    @CsvSource({
        "hubspot,    contacts,      hubspot/contact-to-contact",
        "hubspot,    deals,         hubspot/deal-to-deal",
        "salesforce, contacts,      salesforce/contact-to-contact",
        "salesforce, opportunities, salesforce/opportunity-to-deal",
        "zoho,       contacts,      zoho/contact-to-contact",
        "zoho,       deals,         zoho/potential-to-deal",
    })
    void aStreamAsksForEveryFieldItsMappingReads(String vendor, String stream, String mapping) throws IOException {
        var listing = (Listing) shipped(vendor).operation(stream);
        var asked = new StringBuilder();
        listing.call().query().values().forEach(text -> asked.append(text).append(' '));
        listing.call().body().ifPresent(body -> body.texts()
                .forEach(text -> asked.append(text).append(' ')));
        List<String> named = List.of(asked.toString().split("[^A-Za-z0-9_]+"));

        assertThat(LibraryFolder.read(Path.of("mappings"), name -> Optional.empty())
                        .mapping(mapping)
                        .orElseThrow()
                        .readings())
                .extracting(reading -> reading.path().substring(reading.path().lastIndexOf('.') + 1))
                .filteredOn(field -> !ANSWERED_UNASKED.contains(field) && !OF_SOME_ORGS.contains(field))
                .isNotEmpty()
                .allSatisfy(field -> assertThat(named).contains(field));
    }

    @Test
    void intercomIsAskedWithANumberAndNotWithItsDigits() throws IOException {
        Request first = shipped("intercom")
                .polling("contacts")
                .first(Optional.empty(), Map.of(), Instant.parse("2026-11-20T12:00:00Z"))
                .request();

        assertThat(new ObjectMapper().readTree(first.body()).at("/query/value"))
                .isEqualTo(new ObjectMapper().readTree("1767225600"));
    }

    @Test
    void peopleWhoAreTwiceAtPipedriveAreAllFound() throws IOException {
        Connector pipedrive = shipped("pipedrive");
        var answer = new Answer(200, Map.of(), """
                {"success": true, "data": {"items": [
                  {"result_score": 1, "item": {"id": 7, "emails": ["ADA@example.com"]}},
                  {"result_score": 1, "item": {"id": 8, "emails": ["x@example.com", "ada@example.com"]}},
                  {"result_score": 0.4, "item": {"id": 9, "emails": ["nada@example.com"]}}]}}""".getBytes());

        assertThat(pipedrive
                        .upsert("upsert_person")
                        .orElseThrow()
                        .hits(pipedrive.useful("person_of_body", answer), "ada@example.com"))
                .containsExactly("7", "8");
    }

    @Test
    void aRowOfSalesforceThatIsLockedIsTriedAgainAndTheOthersAreDone() throws IOException {
        var answer = new Answer(200, Map.of(), """
                [{"success": false, "errors": [{"statusCode": "UNABLE_TO_LOCK_ROW", "message": "unable to obtain exclusive access"}]},
                 {"success": true, "errors": []},
                 {"success": false, "errors": [{"statusCode": "REQUIRED_FIELD_MISSING", "message": "LastName"}]}]""".getBytes());

        assertThat(shipped("salesforce")
                        .batch("upsert_contacts")
                        .orElseThrow()
                        .judge(List.of(json("{}"), json("{}"), json("{}")), answer))
                .extracting(result -> result.outcome().verdict())
                .containsExactly(Verdict.RETRY, Verdict.SUCCESS, Verdict.FAIL);
    }

    /** Whether a credential works can be asked without knowing a record. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "brevo",
                "github",
                "hubspot",
                "intercom",
                "mailchimp",
                "pipedrive",
                "salesforce",
                "sendgrid",
                "shopify",
                "slack",
                "stripe",
                "woocommerce",
                "zendesk",
                "zoho"
            })
    void everySystemThatIsCalledWithACredentialHasAReadThatNeedsNothing(String vendor) throws IOException {
        assertThat(shipped(vendor).operations().values().stream()
                        .filter(Operation.Read.class::isInstance)
                        .filter(read -> places(((Operation.Read) read).call()).isEmpty()))
                .isNotEmpty();
    }

    private static List<String> places(Operation.Call call) {
        var places = new ArrayList<>(call.path().places());
        call.query().values().forEach(text -> places.addAll(text.places()));
        call.body().ifPresent(body -> body.texts().forEach(text -> places.addAll(text.places())));
        return places;
    }

    @ParameterizedTest
    @CsvSource({
        "salesforce, contacts,         contact.deleted",
        "salesforce, opportunities,    deal.deleted",
    })
    void whatSalesforceDeletedIsToldAsSuch(String vendor, String stream, String type) throws IOException {
        var listing = (Listing) shipped(vendor).operation(stream);
        byte[] gone =
                "{\"Id\":\"1\",\"IsDeleted\":true,\"SystemModstamp\":\"2026-11-20T12:00:00.000+0000\"}".getBytes();
        byte[] there =
                "{\"Id\":\"2\",\"IsDeleted\":false,\"SystemModstamp\":\"2026-11-20T12:00:00.000+0000\"}".getBytes();

        assertThat(new PageEvents(vendor, listing, Map.of()).read(List.of(gone, there)))
                .extracting(StreamEvent::type)
                .containsExactly(type, type.replace("deleted", "changed"));
    }

    @Test
    void aDeletedDealOfPipedriveIsToldByItsPoll() throws IOException {
        var polling = shipped("pipedrive").polling("deleted_deals");
        PageRequest asked = polling.first(Optional.empty(), Map.of(), Instant.parse("2026-11-20T12:00:00Z"));
        var answer = new Answer(200, Map.of(), """
                {"success": true, "data": [{"id": 9, "status": "deleted", "is_deleted": true,
                  "update_time": "2026-11-20T10:00:00Z"}], "additional_data": {"next_cursor": null}}""".getBytes());

        assertThat(asked.request().url().getQuery()).contains("status=deleted", "updated_since=2026-01-01T00:00:00Z");
        StreamEvent event = polling.read(asked, answer).events().get(0);
        assertThat(event.type()).isEqualTo("deal.deleted");
        assertThat(event.record()).isEqualTo("deal:9");
        assertThat(event.id()).as("and not that of the change before").isEqualTo("deal:9:deleted:2026-11-20T10:00:00Z");
    }

    static Connector shipped(String vendor) throws IOException {
        Path file = Path.of("mappings", vendor, "connector.yaml");
        return Connector.read(file.toString(), vendor, Files.readString(file), ShippedRequestsTest::setting);
    }

    private static Optional<String> setting(String name) {
        return switch (name.substring(name.indexOf('.') + 1)) {
            case "access-token", "api-key", "bot-token", "api-token" -> Optional.of("secret-" + name + "-us6");
            case "subdomain" -> Optional.of("acme");
            case "email" -> Optional.of("agent@acme.example");
            default -> Optional.empty();
        };
    }

    static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }
}
