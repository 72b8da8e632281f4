package dev.serai.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connector.Connector;
import dev.serai.library.Library;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is said of scopes, by what a file says, a vendor told and flows call. */
class ScopeFactsTest {
    private static final String FILE = """
            connector: shop
            base_url: https://shop.example
            auth:
              type: oauth2
              grant: client_credentials
              token_url: https://shop.example/token
              client_id: app
              client_secret: "{{shop.secret}}"
              scopes: [ read, write, admin, watch, offline ]
            reads:
              me: { path: /me, scopes: [ read ] }
              find: { path: "/people/{email}", scopes: [ read ] }
              silent: { path: "/silent/{id}" }
            writes:
              create: { method: POST, path: /people, class: lookup, lookup: find, lag: 0s, scopes: [ write ] }
              update: { method: PUT, path: "/people/{id}", class: idempotent, scopes: [ write ] }
              upsert: { upsert: { key: "{email}", search: find, create: create, update: update } }
              remove: { method: DELETE, path: "/people/{id}", class: idempotent, scopes: [ admin ] }
              ping: { method: POST, path: /ping, class: idempotent, scopes: [] }
            streams:
              changes:
                path: /changes
                query: { since: "{cursor}" }
                scopes: [ watch ]
                records: items
                pagination: { type: none }
                cursor: { field: at, order: ascending, start: "2026-01-01T00:00:00Z" }
                event: { type: changed, id: "{id}", record: "person:{id}" }
            """;

    private static Connector shop(String file) {
        return Connector.read("f", "shop", file, name -> Optional.of("s"));
    }

    private static Flow flow(String id, String from, String... operations) {
        List<Flow.Step> steps = List.of(operations).stream()
                .map(operation ->
                        new Flow.Step(operation, "connector", "shop/" + operation + "?x=1", List.of(), List.of()))
                .toList();
        return new Flow(
                id,
                new Flow.Terms(List.of(), "", "", "normal", 0, 1),
                new Flow.Drawing("routes/f.camel.yaml", "", from, steps),
                true);
    }

    private static String of(String told, Flow... flows) {
        return ofFile(FILE, told, flows);
    }

    private static String ofFile(String file, String told, Flow... flows) {
        Connector shop = shop(file);
        var library = new Library(Map.of(), Map.of("shop", shop), Map.of());
        var json = ScopeFacts.of(shop, told, library, List.of(flows));
        return "granted " + json.path("granted") + " needed " + json.path("needed") + " missing " + json.path("missing")
                + " unneeded " + json.path("unneeded");
    }

    @Test
    void aVendorThatTellsNoneHasGrantedWhatWasAskedFor() {
        assertThat(of(null, flow("f", "event:t", "upsert")))
                .as("admin and watch are of operations that nobody calls; of offline nobody knows what it is for")
                .isEqualTo("granted [\"admin\",\"offline\",\"read\",\"watch\",\"write\"] needed [\"read\",\"write\"]"
                        + " missing [] unneeded [\"admin\",\"watch\"]");
    }

    @Test
    void whatWasNotGrantedIsToldWithTheOperationsAndFlowsThatNeedIt() {
        assertThat(of("read offline", flow("f", "event:t", "upsert"), flow("g", "event:t", "update", "ping")))
                .isEqualTo("granted [\"offline\",\"read\"] needed [\"read\",\"write\"] missing"
                        + " [{\"scope\":\"write\",\"operation\":\"update\",\"flows\":[\"g\"]},"
                        + "{\"scope\":\"write\",\"operation\":\"upsert\",\"flows\":[\"f\"]}] unneeded []");
    }

    @Test
    void aStreamThatAFlowBeginsWithNeedsItsOwnAndALookUpThatOfItsRead() {
        assertThat(of("write,watch,more", flow("f", "connector:shop/changes?every=5m", "create")))
                .isEqualTo("granted [\"more\",\"watch\",\"write\"] needed [\"read\",\"watch\",\"write\"] missing"
                        + " [{\"scope\":\"read\",\"operation\":\"create\",\"flows\":[\"f\"]}] unneeded [\"more\"]");
    }

    @Test
    void whereAnOperationDoesNotSayWhatItNeedsNothingIsCalledUnneeded() {
        assertThat(of("read write", flow("f", "event:t", "silent", "remove")))
                .isEqualTo("granted [\"read\",\"write\"] needed null missing"
                        + " [{\"scope\":\"admin\",\"operation\":\"remove\",\"flows\":[\"f\"]}] unneeded []");
        assertThat(of("read write")).as("no flow calls it yet").endsWith("needed null missing [] unneeded []");
    }

    @Test
    void ofAKeyThatComesWithoutATokenOnlyWhatIsNeededIsTold() {
        String file = FILE.replaceAll("(?s)auth:.*reads:", "reads:");
        assertThat(ofFile(file, null, flow("f", "event:t", "update")))
                .isEqualTo("granted [] needed [\"write\"] missing [] unneeded []");
    }
}
