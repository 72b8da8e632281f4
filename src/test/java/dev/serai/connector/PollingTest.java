package dev.serai.connector;

import static dev.serai.connector.ShippedRequestsTest.json;
import static dev.serai.connector.ShippedRequestsTest.shipped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PollingTest {
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    private static Connector shop(String pagination, String order) {
        return Connector.read(
                "f",
                "shop",
                """
                connector: shop
                base_url: https://shop.example
                streams:
                  orders:
                    path: /orders
                    query: { since: "{cursor}"%s }
                    records: data.orders
                    pagination: %s
                    cursor: { field: at, start: "2026-01-01T00:00:00Z", lookback: 5m, order: %s }
                    event: { type: order.changed, id: "order:{id}:{at}", record: "order:{id}" }
                """.formatted(order.contains("slice") ? ", until: \"{until}\"" : "", pagination, order),
                name -> Optional.empty());
    }

    private static final String BY_TOKEN = "{ type: cursor, next: next, into: page, page_size: 2, size_into: limit }";

    private static Answer answer(String json) {
        return new Answer(200, Map.of(), json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static String order(int id, String at) {
        return "{'id':" + id + ",'at':'" + at + "'}";
    }

    private static Answer page(String next, String... orders) {
        return answer("{'data':{'orders':[" + String.join(",", orders) + "]},'next':" + next + "}");
    }

    private static String query(PageRequest asked) {
        return asked.request().url().getQuery();
    }

    @Test
    void theFirstPollBeginsAtTheStartAndALaterOneReachesBack() {
        Connector shop = shop(BY_TOKEN, "ascending");

        assertThat(query(shop.polling("orders").first(Optional.empty(), Map.of(), NOON)))
                .isEqualTo("since=2026-01-01T00:00:00Z&limit=2");
        assertThat(query(shop.polling("orders").first(Optional.of("2026-10-01T10:00:00Z"), Map.of(), NOON)))
                .isEqualTo("since=2026-10-01T09:55:00Z&limit=2");
    }

    @Test
    void pagesFollowTheTokenAndTheCursorMovesWithThem() {
        Connector shop = shop(BY_TOKEN, "ascending");
        PageRequest first = shop.polling("orders").first(Optional.empty(), Map.of(), NOON);

        Page one = shop.polling("orders")
                .read(first, page("'t2'", order(1, "2026-10-01T10:00:00Z"), order(2, "2026-10-01T10:00:01Z")));
        Page two = shop.polling("orders").read(one.next().orElseThrow(), page("null"));

        assertThat(one.events())
                .extracting(StreamEvent::id)
                .containsExactly("order:1:2026-10-01T10:00:00Z", "order:2:2026-10-01T10:00:01Z");
        assertThat(one.events().get(0).record()).isEqualTo("order:1");
        assertThat(query(one.next().orElseThrow())).isEqualTo("since=2026-01-01T00:00:00Z&limit=2&page=t2");
        assertThat(one.cursor()).isEqualTo("2026-10-01T10:00:01Z");
        assertThat(two.events()).isEmpty();
        assertThat(two.next()).isEmpty();
        assertThat(two.cursor()).isEqualTo("2026-10-01T10:00:01Z");
    }

    @Test
    void withoutAnOrderTheCursorWaitsForTheLastPage() {
        Connector shop = shop(BY_TOKEN, "any");
        PageRequest first = shop.polling("orders").first(Optional.of("2026-09-01T00:00:00Z"), Map.of(), NOON);

        Page one = shop.polling("orders")
                .read(first, page("'t2'", order(1, "2026-10-02T00:00:00Z"), order(2, "2026-10-01T00:00:00Z")));
        Page two = shop.polling("orders").read(one.next().orElseThrow(), page("''", order(3, "2026-09-30T00:00:00Z")));

        assertThat(one.cursor()).startsWith("listing:").contains("\"stored\":\"2026-09-01T00:00:00Z\"", "t2");
        assertThat(two.cursor()).isEqualTo("2026-10-02T00:00:00Z");
    }

    @Test
    void aPageOutOfOrderStopsAStreamThatTrustsIt() {
        Connector shop = shop(BY_TOKEN, "ascending");
        PageRequest first = shop.polling("orders").first(Optional.empty(), Map.of(), NOON);

        assertThatThrownBy(() -> shop.polling("orders")
                        .read(first, page("null", order(1, "2026-10-02T00:00:00Z"), order(2, "2026-10-01T00:00:00Z"))))
                .hasMessage(
                        "shop/orders: record 2 of the page is older than the one before by \"at\"; ask the remote to"
                                + " sort by it, or write \"order: any\"");
    }

    @Test
    void theCursorNeverPassesTheClockNorFallsBack() {
        Connector shop = shop(BY_TOKEN, "ascending");
        PageRequest first = shop.polling("orders").first(Optional.of("2026-10-01T00:00:00Z"), Map.of(), NOON);

        assertThat(shop.polling("orders")
                        .read(first, page("null", order(1, "2099-01-01T00:00:00Z")))
                        .cursor())
                .isEqualTo(NOON.toString());
        assertThat(shop.polling("orders")
                        .read(first, page("null", order(1, "2026-09-30T23:59:00Z")))
                        .cursor())
                .isEqualTo("2026-10-01T00:00:00Z");
    }

    private static Page at(String date, Connector shop, PageRequest asked, String... orders) {
        return shop.polling("orders")
                .read(
                        asked,
                        new Answer(
                                200, Map.of("Date", date), page("null", orders).body()));
    }

    @Test
    void aHubWhoseClockIsAheadEndsNoSliceThatIsStillToCome() {
        Connector sliced = shop(BY_TOKEN, "any, slice: 1h");
        Connector whole = shop(BY_TOKEN, "any");
        Optional<String> cursor = Optional.of("2026-11-01T11:05:00Z");
        PageRequest slice = sliced.polling("orders").first(cursor, Map.of(), NOON.plusSeconds(60));
        String theirs = "Sun, 01 Nov 2026 11:41:00 GMT";

        Page quiet = at(theirs, sliced, slice);
        Page late = at(
                theirs, whole, whole.polling("orders").first(cursor, Map.of(), NOON), order(1, "2026-11-01T11:50:00Z"));

        assertThat(at("Sun, 01 Nov 2026 12:01:00 GMT", sliced, slice).next())
                .as("the hour from 11:00 is over")
                .isPresent();
        assertThat(quiet.next()).isEmpty();
        assertThat(quiet.cursor()).isEqualTo("2026-11-01T11:05:00Z");
        assertThat(at(theirs, sliced, slice, order(1, "2026-11-01T11:40:00Z")).cursor())
                .isEqualTo("2026-11-01T11:40:00Z");
        assertThat(late.cursor()).as("changed while the list was read").isEqualTo("2026-11-01T11:41:00Z");
        assertThat(at("Thu, 01 Jan 1970 00:00:00 GMT", sliced, slice).cursor())
                .as("a clock that was never set")
                .isEqualTo("2026-11-01T11:05:00Z");
    }

    @Test
    void theSamePageAsTheNextOneEndsWithAProblem() {
        Connector shop = shop(BY_TOKEN, "ascending");
        PageRequest first = shop.polling("orders").first(Optional.empty(), Map.of(), NOON);
        PageRequest second =
                shop.polling("orders").read(first, page("'t2'")).next().orElseThrow();

        assertThatThrownBy(() -> shop.polling("orders").read(second, page("'t2'")))
                .hasMessageContaining("the page just asked for as the next one");
    }

    @Test
    void aRecordKeepsTheBytesTheRemoteWrote() {
        Connector shop = shop(BY_TOKEN, "ascending");
        String order =
                "{ \"id\" : 9007199254740993,\n \"price\": 19.90, \"name\":\"\u00e4 \\u00e4 {[\", \"at\":1760000000000 }";

        Page page = shop.polling("orders")
                .read(
                        shop.polling("orders").first(Optional.empty(), Map.of(), NOON),
                        new Answer(
                                200,
                                Map.of(),
                                ("{\"next\":\"\",\"data\":{\"x\":[{}],\"orders\": [ " + order
                                                + " ,{\"id\":1,\"at\":1760000000000}]}}")
                                        .getBytes(StandardCharsets.UTF_8)));

        assertThat(new String(page.events().get(0).bytes(), StandardCharsets.UTF_8))
                .isEqualTo(order);
        assertThat(page.events().get(0).id()).isEqualTo("order:9007199254740993:1760000000000");
        assertThat(page.events().get(0).changedAt()).isEqualTo(Instant.ofEpochMilli(1760000000000L));
    }

    @Test
    void aByteOrderMarkIsNoPartOfARecord() {
        Connector shop = shop(BY_TOKEN, "ascending");
        String order = "{\"id\":1,\"at\":\"2026-10-01T10:00:00Z\"}";

        Page page = shop.polling("orders")
                .read(
                        shop.polling("orders").first(Optional.empty(), Map.of(), NOON),
                        answer("\uFEFF{'data':{'orders':[" + order + "]}}"));

        assertThat(new String(page.events().get(0).bytes(), StandardCharsets.UTF_8))
                .isEqualTo(order);
    }

    @Test
    void anAnswerInAnotherEncodingIsRefusedRatherThanCutWrongly() {
        Connector shop = shop(BY_TOKEN, "ascending");
        byte[] utf16 = "{\"data\":{\"orders\":[{\"id\":1}]}}".getBytes(StandardCharsets.UTF_16BE);

        assertThatThrownBy(() -> shop.polling("orders")
                        .read(
                                shop.polling("orders").first(Optional.empty(), Map.of(), NOON),
                                new Answer(200, Map.of(), utf16)))
                .isInstanceOf(ConnectorRefused.class);
    }

    @Test
    void anAnswerThatIsNotAsDescribedIsRefused() {
        Connector shop = shop(BY_TOKEN, "ascending");
        PageRequest first = shop.polling("orders").first(Optional.empty(), Map.of(), NOON);

        for (String body :
                new String[] {"<html>", "{}", "{'data':{'orders':{}}}", "{'data':{'orders':[7]}}", "{'data'"}) {
            assertThatThrownBy(() -> shop.polling("orders").read(first, answer(body)))
                    .isInstanceOf(ConnectorRefused.class)
                    .hasMessageStartingWith("shop/orders: the answer has no list of records at \"data.orders\"");
        }
        assertThatThrownBy(() -> shop.polling("orders").first(Optional.of("page 7"), Map.of(), NOON))
                .hasMessage("shop/orders: the stored cursor \"page 7\" is not a time; reset the stream");
    }

    @Test
    void offsetsAreCountedUntilAPageIsShort() {
        Connector shop = shop("{ type: offset, into: offset, page_size: 2 }", "ascending");
        PageRequest first = shop.polling("orders").first(Optional.empty(), Map.of(), NOON);
        String at = "2026-01-01T00:00:00Z";

        Page one = shop.polling("orders").read(first, page("null", order(1, at), order(2, at)));
        Page two = shop.polling("orders").read(one.next().orElseThrow(), page("null", order(2, at)));

        assertThat(query(one.next().orElseThrow())).endsWith("&offset=1");
        assertThat(two.next()).isEmpty();
    }

    @Test
    void inOrderTheNextPageAsksAnewSoThatNothingShiftsAway() {
        Connector shop = shop("{ type: offset, into: offset, page_size: 2 }", "ascending");
        PageRequest first = shop.polling("orders").first(Optional.empty(), Map.of(), NOON);

        Page one = shop.polling("orders")
                .read(first, page("null", order(1, "2026-10-01T10:00:00Z"), order(2, "2026-10-01T10:00:05Z")));
        PageRequest second = one.next().orElseThrow();
        Page two = shop.polling("orders")
                .read(second, page("null", order(2, "2026-10-01T10:00:05Z"), order(3, "2026-10-01T10:00:05Z")));

        assertThat(query(second)).isEqualTo("since=2026-10-01T10:00:04Z");
        assertThat(query(two.next().orElseThrow())).isEqualTo("since=2026-10-01T10:00:04Z&offset=1");
    }

    /** An order that changes while they are read moves to the end: the page after would begin one too far. */
    @Test
    void ordersOfWooCommerceAreAskedForAnewAndNotByPagesThatShift() throws IOException {
        Connector shop = settled("woocommerce");
        PageRequest first = shop.polling("orders").first(Optional.empty(), Map.of(), NOON);
        String orders = IntStream.range(0, 100)
                .mapToObj(n -> "{'id':%d,'date_modified_gmt':'2026-10-01T10:%02d:00'}".formatted(n, n / 2))
                .collect(Collectors.joining(","));

        Page page = shop.polling("orders").read(first, answer("[" + orders + "]"));

        assertThat(page.events()).hasSize(100);
        assertThat(query(page.next().orElseThrow()))
                .contains("modified_after=2026-10-01T10:48:59&", "per_page=100")
                .doesNotContain("&page=2");
    }

    @Test
    void whatTheLookbackRepeatsDoesNotHideWhatLiesBetweenItAndTheCursor() {
        Connector shop = shop("{ type: offset, into: offset, page_size: 2 }", "ascending");
        PageRequest first = shop.polling("orders").first(Optional.of("2026-10-01T10:05:00Z"), Map.of(), NOON);

        Page page = shop.polling("orders")
                .read(first, page("null", order(1, "2026-10-01T10:01:00Z"), order(2, "2026-10-01T10:02:00Z")));

        assertThat(query(page.next().orElseThrow())).isEqualTo("since=2026-10-01T10:01:59Z");
        assertThat(page.cursor()).isEqualTo("2026-10-01T10:05:00Z");
    }

    /** What "after" says at HubSpot is a count: a contact that changes meanwhile would move the first of page two away. */
    @Test
    void hubspotIsAskedAnewForEachPageAndNeverByItsCount() throws IOException {
        Connector hubspot = shipped("hubspot");
        PageRequest asked = hubspot.polling("contacts").first(Optional.empty(), Map.of(), NOON);
        JsonNode start = json(new String(asked.request().body(), StandardCharsets.UTF_8));

        Page page = hubspot.polling("contacts").read(asked, contacts(0));

        assertThat(start.at("/filterGroups/0/filters/0/value").asText()).isEqualTo("1767225600000");
        JsonNode again = json(new String(page.next().orElseThrow().request().body(), StandardCharsets.UTF_8));
        assertThat(again.at("/filterGroups/0/filters/0/value").asText())
                .isEqualTo(String.valueOf(1767225600000L + 199 - 1));
        assertThat(again.has("after")).isFalse();
        assertThat(again.path("limit").isInt() || again.path("limit").isLong()).isTrue();
        assertThat(page.next().get().mayRepeat(page.events().get(199), 0)).isTrue();
        assertThat(page.next().get().mayRepeat(page.events().get(197), 0)).isFalse();
    }

    @Test
    void issuesOfGithubAreAskedForAnewAndNotByLinksThatCountPages() throws IOException {
        Connector github = settled("github");
        var repository = Map.of("owner", "acme", "repo", "shop");
        PageRequest first = github.polling("issues").first(Optional.empty(), repository, NOON);
        String issues = IntStream.range(0, 100)
                .mapToObj(n -> "{'id':%d,'updated_at':'2026-10-01T10:%02d:00Z'}".formatted(n, n / 2))
                .collect(Collectors.joining(","));
        var answer = new Answer(
                200,
                Map.of("Link", "<https://shop.example/repositories/7/issues?page=2>; rel=\"next\""),
                ("[" + issues + "]").replace('\'', '"').getBytes(StandardCharsets.UTF_8));

        PageRequest next = github.polling("issues").read(first, answer).next().orElseThrow();

        assertThat(query(next)).contains("since=2026-10-01T10:48:59Z").doesNotContain("&page=");
    }

    @Test
    void aRecordIsNamedAfterTheListItIsOf() throws IOException {
        Connector rest = settled("rest");
        var polling = rest.polling("records");
        Answer five = answer("[{'id':5,'updated_at':'2026-10-01T10:00:00Z'}]");

        var people = polling.read(polling.first(Optional.empty(), Map.of("collection", "people"), NOON), five);
        var orders = polling.read(polling.first(Optional.empty(), Map.of("collection", "orders"), NOON), five);

        assertThat(people.events().get(0).record()).isEqualTo("people:5");
        assertThat(orders.events().get(0).record()).isEqualTo("orders:5");
        assertThat(people.events().get(0).id())
                .isNotEqualTo(orders.events().get(0).id());
    }

    @Test
    void aStreamIsCalledAfterTheArgumentsThatSayWhichListItReads() throws IOException {
        var issues = shipped("github").polling("issues");

        assertThat(issues.nameWith(Map.of())).isEqualTo("issues");
        assertThat(issues.nameWith(Map.of("repo", "a b/c", "owner", "acme", "other", "x", "cursor", "y")))
                .isEqualTo("issues:owner=acme,repo=a%20b%2Fc");
        String one = issues.nameWith(Map.of("repo", "x".repeat(500) + 1));
        assertThat(one).hasSize(200).startsWith("issues:repo=xxx");
        assertThat(issues.nameWith(Map.of("repo", "x".repeat(500) + 2))).isNotEqualTo(one);
    }

    @Test
    void moreRecordsOfOneMomentThanTheRemoteListsStopTheStream() {
        Connector shop = shop("{ type: cursor, next: next, into: page, page_size: 2, ceiling: 2 }", "ascending");
        String start = "2026-01-01T00:00:00Z";

        assertThatThrownBy(() -> shop.polling("orders")
                        .read(
                                shop.polling("orders").first(Optional.empty(), Map.of(), NOON),
                                page("'t2'", order(1, start), order(2, start))))
                .hasMessage("shop/orders: more than 2 records changed since " + start
                        + " and the remote lists no further; narrow the stream by a filter");
    }

    /** With all its settings, one for all. */
    private static Connector settled(String vendor) throws IOException {
        Path file = Path.of("mappings", vendor, "connector.yaml");
        return Connector.read(
                file.toString(), vendor, Files.readString(file), name -> Optional.of("https://shop.example"));
    }

    private static Answer contacts(int page) {
        String contacts = IntStream.range(page * 200, page * 200 + 200)
                .mapToObj(i -> "{'id':'" + i + "','properties':{'lastmodifieddate':'"
                        + Instant.ofEpochMilli(1767225600000L + i) + "'}}")
                .collect(Collectors.joining(","));
        return answer("{'results':[" + contacts + "],'paging':{'next':{'after':'" + (page + 1) * 200 + "'}}}");
    }
}
