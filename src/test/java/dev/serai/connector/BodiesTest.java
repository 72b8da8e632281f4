package dev.serai.connector;

import static dev.serai.connector.ShippedRequestsTest.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How a record becomes the body of a request, in each of the ways vendors want it. */
class BodiesTest {
    private static final Connector SHOP = Connector.read("f", "shop", """
            connector: shop
            base_url: https://shop.example
            reads:
              orders:
                path: /graphql.json
                graphql: "query($first: Int!) { orders(first: $first) { nodes { id } } }"
                body: { first: 5, query: "email:{email}" }
                returns: data.orders.nodes
            writes:
              profile:
                method: POST
                path: /api/profile-import
                class: idempotent
                headers: { Content-Type: application/vnd.api+json }
                wrap: data.attributes
                with: { data: { type: profile, meta: { source: "{{shop.source:serai}}" } } }
              customers: { method: POST, path: /customers, class: once, as_list: true }
              raw: { method: POST, path: /uploads, query: { filename: "{name}" }, class: once, body: raw }
              contacts:
                method: POST
                path: /Contacts/upsert
                class: idempotent
                wrap: data
                as_list: true
                with: { duplicate_check_fields: [ Email ] }
              contact: { method: POST, path: /contacts, class: idempotent, with: { updateEnabled: true, tag: "{email}" } }
              charge: { method: POST, path: /charges, class: once, body: form, wrap: charge, with: { charge: { source: hub } } }
              upload: { method: POST, path: /files, class: once, body: multipart, files: [ file, extra ] }
              customer_set:
                method: POST
                path: /graphql.json
                class: idempotent
                wrap: input
                graphql: "mutation($input: CustomerSetInput!) { customerSet(input: $input) { userErrors { message } } }"
              versioned: { method: PUT, path: "/rows/{id}", class: idempotent, headers: { If-Match: "{etag}" } }
              new_person: { method: POST, path: /persons, class: once, wrap: person, defaults: { name: "Nobody at {email}", kind: 1 } }
              person: { method: PATCH, path: "/persons/{id}", class: idempotent, without: [ emails ] }
              many:
                method: PUT
                path: /customers
                class: idempotent
                batch: { list: ., most: 10, id: id, results: { list: ., id: id } }
            """, name -> Optional.empty());

    private static JsonNode sent(String operation, String record) throws IOException {
        return json(text(SHOP.build(operation, json(record), Map.of(), "k")));
    }

    private static String text(Request request) {
        return new String(request.body(), StandardCharsets.UTF_8);
    }

    @Test
    void aRecordIsPutUnderAPathAndHasConstantPartsBesideIt() throws IOException {
        assertThat(sent("profile", "{'email':'a@x'}"))
                .isEqualTo(json("{'data':{'attributes':{'email':'a@x'},'type':'profile','meta':{'source':'serai'}}}"));
        assertThat(SHOP.build("profile", json("{}"), Map.of(), "").headers())
                .containsEntry("Content-Type", "application/vnd.api+json");
    }

    @Test
    void whatAVendorWantsOfWhatIsNewIsGivenWhereNobodyKnowsBetter() throws IOException {
        assertThat(sent("new_person", "{'email':'a@x'}"))
                .isEqualTo(json("{'person':{'email':'a@x','name':'Nobody at a@x','kind':1}}"));
        assertThat(sent("new_person", "{'email':'a@x','name':'Ada','kind':null}"))
                .isEqualTo(json("{'person':{'email':'a@x','name':'Ada','kind':null}}"));
    }

    @Test
    void aChangeLeavesOutWhatOnlyACreateGives() throws IOException {
        JsonNode given = json("{'id':7,'emails':[{'value':'a@x'}],'name':'Ada'}");

        assertThat(json(text(SHOP.build("person", given, Map.of(), "k")))).isEqualTo(json("{'id':7,'name':'Ada'}"));
        assertThat(given.has("emails")).as("the record itself stays whole").isTrue();
    }

    @Test
    void aRecordIsSentAsAListOfOne() throws IOException {
        assertThat(sent("customers", "{'email':'a@x'}")).isEqualTo(json("[{'email':'a@x'}]"));
        assertThat(sent("contacts", "{'Email':'a@x'}"))
                .isEqualTo(json("{'data':[{'Email':'a@x'}],'duplicate_check_fields':['Email']}"));
    }

    @Test
    void whatTheFileSaysComesBeforeWhatTheRecordSays() throws IOException {
        assertThat(sent("contact", "{'email':'a@x','updateEnabled':false}"))
                .isEqualTo(json("{'email':'a@x','updateEnabled':true,'tag':'a@x'}"));
        JsonNode record = json("{'email':'a@x'}");
        SHOP.build("contact", record, Map.of(), "");
        assertThat(record).as("the flow's own record").isEqualTo(json("{'email':'a@x'}"));
    }

