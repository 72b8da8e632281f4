package dev.serai.connector;

import static dev.serai.connector.ShippedRequestsTest.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestsTest {
    private static final String SHOP = """
            connector: shop
            base_url: "{{shop.base-url:https://shop.example/v1/}}"
            auth: { type: basic, user: serai, password: "{{shop.password}}" }
            headers: { X-Store: "{{shop.store:main}}", X-Reader: "{reader}" }
            timeout: 5s
            quota: { concurrent: 3, requests: 190, per: 10s }
            reads:
              order: { path: "/orders/{id}/lines", query: { fields: "a,b", email: "{email}" } }
            writes:
              save: { method: PUT, path: "/orders/{order.id}", class: keyed, idempotency_header: Idempotency-Key }
              close: { method: POST, path: "/orders/{id}/close", class: idempotent, body: none }
            """;

    private final Map<String, String> settings = new HashMap<>(Map.of("shop.password", "s3cret"));
    private final Connector shop = read(SHOP);

    private Connector read(String yaml) {
        return Connector.read("shop/connector.yaml", "shop", yaml, name -> Optional.ofNullable(settings.get(name)));
    }

    private Request order(String id) {
        return shop.build("order", null, Map.of("id", id, "email", "a@x", "reader", "r"), "");
    }

    @Test
    void anAddressIsPutTogetherFromItsParts() {
        assertThat(order("7").url())
                .isEqualTo(URI.create("https://shop.example/v1/orders/7/lines?fields=a%2Cb&email=a%40x"));
        assertThat(order("7").headers())
                .containsEntry("x-store", "main")
                .containsEntry("Authorization", "Basic c2VyYWk6czNjcmV0")
                .doesNotContainKey("Content-Type");
    }

    @ParameterizedTest
    @CsvSource({
        "a/../b, a%2F..%2Fb",
        "//evil.example, %2F%2Fevil.example",
        "a?b#c, a%3Fb%23c",
        "..%2f, ..%252f",
        "..\\x, ..%5Cx",
        "@evil.example:80, %40evil.example%3A80",
        "ä €, %C3%A4%20%E2%82%AC"
    })
    void aValueStaysOneSegmentOfThePath(String value, String segment) {
        URI url = order(value).url();

        assertThat(url.getRawPath()).isEqualTo("/v1/orders/" + segment + "/lines");
        assertThat(url.getHost()).isEqualTo("shop.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void aValueThatWouldLeaveThePathIsRefused(String value) {
        assertThatThrownBy(() -> order(value))
                .isInstanceOf(ConnectorRefused.class)
                .hasMessage("shop/order: a value would make a . or .. in \"/orders/{id}/lines\" and reach another"
                        + " resource; correct the value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\r\nEvil: 1", "x\ny", "ä"})
    void aHeaderThatNoHeaderMayBeIsRefused(String reader) {
        assertThatThrownBy(() -> shop.build("order", null, Map.of("id", "7", "email", "e", "reader", reader), ""))
                .hasMessage("shop/order: header X-Reader would hold a line break or another character no header may"
                        + " carry; correct its value");
    }

    @Test
    void aMissingValueIsNamedAndNothingIsBuilt() {
        assertThatThrownBy(() -> shop.build("order", json("{'id':7}"), Map.of("reader", "r"), ""))
                .isInstanceOf(ConnectorRefused.class)
                .hasMessage(
                        "shop/order: \"email\" has no value and \"{email}\" needs it; give it as a field of the body"
                                + " or as an argument (connector:shop/order?email=...)");
    }

    @Test
    void anArgumentComesBeforeAFieldOfTheBody() throws IOException {
        Request request = shop.build("order", json("{'id':7,'email':'e'}"), Map.of("id", "8", "reader", "r"), "");

        assertThat(request.url().getRawPath()).isEqualTo("/v1/orders/8/lines");
    }

    @Test
    void aMissingSettingIsListedAndRefusedOnlyWhenItIsNeeded() {
        settings.remove("shop.password");

        assertThat(shop.missingSettings()).containsExactly("shop.password");
        assertThat(shop.signIn().secrets()).isEmpty();
        assertThatThrownBy(() -> order("7")).hasMessage("shop: setting shop.password is not set; set it, then resume");

        settings.put("shop.password", "now");
        assertThat(shop.missingSettings()).isEmpty();
        assertThat(order("7").headers()).containsEntry("Authorization", "Basic c2VyYWk6bm93");
    }

    @Test
    void aSecretPastedWithItsLineBreakIsRefused() {
        settings.put("shop.password", "s3cret\n");

        assertThatThrownBy(() -> order("7"))
                .hasMessage("shop: setting shop.password holds a line break or another control character; correct it,"
                        + " then resume");
        assertThat(shop.mask("s3cret\n")).isEqualTo("***");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop.example", "ftp://shop.example", "https://shop.example?x=1", "https://u@shop.example"})
    void aBaseAddressFromASettingMustBeOne(String base) {
        settings.put("shop.base-url", base);

        assertThatThrownBy(() -> order("7"))
                .isInstanceOf(ConnectorRefused.class)
                .hasMessageStartingWith("shop: \"base_url\" is \"")
                .hasMessageNotContaining("u@");
    }

    @Test
    void secretsAreKnownInEveryFormTheyTakeAndNeverPrinted() {
        assertThat(shop.secretSettings()).containsExactly("shop.password");
        assertThat(shop.mask("s3cret and Basic c2VyYWk6czNjcmV0")).isEqualTo("*** and Basic ***");
        assertThat(order("7").toString())
                .isEqualTo("GET https://shop.example/v1/orders/7/lines"
                        + " [Accept, Authorization, User-Agent, X-Reader, X-Store] 0 bytes");
    }

    @Test
    void aKeyedWriteCarriesItsKeyAndIsRefusedWithout() throws IOException {
        var body = json("{'order':{'id':'A1'},'total':19.90}");

        Request request = shop.build("save", body, Map.of("reader", "r"), "r_1:s:0");

        assertThat(request.headers()).containsEntry("Idempotency-Key", "r_1:s:0");
        assertThat(new String(request.body(), StandardCharsets.UTF_8)).contains("{\"id\":\"A1\"}");
        assertThatThrownBy(() -> shop.build("save", body, Map.of("reader", "r"), ""))
                .hasMessage("shop/save: a write of class keyed needs an idempotency key and none was given; call it"
                        + " in a flow that begins with event:, whose run has one");
    }

    @Test
    void aKeyIsSentAsAUuidToWhoTakesNothingElseAndIsTheSameForTheSameStep() throws IOException {
        Connector connector = read("""
                connector: shop
                base_url: https://s.example
                writes:
                  save: { method: POST, path: /a, class: keyed, idempotency_header: Key, key_as: uuid }
                """);
        var body = json("{'a':1}");

        String key = connector.build("save", body, Map.of(), "r_1:s").headers().get("Key");

        assertThat(key).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        assertThat(UUID.fromString(key).version()).isEqualTo(4);
        assertThat(UUID.fromString(key).variant()).isEqualTo(2);
        assertThat(connector.build("save", body, Map.of(), "r_1:s").headers()).containsEntry("Key", key);
        assertThat(connector.build("save", body, Map.of(), "r_1:t").headers()).doesNotContainEntry("Key", key);
        assertThatThrownBy(() -> read("connector: shop\nbase_url: https://s.example\nwrites:\n"
                        + "  save: { method: POST, path: /a, class: once, key_as: uuid }\n"))
                .hasMessageContaining("\"key_as\" is only for a write of class keyed");
    }

    @Test
    void theUsefulPartOfAnAnswerKeepsItsDigits() {
        Connector connector = read("connector: shop\nbase_url: https://s.example\n"
                + "reads: { order: { path: /order, returns: data.order } }\n");

        assertThat(connector.useful(
                        "order",
                        new Answer(
                                200,
                                Map.of(),
                                "{\"data\":{\"order\":{\"p\":19.90}}}".getBytes(StandardCharsets.UTF_8))))
                .hasToString("{\"p\":19.90}");
        assertThat(connector
                        .useful("order", new Answer(200, Map.of(), new byte[0]))
                        .isMissingNode())
                .isTrue();
    }

    @Test
    void aWriteWithoutABodyIsRefusedUnlessItDeclaresNone() {
        assertThatThrownBy(() -> shop.build("save", null, Map.of("reader", "r", "order.id", "1"), "k"))
                .hasMessage("shop/save: there is no body to send; give it a JSON body, or declare \"body: none\"");
        assertThat(shop.build("close", null, Map.of("reader", "r", "id", "1"), "")
                        .body())
                .isEmpty();
    }

    @Test
    void anOperationThatIsMisspeltIsNamedWithItsNeighbour() {
        assertThatThrownBy(() -> shop.build("ordr", null, Map.of(), ""))
                .hasMessage("shop has no operation \"ordr\"; did you mean \"order\"?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type: bearer, token: '{{t}}' | Authorization | Bearer a b",
                "type: header, name: X-Auth-Token, value: '{{t}}' | X-Auth-Token | a b",
                "type: header, name: Authorization, value: 'Zoho-oauthtoken {{t}}' | Authorization | Zoho-oauthtoken a b"
            })
    void aCredentialTravelsInAHeader(String auth, String header, String value) {
        settings.put("t", "a b");
        Connector connector = read("connector: shop\nbase_url: https://s.example\nauth: { " + auth
                + " }\nreads: { ping: { path: /ping } }\n");

        assertThat(connector.build("ping", null, Map.of(), "").headers()).containsEntry(header, value);
    }

    @Test
    void aTokenIsMaskedWithoutTheWordBeforeIt() {
        settings.put("t", "tok-1");
        Connector connector = read(
                "connector: shop\nbase_url: https://s.example\n"
                        + "auth: { type: header, name: Authorization, value: 'Token {{t}}' }\nreads: { ping: { path: /ping } }\n");

        assertThat(connector.mask("tok-1 has expired")).isEqualTo("*** has expired");
    }

    @Test
    void aCredentialInTheQueryIsEncodedAndMasked() {
        settings.put("t", "a b");
        Connector connector = read("connector: shop\nbase_url: https://s.example\n"
                + "auth: { type: query, name: key, value: '{{t}}' }\nreads: { ping: { path: /ping } }\n");

        Request request = connector.build("ping", null, Map.of(), "");

        assertThat(request.url()).hasToString("https://s.example/ping?key=a%20b");
        assertThat(connector.mask(request.url().toString())).isEqualTo("https://s.example/ping?key=***");
        assertThat(request.toString()).doesNotContain("a%20b");
    }

    @Test
    void aSettingMayHaveAnotherOneInItsDefault() {
        Connector connector = read("connector: shop\nbase_url: \"{{base:https://{{sub}}.s.example}}\"\n"
                + "reads: { ping: { path: /ping } }\n");

        assertThat(connector.missingSettings()).containsExactly("sub");
        settings.put("sub", "acme");
        assertThat(connector.build("ping", null, Map.of(), "").url()).hasToString("https://acme.s.example/ping");
        settings.put("base", "http://localhost:8080/shop");
        assertThat(connector.build("ping", null, Map.of(), "").url()).hasToString("http://localhost:8080/shop/ping");
    }

    @Test
    void aConnectorThatOnlyReceivesNeedsNoAddress() {
        Connector connector = read("connector: shop\nwebhooks: { signature: { scheme: none } }\n");

        assertThat(connector.operations()).isEmpty();
        assertThat(connector.webhooks()).isPresent();
    }

    @Test
    void whatTheRouteAsksForIsKnown() {
        assertThat(shop.timeout()).hasSeconds(5);
        assertThat(shop.quotas().all().allowed().concurrent()).isEqualTo(3);
        assertThat(shop.quotas().all().allowed().windows())
                .extracting(window -> window.limit() + "/" + window.per())
                .containsExactly("190/PT10S");
        assertThat(shop.operation("order").places()).containsExactly("email", "id");
        assertThat(shop.write("save").repeat().writeClass().repeatable()).isTrue();
    }

    @Test
    void anApostropheStaysInsideItsLiteral() {
        Connector connector = read("connector: shop\nbase_url: https://s.example\nreads:\n"
                + "  contact: { path: \"/contacts(mail='{quoted(email)}')\" }\n"
                + "  search: { path: /search, query: { q: \"email:'{escaped(email)}'\" } }\n");

        Map<String, String> args = Map.of("email", "o'b@x.com");
        assertThat(connector.build("contact", null, args, "").url().getPath())
                .isEqualTo("/contacts(mail='o''b@x.com')");
        assertThat(connector.build("search", null, args, "").url().getQuery()).isEqualTo("q=email:'o\\'b@x.com'");
    }

    @Test
    void aReadMayAskByForm() {
        Connector connector = read(
                "connector: shop\nbase_url: https://s.example\nreads:\n"
                        + "  leads: { method: POST, path: /leads.json, query: { _method: GET }, form: { filter: { values: \"{email}\" } } }\n");

        Request request = connector.build("leads", null, Map.of("email", "a+b@x"), "");

        assertThat(new String(request.body(), StandardCharsets.UTF_8)).isEqualTo("filter[values]=a%2Bb%40x");
        assertThat(request.headers()).containsEntry("Content-Type", "application/x-www-form-urlencoded");
        assertThat(request.url()).hasToString("https://s.example/leads.json?_method=GET");
    }

    @Test
    void whatIsNoJsonIsToldAsTextOrAsAFile() {
        Connector connector = read("connector: shop\nbase_url: https://s.example\nreads:\n"
                + "  list: { path: /l, answers: text }\n  invoice: { path: /i, answers: file }\n");

        byte[] latin = "\u00e4;1".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(connector
                        .useful("list", new Answer(200, Map.of("Content-Type", "text/csv; charset=iso-8859-1"), latin))
                        .toString())
                .isEqualTo("{\"type\":\"text/csv; charset=iso-8859-1\",\"text\":\"\u00e4;1\"}");
        assertThat(connector
                        .useful(
                                "list",
                                new Answer(
                                        200,
                                        Map.of("Content-Type", "nonsense"),
                                        "\uFEFFa".getBytes(StandardCharsets.UTF_8)))
                        .path("text")
                        .asText())
                .isEqualTo("a");
        assertThat(invoice(connector, "attachment; filename=\"..\\\\../tmp/i 1.pdf\""))
                .isEqualTo("i 1.pdf");
        assertThat(invoice(connector, "attachment; filename=x.pdf; filename*=UTF-8''%C3%A4%2B.pdf"))
                .isEqualTo("\u00e4+.pdf");
        assertThat(invoice(connector, "attachment; filename*=none''%C3; filename=\"\""))
                .isEqualTo("file");
        assertThat(invoice(connector, "")).isEqualTo("file");
        assertThat(connector.useful("invoice", new Answer(404, Map.of(), latin)).isMissingNode())
                .as("a refusal that the file ignores")
                .isTrue();
        assertThat(connector.build("invoice", null, Map.of(), "").headers()).containsEntry("Accept", "*/*");
    }

    private static String invoice(Connector connector, String disposition) {
        var answer = new Answer(
                200,
                Map.of("Content-Type", "application/pdf", "Content-Disposition", disposition),
                new byte[] {(byte) 0xff, 0});
        assertThat(connector.useful("invoice", answer).path("type").asText()).isEqualTo("application/pdf");
        assertThat(connector.useful("invoice", answer).path("base64").asText()).isEqualTo("/wA=");
        return connector.useful("invoice", answer).path("name").asText();
    }
}
