package dev.serai.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways vendors list what changed, and what a remote that lies about them comes to. */
class PagingTest {
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
    private static final String TIME = "field: at, start: \"2026-01-01T00:00:00Z\", lookback: 0s";

    private static Connector shop(String stream) {
        return Connector.read("f", "shop", """
                connector: shop
                base_url: https://shop.example/v1
                hosts: [ pages.example.com, "*.shop-pages.example:8443" ]
                auth: { type: query, name: key, value: "{{k}}" }
                streams:
                  orders:
                    path: /orders
                    %s
                """.formatted(stream.indent(4).strip()), name -> Optional.of("s3cret"));
    }

    private static Connector paged(String pagination, String cursor) {
        return shop("query: { since: \"{cursor}\" }\nrecords: data\npagination: " + pagination + "\ncursor: { " + cursor
                + " }\nevent: { type: order.changed, id: \"{id}\", record: \"{id}\" }\n");
    }

    private static Answer answer(String json, String... headers) {
        return new Answer(
                200,
                headers.length == 0 ? Map.of() : Map.of(headers[0], headers[1]),
                json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static String orders(int... ids) {
        var list = new StringBuilder();
        for (int id : ids) {
            list.append(list.isEmpty() ? "" : ",").append("{'id':").append(id).append(",'at':'2026-10-01T10:00:00Z'}");
        }
        return "'data':[" + list + "]";
    }

    private static PageRequest first(Connector shop) {
        return shop.polling("orders").first(Optional.empty(), Map.of(), NOON);
    }

    private static String query(PageRequest asked) {
        return asked.request().url().getQuery();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://shop.example/v1/orders?page=2 | https://shop.example/v1/orders?page=2&key=s3cret",
                "https://SHOP.example/other?key=own | https://SHOP.example/other?key=own",
                "https://shop.example:443/v1/orders | https://shop.example:443/v1/orders?key=s3cret",
                "https://pages.example.com/p?n=2 | https://pages.example.com/p?n=2&key=s3cret",
                "https://eu.shop-pages.example:8443/p | https://eu.shop-pages.example:8443/p?key=s3cret",
                "/services/query/01g-2000 | https://shop.example/services/query/01g-2000?key=s3cret",
                "/q?a[b]=c{d e | https://shop.example/q?a[b]=c%7Bd%20e&key=s3cret"
            })
    void theNextPageIsAskedForAtTheAddressTheAnswerGives(String next, String url) {
        Connector shop = paged("{ type: url, next: links.@odata.nextLink }", TIME + ", order: any");

        Page page = shop.polling("orders")
                .read(first(shop), answer("{" + orders(1) + ",'links':{'@odata.nextLink':'" + next + "'}}"));

        assertThat(page.next().orElseThrow().request().url()).hasToString(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/v1/orders",
                "http://shop.example/v1/orders",
                "http://pages.example.com/p",
                "https://pages.example.com:8443/p",
                "https://shop-pages.example:8443/p",
                "https://eu.shop-pages.example/p",
                "https://shop.example:8443/v1",
                "//evil.example/x",
                "https://shop.example@evil.example/",
                "https://me@shop.example/",
                "https://shop.example.evil.example/",
                "\\\\evil.example",
                "file:///etc/passwd",
                "https://",
                "mailto:x@shop.example"
            })
    void anAddressOnAnotherHostIsRefused(String next) {
        Connector shop = paged("{ type: url, next: next }", TIME + ", order: any");
        String json = "{" + orders(1) + ",'next':'" + next.replace("\\", "\\\\") + "'}";

        PageRequest asked = first(shop);
        if (next.startsWith("\\")) { // a path, to be read from the remote itself
            assertThat(shop.polling("orders")
                            .read(asked, answer(json))
                            .next()
                            .orElseThrow()
                            .request()
                            .url()
                            .getHost())
                    .isEqualTo("shop.example");
        } else {
            assertThatThrownBy(() -> shop.polling("orders").read(asked, answer(json)))
                    .isInstanceOf(ConnectorRefused.class)
                    .hasMessageNotContaining("s3cret");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<https://a/1>; rel=\"prev\", <https://a/2>; rel=\"next\" | https://a/2",
                "<https://a/2?x=1,2>; title=\"a, b\"; rel=next | https://a/2?x=1,2",
                "<https://a/2>; REL=\"last next\" | https://a/2",
                "<https://a/2>; rel=\"nextlevel\" | ''",
                "nonsense | ''"
            })
    void theLinkHeaderIsReadAsItsStandardSays(String header, String next) {
        assertThat(Links.next(header).orElse("")).isEqualTo(next);
    }

    @Test
    void aHugeLinkHeaderIsNoTrap() {
        assertThat(Links.next("<".repeat(15_000))).isEmpty();
        assertThat(Links.next("<a>; rel=\"x\", ".repeat(100_000))).isEmpty();
    }

    @Test
    void pagesAreCountedUntilTheRemoteSaysItWasTheLast() {
        Connector more = paged("{ type: page, into: page, more: info.more }", TIME + ", order: any");
        Connector last = paged("{ type: page, into: page, first_page: 0, last: end }", TIME + ", order: any");
        Connector total = paged("{ type: page, into: page, total: total }", TIME + ", order: any");

        Page one = more.polling("orders").read(first(more), answer("{" + orders(1) + ",'info':{'more':true}}"));
        assertThat(query(first(more))).endsWith("&page=1&key=s3cret");
        assertThat(query(one.next().orElseThrow())).endsWith("&page=2&key=s3cret");
        assertThat(more.polling("orders")
                        .read(one.next().get(), answer("{" + orders(2) + ",'info':{'more':false}}"))
                        .next())
                .isEmpty();
        assertThat(query(first(last))).endsWith("&page=0&key=s3cret");
        assertThat(last.polling("orders")
                        .read(first(last), answer("{" + orders(2) + ",'end':true}"))
                        .next())
                .isEmpty();
        assertThat(total.polling("orders")
                        .read(first(total), answer("{" + orders(1, 2) + ",'total':2}"))
                        .next())
                .isEmpty();
        assertThat(total.polling("orders")
                        .read(first(total), answer("{" + orders(1, 2) + ",'total':3}"))
                        .next())
                .isPresent();
    }

    @Test
    void aShortPageIsNotTheLastOneWhereThatWouldHideRecords() {
        Connector shop =
                paged("{ type: offset, into: offset, page_size: 100, size_into: limit }", TIME + ", order: any");

        Page capped = shop.polling("orders").read(first(shop), answer("{" + orders(1, 2) + "}"));

        assertThat(query(capped.next().orElseThrow())).contains("offset=1");
        assertThat(shop.polling("orders")
                        .read(capped.next().get(), answer("{" + orders(2) + "}"))
                        .next())
                .isEmpty();
    }

    @Test
    void aListThatMovedWhileItWasReadIsBegunAnew() {
        Connector shop = paged("{ type: offset, into: offset, page_size: 2 }", TIME + ", order: any");
        Page one = shop.polling("orders").read(first(shop), answer("{" + orders(1, 2) + "}"));

        Page moved = shop.polling("orders").read(one.next().orElseThrow(), answer("{" + orders(4, 5) + "}"));

        assertThat(query(one.next().get())).contains("offset=1");
        assertThat(moved.events()).hasSize(2);
        assertThat(query(moved.next().orElseThrow())).doesNotContain("offset");
    }

    @Test
    void aRemoteThatTakesOnlyMultiplesOfThePageSizeGetsThose() {
        Connector shop = paged("{ type: offset, into: offset, page_size: 2, aligned: true }", TIME + ", order: any");

        assertThat(query(shop.polling("orders")
                        .read(first(shop), answer("{" + orders(1, 2) + "}"))
                        .next()
                        .orElseThrow()))
                .contains("offset=2");
    }

    @Test
    void theSamePageTwiceEndsWithAProblem() {
        Connector shop = paged("{ type: page, into: page }", TIME + ", order: any");
        Page one = shop.polling("orders").read(first(shop), answer("{" + orders(1, 2) + "}"));
        Page two = shop.polling("orders").read(one.next().orElseThrow(), answer("{" + orders(3, 4) + "}"));

        assertThatThrownBy(
                        () -> shop.polling("orders").read(two.next().orElseThrow(), answer("{" + orders(3, 4) + "}")))
                .hasMessageStartingWith("shop/orders: the remote answered the same page again");
    }

    @Test
    void pagesWithoutRecordsAreFollowedButNotForever() {
        Connector shop = paged("{ type: cursor, next: next, into: after }", TIME + ", order: any");
        PageRequest ask = first(shop);
        for (int i = 0; i < 100; i++) {
            ask = shop.polling("orders")
                    .read(ask, answer("{" + orders() + ",'next':'t" + i + "'}"))
                    .next()
                    .orElseThrow();
        }
        PageRequest tooMany = ask;

        assertThatThrownBy(() -> shop.polling("orders").read(tooMany, answer("{" + orders() + ",'next':'t'}")))
                .hasMessageContaining("101 pages without a record");
    }

    @Test
    void behindACeilingAnotherTokenIsUsed() {
        Connector shop = paged(
                "{ type: page, into: page, page_size: 2, more: more, ceiling: 4, beyond: { next: token, into: page_token } }",
                TIME + ", order: any");

        Page one = shop.polling("orders").read(first(shop), answer("{" + orders(1, 2) + ",'more':true,'token':'a'}"));
        Page two = shop.polling("orders")
                .read(one.next().orElseThrow(), answer("{" + orders(3, 4) + ",'more':true,'token':'b'}"));
        Page three = shop.polling("orders")
                .read(two.next().orElseThrow(), answer("{" + orders(5, 6) + ",'more':true,'token':'c'}"));

        assertThat(query(one.next().get())).contains("page=2");
        assertThat(query(two.next().get())).contains("page_token=b").doesNotContain("page=");
        assertThat(query(three.next().orElseThrow())).contains("page_token=c");
    }

    @Test
    void aSliceThatHoldsTooMuchIsHalved() {
        Connector shop = shop("""
                query: { since: "{cursor}", until: "{until}" }
                records: data
                pagination: { type: cursor, next: next, into: after, page_size: 2, ceiling: 2 }
                cursor: { %s, order: any, slice: 1d }
                event: { type: order.changed, id: "{id}", record: "{id}" }
                """.formatted(TIME));
        PageRequest first = first(shop);

        Page page = shop.polling("orders").read(first, answer("{" + orders(1, 2) + ",'next':'t'}"));

        assertThat(query(first)).startsWith("since=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z");
        assertThat(query(page.next().orElseThrow()))
                .startsWith("since=2026-01-01T00:00:00Z&until=2026-01-01T12:00:00Z&key");
    }

    @Test
    void theRemoteMayKeepThePlaceItself() {
        Connector shop = shop("""
                records: value
                pagination: { type: url, next: "@odata.nextLink" }
                cursor: { next: "@odata.deltaLink" }
                event: { type: row.changed, id: "{id}", record: "{id}", deleted: { field: "@removed", type: row.deleted } }
                """);

        Page one = shop.polling("orders")
                .read(
                        first(shop),
                        answer("{'value':[{'id':1}],'@odata.nextLink':'https://shop.example/v1/orders?skip=1'}"));
        Page two = shop.polling("orders")
                .read(
                        one.next().orElseThrow(),
                        answer(
                                "{'value':[{'id':2,'@removed':{'reason':'deleted'}}],'@odata.deltaLink':'https://shop.example/v1/orders?delta=7'}"));
        PageRequest later = shop.polling("orders").first(Optional.of(two.cursor()), Map.of(), NOON);

        assertThat(one.events()).extracting(StreamEvent::type).containsExactly("row.changed");
        assertThat(two.events()).extracting(StreamEvent::type).containsExactly("row.deleted");
        assertThat(two.cursor()).isEqualTo("https://shop.example/v1/orders?delta=7");
        assertThat(later.request().url()).hasToString("https://shop.example/v1/orders?delta=7&key=s3cret");
        assertThat(shop.polling("orders")
                        .afresh(later, 410)
                        .orElseThrow()
                        .request()
                        .url())
                .hasToString("https://shop.example/v1/orders?key=s3cret");
        assertThat(shop.polling("orders").afresh(later, 400)).isEmpty();
        assertThat(shop.polling("orders")
                        .read(later, new Answer(204, Map.of(), new byte[0]))
                        .cursor())
                .as("nothing new")
                .isEqualTo(two.cursor());
    }

    @Test
    void aTokenOfTheRemoteMovesWithEachPageThatHasOne() {
        Connector shop = shop("""
                query: { start_time: 0 }
                records: tickets
                pagination: { type: cursor, next: after_cursor, into: cursor, last: end_of_stream }
                cursor: { next: after_cursor, into: cursor, field: updated_at }
                event: { type: ticket.changed, id: "{id}:{updated_at}", record: "{id}" }
                """);
        String tickets = "'tickets':[{'id':1,'updated_at':'2026-10-01T10:00:00Z'}]";

        Page one = shop.polling("orders")
                .read(first(shop), answer("{" + tickets + ",'after_cursor':'c1','end_of_stream':false}"));
        Page two = shop.polling("orders")
                .read(one.next().orElseThrow(), answer("{'tickets':[],'after_cursor':'c2','end_of_stream':true}"));

        assertThat(one.cursor()).isEqualTo("c1");
        assertThat(query(one.next().get())).contains("cursor=c1");
        assertThat(two.next()).isEmpty();
        assertThat(two.cursor()).isEqualTo("c2");
        assertThat(one.events().get(0).changedAt()).isEqualTo("2026-10-01T10:00:00Z");
    }

    @Test
    void whatIsOfTheFirstQuestionAloneIsNotAskedOnceThereIsAPlace() {
        Connector shop = shop("""
                records: tickets
                pagination: { type: cursor, next: after_cursor, into: cursor, last: end_of_stream }
                cursor: { next: after_cursor, into: cursor, first: { start_time: 5 } }
                event: { type: ticket.changed, id: "{id}", record: "{id}" }
                """);

        Page one = shop.polling("orders")
                .read(first(shop), answer("{'tickets':[{'id':1}],'after_cursor':'c1','end_of_stream':false}"));
        PageRequest later = shop.polling("orders").first(Optional.of("c1"), Map.of(), NOON);

        assertThat(query(first(shop))).isEqualTo("start_time=5&key=s3cret");
        assertThat(query(one.next().orElseThrow())).isEqualTo("cursor=c1&key=s3cret");
        assertThat(query(later)).isEqualTo("cursor=c1&key=s3cret");
        assertThat(query(shop.polling("orders").afresh(later, 410).orElseThrow()))
                .isEqualTo("start_time=5&key=s3cret");
    }

    @Test
    void anAddressOnAnotherHostIsRefusedWithWhatToDo() {
        Connector shop = paged("{ type: url, next: next }", TIME + ", order: any");
        PageRequest asked = first(shop);

        assertThatThrownBy(() -> shop.polling("orders")
                        .read(asked, answer("{" + orders(1) + ",'next':'https://evil.example/v1?page=2'}")))
                .hasMessage("shop/orders: the address of the next page: https://evil.example is not called: this"
                        + " connection calls https://shop.example only; name the host under \"hosts\" if it is the"
                        + " vendor's");
    }

    @Test
    void aPollThatWasCutOffInAListWithoutOrderGoesOnThere() {
        Connector shop = paged("{ type: cursor, next: next, into: after }", TIME + ", order: any");
        Page one = shop.polling("orders").read(first(shop), answer("{" + orders(1) + ",'next':'t1'}"));

        PageRequest resumed = shop.polling("orders").first(Optional.of(one.cursor()), Map.of(), NOON.plusSeconds(60));

        assertThat(query(resumed)).contains("since=2026-01-01T00:00:00Z", "after=t1");
        assertThat(query(shop.polling("orders").afresh(resumed, 400).orElseThrow()))
                .doesNotContain("after=");
        assertThat(shop.polling("orders")
                        .afresh(shop.polling("orders").afresh(resumed, 400).get(), 400))
                .isEmpty();
        assertThatThrownBy(() -> shop.polling("orders").first(Optional.of("listing:{"), Map.of(), NOON))
                .hasMessage("shop/orders: the stored place in the middle of a listing is damaged; reset the stream");
    }

    @Test
    void whatWasNotModifiedIsAnEmptyPage() {
        Connector shop = shop("""
                headers: { If-Modified-Since: "{cursor}" }
                records: data
                pagination: { type: none }
                cursor: { field: at, start: "2026-01-01T00:00:00Z", format: http_date, lookback: 0s, order: any }
                event: { type: order.changed, id: "{id}", record: "{id}" }
                """);
        var unchanged = new Answer(304, Map.of(), new byte[0]);

        assertThat(first(shop).request().headers()).containsEntry("If-Modified-Since", "Thu, 1 Jan 2026 00:00:00 GMT");
        assertThat(Verdicts.of(shop, "orders", unchanged, NOON).succeeded()).isTrue();
        assertThat(shop.polling("orders").read(first(shop), unchanged).events()).isEmpty();
        assertThat(shop.polling("orders")
                        .read(first(shop), answer("{'data':null}"))
                        .events())
                .isEmpty();
    }

    @Test
    void whereOneAnswerHoldsAllNoOtherPageIsAskedFor() {
        Connector shop = paged("{ type: none }", TIME + ", order: any");

        Page page = shop.polling("orders").read(first(shop), answer("{" + orders(1, 2) + "}"));

        assertThat(page.events()).hasSize(2);
        assertThat(page.next()).isEmpty();
    }

    @Test
    void aNumberThatGrowsIsACursorToo() {
        Connector shop = paged(
                "{ type: cursor, next: next, into: after }",
                "field: id, format: number, start: 0, lookback: 3, order: ascending");

        Page page = shop.polling("orders").read(first(shop), answer("{" + orders(7, 9_000_000) + "}"));

        assertThat(query(first(shop))).startsWith("since=0&");
        assertThat(page.cursor()).isEqualTo("9000000");
        assertThat(query(shop.polling("orders").first(Optional.of("9000000"), Map.of(), NOON)))
                .startsWith("since=8999997&");
    }
}