    @Test
    void constantPartsCanNotStandBesideAList() {
        assertThatThrownBy(() -> sent("contact", "[{'email':'a@x'}]")).isInstanceOf(ConnectorRefused.class);
    }

    @Test
    void aFormHasItsConstantPartsInBracketsToo() throws IOException {
        assertThat(text(SHOP.build("charge", json("{'amount':7,'items':[{'sku':'a b'}]}"), Map.of(), "")))
                .isEqualTo("charge[amount]=7&charge[items][0][sku]=a%20b&charge[source]=hub");
    }

    @Test
    void aDocumentIsSentWithTheRecordAsItsVariables() throws IOException {
        JsonNode sent = sent("customer_set", "{'email':'a@x'}");
        assertThat(sent.path("query").asText()).startsWith("mutation($input");
        assertThat(sent.path("variables")).isEqualTo(json("{'input':{'email':'a@x'}}"));

        Request read = SHOP.build("orders", null, Map.of("email", "a\"x"), "");
        assertThat(read.method()).isEqualTo("POST");
        assertThat(json(text(read)).path("variables")).isEqualTo(json("{'first':5,'query':'email:a\\'x'}"));
    }

    @Test
    void filesAndFieldsAreSentInParts() throws IOException {
        Request request = SHOP.build(
                "upload",
                json("{'name':'Inv\u00e4','meta':{'a':1},'nothing':null,"
                        + "'file':{'name':'i.pdf','type':'application/pdf','base64':'JVBERg=='},"
                        + "'extra':[{'base64':'eA=='},{'base64':'eQ==','name':'\\r\\nX: 1'}]}"),
                Map.of(),
                "");

        String boundary = request.headers().get("content-type").replaceFirst(".*boundary=\"?([^\";]+).*", "$1");
        assertThat(request.headers().get("Content-Type")).startsWith("multipart/form-data");
        assertThat(text(request).split("--" + boundary)).hasSize(8);
        assertThat(text(request))
                .contains("filename=\"i.pdf\"", "Content-Type: application/pdf", "%PDF", "Inv\u00e4", "{\"a\":1}")
                .doesNotContain("\r\nX: 1");
    }

    @Test
    void whatIsNoFileIsRefusedWithItsName() {
        assertThatThrownBy(() -> SHOP.build("upload", json("{'file':{'base64':'%%'}}"), Map.of(), ""))
                .hasMessage(
                        "shop/upload: \"file\" is not a file; give { name: invoice.pdf, type: application/pdf, base64:"
                                + " ... }");
    }

    @Test
    void aHeaderMayBeAnArgument() throws IOException {
        assertThat(SHOP.build("versioned", json("{'id':7}"), Map.of("etag", "W/\"5\""), "")
                        .headers())
                .containsEntry("If-Match", "W/\"5\"");
    }

    @Test
    void manyRecordsMayBeTheWholeBody() throws IOException {
        Request request = SHOP.batch("many")
                .orElseThrow()
                .request(java.util.List.of(json("{'id':1}"), json("{'id':2}")), Map.of());

        assertThat(json(text(request))).isEqualTo(json("[{'id':1},{'id':2}]"));
    }

    @Test
    void aFileOrATextIsSentAsItIs() throws IOException {
        Request file =
                SHOP.build("raw", json("{'name':'i.pdf','type':'application/pdf','base64':'/wA='}"), Map.of(), "");
        assertThat(file.body()).containsExactly(0xff, 0);
        assertThat(file.headers()).containsEntry("Content-Type", "application/pdf");
        assertThat(file.url()).hasToString("https://shop.example/uploads?filename=i.pdf");

        Request text = SHOP.build(
                "raw", json("{'name':'l.csv','type':'text/csv; charset=iso-8859-1','text':'\u00e4;1'}"), Map.of(), "");
        assertThat(text(text)).isEqualTo("\u00e4;1");
        assertThat(text.headers()).containsEntry("Content-Type", "text/csv; charset=utf-8");

        for (String nothing : new String[] {"{'name':'x'}", "{'name':'x','base64':'?'}", "{'name':'x','base64':7}"}) {
            JsonNode given = json(nothing);
            assertThatThrownBy(() -> SHOP.build("raw", given, Map.of(), ""))
                    .hasMessage(
                            "shop/raw: there is nothing to send as it is; give it { type: application/pdf, base64: ... } or"
                                    + " { type: text/csv, text: ... }");
        }
    }
}
