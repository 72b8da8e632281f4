package dev.serai.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
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

    /** Of pages behind the first one, some before the circle. */
    @ParameterizedTest
    @CsvSource({"0, 2", "1, 3", "5, 4", "6, 37"})
    void aChainOfPagesThatTurnsInACircleIsStopped(int before, int round) {
        Connector shop = paged("{ type: cursor, next: next, into: after }", TIME + ", order: any");
        PageRequest ask = first(shop);
        int pages = 0;
        try {
            while (pages < 1_000) {
                int page = pages < before ? pages : before + (pages - before) % round;
                pages++;
                ask = shop.polling("orders")
                        .read(ask, answer("{" + orders(pages) + ",'next':'t" + page + "'}"))
                        .next()
                        .orElseThrow();
            }
        } catch (ConnectorRefused e) {
            assertThat(e)
                    .hasMessage("shop/orders: the pages lead back to one that was asked for before; stopped instead of"
                            + " asking forever");
        }

        assertThat(pages).isBetween(before + round + 1, 4 * (before + round));
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

    private static Connector mailbox() {
        return shop("""
                query: { types: added }
                records: history
                records_absent: empty
                pagination: { type: cursor, next: nextPageToken, into: pageToken }
                cursor: { next: historyId, into: startHistoryId, expired: [404] }
                event: { type: mail.added, id: "{id}", record: "{id}" }
                """);
    }

    /** Such a place is of now: it would pass over all that stands on the pages behind. */
    @Test
    void aPlaceToldOnEveryPageIsStoredWithTheLastOne() {
        var mails = mailbox().polling("orders");
        PageRequest first = mails.first(Optional.of("h1"), Map.of(), NOON);

        Page one = mails.read(first, answer("{'history':[{'id':1}],'nextPageToken':'p2','historyId':'h8'}"));
        Page two = mails.read(
                one.next().orElseThrow(), answer("{'history':[{'id':2}],'nextPageToken':'p3','historyId':'h9'}"));
        PageRequest resumed = mails.first(Optional.of(two.cursor()), Map.of(), NOON.plusSeconds(60));
        Page three = mails.read(resumed, answer("{'history':[{'id':3}],'historyId':'h9'}"));

        assertThat(query(first)).isEqualTo("types=added&startHistoryId=h1&key=s3cret");
        assertThat(query(one.next().get())).isEqualTo("types=added&startHistoryId=h1&pageToken=p2&key=s3cret");
        assertThat(query(resumed)).isEqualTo("types=added&startHistoryId=h1&pageToken=p3&key=s3cret");
        assertThat(three.next()).isEmpty();
        assertThat(three.cursor())
                .as("what came while the list was read is asked for once more")
                .isEqualTo("h8");
    }

    @Test
    void aPageThatIsForgottenIsNoReasonToForgetThePlaceItsListBeganAt() {
        var mails = mailbox().polling("orders");
        Page one = mails.read(
                mails.first(Optional.of("h1"), Map.of(), NOON),
                answer("{'history':[{'id':1}],'nextPageToken':'p2','historyId':'h8'}"));
        PageRequest resumed = mails.first(Optional.of(one.cursor()), Map.of(), NOON);

        PageRequest afresh = mails.afresh(resumed, 404).orElseThrow();

        assertThat(query(afresh)).isEqualTo("types=added&startHistoryId=h1&key=s3cret");
        assertThat(query(mails.afresh(afresh, 404).orElseThrow())).isEqualTo("types=added&key=s3cret");
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

    /** Some systems count all there are, some what is left behind the key. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void aTotalOfWhatRemainsDoesNotEndAListByKey(int totalOfTheLastPage) {
        Connector shop = paged(
                "{ type: last, next: id, into: id_greater, page_size: 2, total: meta.total }", TIME + ", order: any");

        Page one = shop.polling("orders").read(first(shop), answer("{" + orders(1, 2) + ",'meta':{'total':'5'}}"));
        Page two = shop.polling("orders")
                .read(
                        one.next().orElseThrow(),
                        answer("{" + orders(3, 4) + ",'meta':{'total':" + (totalOfTheLastPage + 2) + "}}"));
        Page three = shop.polling("orders")
                .read(
                        two.next().orElseThrow(),
                        answer("{" + orders(5) + ",'meta':{'total':" + totalOfTheLastPage + "}}"));

        assertThat(query(two.next().get())).contains("id_greater=4");
        assertThat(three.next().isPresent()).isEqualTo(totalOfTheLastPage > 1);
        assertThat(three.next()
                        .map(next -> shop.polling("orders")
                                .read(next, answer("{" + orders() + ",'meta':{'total':5}}"))
                                .next())
                        .orElse(Optional.empty()))
                .as("at the latest a page without a record is the last")
                .isEmpty();
    }

    @Test
    void aDeletedRowMayLackTheFieldsOfALivingOne() throws IOException {
        Connector guide = guide("rows");
        String gone = "'@removed':{'reason':'deleted'}";

        Page page = guide.polling("rows")
                .read(
                        guide.polling("rows").first(Optional.empty(), Map.of(), NOON),
                        answer("{'value':[{" + gone + ",'id':7},{" + gone + ",'id':8},{'id':9,'version':2}],"
                                + "'@odata.deltaLink':'https://api.shop.example/rows?delta=7'}"));

        assertThat(page.events())
                .extracting(event -> event.type() + " " + event.id() + " " + event.record())
                .containsExactly(
                        "row.deleted row:7:removed row:7",
                        "row.deleted row:8:removed row:8",
                        "row.changed row:9:2 row:9");
    }

    /** The file of the guide that has this stream. */
    private static Connector guide(String stream) throws IOException {
        String text = Files.readString(Path.of("docs/connectors.md"));
        return Pattern.compile("```yaml\n(connector: shop\n.*?)```", Pattern.DOTALL)
                .matcher(text)
                .results()
                .map(file -> Connector.read("guide", "shop", file.group(1), name -> Optional.empty()))
                .filter(file -> file.operations().containsKey(stream))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anAbsentListIsAnEmptyPageWhereTheFileSaysSo() {
        String stream = """
                query: { since: "{cursor}" }
                records: result.rows
                %s
                pagination: { type: cursor, next: next, into: token, more: more }
                cursor: { %s, order: any }
                event: { type: order.changed, id: "{id}", record: "{id}" }
                """;
        Connector says = shop(stream.formatted("records_absent: empty", TIME));
        Connector doesNot = shop(stream.formatted("", TIME));

        Page quiet = says.polling("orders").read(first(says), answer("{'more':true,'next':'t2'}"));

        assertThat(quiet.events()).isEmpty();
        assertThat(query(quiet.next().orElseThrow())).contains("token=t2");
        assertThat(says.polling("orders")
                        .read(quiet.next().get(), answer("{'result':{},'more':false}"))
                        .next())
                .isEmpty();
        for (String odd : List.of("{'result':{'rows':7}}", "{'result':{'rows':[7]}}", "[]", "'ok'", "not JSON", "")) {
            assertThatThrownBy(() -> says.polling("orders").read(first(says), answer(odd)))
                    .as(odd)
                    .hasMessageStartingWith("shop/orders: the answer has no list of records at \"result.rows\"");
        }
        assertThatThrownBy(() -> doesNot.polling("orders").read(first(doesNot), answer("{'more':false}")))
                .hasMessageEndingWith("or write \"records_absent: empty\" if the system leaves an empty list out");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data.0.items | {'data':[{'items':[{'id':1,'at':'2026-10-01T10:00:00Z'}]},{'items':[{'id':2}]}]} | 1",
                "data.1.items | {'data':[{'items':[{'id':1}]},{'items':[{'id':2,'at':'2026-10-01T10:00:00Z'}]}]} | 2",
                "data.*.items | {'data':[{'items':[{'id':1,'at':'2026-10-01T10:00:00Z'}]},{'x':{'items':[9]}},"
                        + "{'items':[{'id':2,'at':'2026-10-01T10:00:00Z'}]}],'next':{'items':[]}} | 1 2",
                "data.*       | {'data':{'a':[{'id':1,'at':'2026-10-01T10:00:00Z'}],'b':null}} | 1"
            })
    void recordsMayStandInAListOfLists(String records, String json, String ids) {
        Connector shop = shop("""
                query: { since: "{cursor}" }
                records: %s
                pagination: { type: none }
                cursor: { %s, order: any }
                event: { type: order.changed, id: "{id}", record: "{id}" }
                """.formatted(records, TIME));

        assertThat(shop.polling("orders").read(first(shop), answer(json)).events())
                .extracting(StreamEvent::id)
                .containsExactly(ids.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?page=2 | https://shop.example/v1/orders?page=2&key=s3cret | /v1/orders?page=2",
                "orders?page=2 | https://shop.example/v1/orders?page=2&key=s3cret | /v1/orders?page=2",
                "/v2/more?a=b | https://shop.example/v2/more?a=b&key=s3cret | /v2/more?a=b",
                "https://pages.example.com/p/1 | https://pages.example.com/p/1?key=s3cret | https://pages.example.com/p/1"
            })
    void anAddressOfAQueryAloneStaysAtItsResource(String next, String url, String place) {
        Connector shop = shop("""
                records: data
                pagination: { type: url, next: next }
                cursor: { next: delta }
                event: { type: order.changed, id: "{id}", record: "{id}" }
                """);

        Page one = shop.polling("orders").read(first(shop), answer("{" + orders(1) + ",'next':'" + next + "'}"));
        Page two = shop.polling("orders").read(first(shop), answer("{" + orders(1) + ",'delta':'" + next + "'}"));
        PageRequest later = shop.polling("orders").first(Optional.of(two.cursor()), Map.of(), NOON);

        assertThat(one.next().orElseThrow().request().url()).hasToString(url);
        assertThat(two.cursor())
                .as("is understood by the next poll, and holds no credential")
                .isEqualTo(place);
        assertThat(later.request().url()).hasToString(url);
        assertThat(shop.polling("orders")
                        .read(one.next().get(), answer("{" + orders(2) + ",'next':'?page=3'}"))
                        .next()
                        .orElseThrow()
                        .request()
                        .url())
                .as("on the page that was answered, whatever its host")
                .hasToString(url.substring(0, url.indexOf('?')) + "?page=3&key=s3cret");
    }

    @Test
    void aListWithoutAFilterGivesWhatIsNewer() {
        Connector shop = shop("""
                records: data
                pagination: { type: page, into: page, page_size: 2 }
                cursor: { field: [ at, made ], start: "2026-01-01T00:00:00Z", lookback: 1h, order: any, filtered: false }
                event: { type: order.changed, id: ["{id}:{at}", "{id}"], record: "{id}" }
                """);
        String old = "{'id':1,'at':'2026-09-01T00:00:00Z'}";
        String late = "{'id':2,'at':'2026-10-01T09:30:00Z'}";
        String fresh = "{'id':3,'at':null,'made':'2026-10-01T11:00:00Z'}";
        Optional<String> cursor = Optional.of("2026-10-01T10:00:00Z");
        PageRequest asked = shop.polling("orders").first(cursor, Map.of(), NOON);

        Page one = shop.polling("orders").read(asked, answer("{'data':[" + old + "," + late + "]}"));
        Page two = shop.polling("orders").read(one.next().orElseThrow(), answer("{'data':[" + fresh + "]}"));
        Page end = shop.polling("orders").read(two.next().orElseThrow(), answer("{'data':[]}"));

        assertThat(query(asked)).isEqualTo("page=1&key=s3cret");
        assertThat(one.events()).extracting(StreamEvent::id).containsExactly("2:2026-10-01T09:30:00Z");
        assertThat(two.events()).extracting(StreamEvent::id).containsExactly("3");
        assertThat(one.cursor()).isEqualTo("2026-10-01T10:00:00Z");
        assertThat(end.cursor()).isEqualTo("2026-10-01T11:00:00Z");
    }
}
