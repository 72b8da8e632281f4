package dev.serai.connector;

import static dev.serai.connector.ShippedRequestsTest.shipped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the records of a page, and how pages are asked for that begin in ways of their own. */
class PageEventsTest {
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    private static Connector shop(String stream) {
        return Connector.read("f", "shop", """
                connector: shop
                base_url: https://shop.example
                reads:
                  begin: { path: /pagingtoken, query: { since: "2026-01-01T00:00:00Z" }, returns: nextPageToken }
                streams:
                  orders: %s
                """.formatted(stream), name -> Optional.empty());
    }

    private static final Connector SHOP = shop("""
            { path: /orders, query: { since: "{cursor}" }, records: data,
                cursor: { field: at, start: "2026-01-01T00:00:00Z", order: ascending },
                event: { type: "order.{kind}", id: "{id}:{at}", record: ["order:{no}", "cart:{cart}"] } }""");

    private static Answer answer(String json) {
        return new Answer(200, Map.of(), json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static Page page(Connector connector, String records) {
        var polling = connector.polling("orders");
        return polling.read(polling.first(Optional.empty(), Map.of(), NOON), answer("{'data':[" + records + "]}"));
    }

    private static final String GOOD = "{'id':1,'no':7,'kind':'paid','at':'2026-10-01T10:00:00Z'}";

    @Test
    void theTypeOfAnEventIsFilledFromItsRecordAndItsRecordIsTheFirstThatFits() throws IOException {
        var polling = shipped("stripe").polling("events");
        Page page = polling.read(polling.first(Optional.empty(), Map.of(), NOON), answer("""
                {'data': [
                  {'id':'evt_2','created':1790000002,'type':'balance.available','data':{'object':{'object':'balance'}}},
                  {'id':'evt_1','created':1790000001,'type':'invoice.paid','data':{'object':{'object':'invoice','id':'in_7'}}}],
                 'has_more': false}"""));

        assertThat(page.events())
                .extracting(StreamEvent::type, StreamEvent::id, StreamEvent::record)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("balance.available", "evt_2", "balance"),
                        org.assertj.core.groups.Tuple.tuple("invoice.paid", "evt_1", "invoice:in_7"));
    }

    @Test
    void aRecordThatCantBeReadIsKeptAsideWithItsBytesAndTheOthersComeIn() throws IOException {
        Page page = page(
                SHOP,
                GOOD + ",{ 'id' : 2.50, 'at':'2026-10-01T10:00:01Z','kind':'paid'},{'id':3,'no':9,'kind':'paid'},"
                        + "{'id':4,'cart':5,'kind':'open','at':'2026-10-01T10:00:03Z'}");

        assertThat(page.events())
                .extracting(StreamEvent::type)
                .containsExactly("order.paid", "record.unreadable", "record.unreadable", "order.open");
        assertThat(page.events().get(3).record()).isEqualTo("cart:5");
        assertThat(page.cursor()).isEqualTo("2026-10-01T10:00:03Z");
        StreamEvent aside = page.events().get(1);
        assertThat(aside.changedAt()).isEqualTo("2026-10-01T10:00:01Z");
        assertThat(new String(aside.bytes(), StandardCharsets.UTF_8))
                .startsWith("{\"stream\":\"shop/orders\",\"problem\":\"\\\"cart\\\" has no value;")
                .endsWith(",\"record\":{ \"id\" : 2.50, \"at\":\"2026-10-01T10:00:01Z\",\"kind\":\"paid\"}}");
        assertThat(Answer.JSON.readTree(aside.bytes()).at("/record/id").decimalValue())
                .isEqualByComparingTo("2.5");
        assertThat(page.events().get(2).problem())
                .contains("it has no time at \"at\"; ask the remote to send this field, or correct \"field\"");
    }

    @Test
    void itIsRecognisedWhenItIsReadAgainAndNotTakenForAnother() {
        String bad = "{'id':2,'at':'2026-10-01T10:00:01Z','kind':'paid'}";
        String other = bad.replace("'id':2", "'id':3");

        assertThat(id(page(SHOP, GOOD + "," + bad)))
                .isEqualTo(id(page(SHOP, bad)))
                .isNotEqualTo(id(page(SHOP, other)));
    }

    private static String id(Page page) {
        return page.events().get(page.events().size() - 1).id();
    }

    @Test
    void whereAStreamBeginsWithNothingThatCanBeReadTheFileIsTakenForWrongAndNothingMoves() {
        String bad = "{'id':2,'at':'2026-10-01T10:00:01Z','kind':'paid'}";

        assertThatThrownBy(() -> page(SHOP, bad + "," + bad))
                .isInstanceOf(ConnectorRefused.class)
                .hasMessageStartingWith(
                        "shop/orders: none of the 2 records it begins with can be read, so the file is taken to be"
                                + " wrong and nothing was stored; of the first: \"cart\" has no value;");
    }

    @Test
    void recordsThatCantBeReadNeverStopAStreamThatHasComeFurther() {
        String bad = "{'id':2,'at':'2026-10-01T10:00:01Z','kind':'paid'}";
        var polling = SHOP.polling("orders");

        Page page = polling.read(
                polling.first(Optional.of("2026-09-30T10:00:00Z"), Map.of(), NOON),
                answer("{'data':[" + bad + "," + bad.replace("01Z", "02Z") + "]}"));

        assertThat(page.events()).hasSize(2).allMatch(StreamEvent::isUnreadable);
        assertThat(page.cursor()).isEqualTo("2026-10-01T10:00:02Z");
    }

    @ParameterizedTest
    @CsvSource({
        "zendesk,   tickets,       status,     deleted, open,  ticket.deleted, ticket.changed",
        "zendesk,   users,         active,     false,   true,  contact.deleted, contact.changed",
        "pipedrive, persons,       is_deleted, true,    false, contact.deleted, contact.changed",
    })
    void aRecordMaySayByAWordThatItIsGone(
            String vendor, String stream, String field, String gone, String there, String deleted, String changed)
            throws IOException {
        var listing = (Listing) shipped(vendor).operation(stream);
        String record = "{\"id\":1,\"updated_at\":\"%s\",\"update_time\":\"%1$s\",\"" + field + "\":%s}";
        String at = "2026-10-01T10:00:00Z";

        assertThat(new PageEvents(vendor, listing, Map.of())
                        .read(List.of(
                                record.formatted(at, word(gone)).getBytes(StandardCharsets.UTF_8),
                                record.formatted(at, word(there)).getBytes(StandardCharsets.UTF_8),
                                record.formatted(at, "null").getBytes(StandardCharsets.UTF_8))))
                .extracting(StreamEvent::type)
                .containsExactly(deleted, changed, changed);
    }

    private static String word(String value) {
        return value.matches("true|false") ? value : "\"" + value + "\"";
    }

    @Test
    void thePlaceOfAPageMayStandInTheQueryBesideABody() {
        Connector suite = shop("""
                { path: /suiteql, method: POST, body: { q: "SELECT id FROM customer WHERE at >= '{cursor}'" }, records: items,
                    pagination: { type: offset, into: query.offset, size_into: query.limit, page_size: 2, more: hasMore },
                    cursor: { field: at, start: "2026-01-01T00:00:00Z", order: any },
                    event: { type: t, id: "{id}:{at}", record: "{id}" } }""");
        var polling = suite.polling("orders");
        PageRequest first = polling.first(Optional.empty(), Map.of(), NOON);
        PageRequest next = polling.read(
                        first,
                        answer("{'items':[{'id':1,'at':'2026-10-01T10:00:00Z'},{'id':2,'at':'2026-10-01T10:00:00Z'}],"
                                + "'hasMore':true}"))
                .next()
                .orElseThrow();

        assertThat(first.request().url().getQuery()).isEqualTo("limit=2");
        assertThat(next.request().url().getQuery()).isEqualTo("limit=2&offset=1");
        assertThat(new String(next.request().body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"q\":\"SELECT id FROM customer WHERE at >= '2026-01-01T00:00:00Z'\"}");
    }

    @Test
    void thePlaceToBeginAtMayComeFromAnotherPathAndComesAnewWhenItIsForgotten() {
        Connector leads = shop("""
                { path: /activities, records: result,
                    pagination: { type: cursor, next: nextPageToken, into: nextPageToken, more: moreResult },
                    cursor: { next: nextPageToken, into: nextPageToken, first_read: begin },
                    event: { type: t, id: "{id}", record: "{id}" } }""");
        var polling = leads.polling("orders");
        PageRequest first = polling.first(Optional.empty(), Map.of(), NOON);
        PageRequest begun = polling.from(first, "T1");
        PageRequest later = polling.first(Optional.of("T9"), Map.of(), NOON);

        assertThat(polling.firstRead(first)).contains("begin");
        assertThat(begun.request().url().getQuery()).isEqualTo("nextPageToken=T1");
        assertThat(polling.firstRead(begun)).isEmpty();
        assertThat(polling.read(begun, answer("{'result':[],'nextPageToken':'T2','moreResult':false}"))
                        .cursor())
                .isEqualTo("T2");
        assertThat(polling.firstRead(later)).isEmpty();
        assertThat(polling.afresh(later, 410).flatMap(polling::firstRead)).contains("begin");
    }
}
