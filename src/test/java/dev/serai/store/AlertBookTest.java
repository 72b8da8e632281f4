package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.alert.Alert;
import dev.serai.alert.Alert.State;
import dev.serai.alert.Alert.Times;
import dev.serai.alert.Alert.Told;
import dev.serai.alert.Finding;
import dev.serai.alert.Judge;
import dev.serai.alert.Judge.News;
import dev.serai.alert.Message;
import dev.serai.alert.Rule;
import dev.serai.alert.Rules;
import dev.serai.alert.Severity;
import dev.serai.alert.Signal;
import dev.serai.store.AlertBook.Decision;
import dev.serai.store.AlertBook.Entry;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people are told of alerts that are silent, and of states that begin, become worse and end meanwhile. */
class AlertBookTest {
    private static final String QUOTA = Alert.name("quota_used hubspot");
    private static final ByHand ADA = new ByHand("ada", "they move");

    private final TestStore store = TestStore.empty();
    private final AlertBook book = new AlertBook(store.database.dataSource());
    private final AlertDesk desk = new AlertDesk(store.database.dataSource());

    @BeforeEach
    void oneHubJudges() throws SQLException {
        store.execute("TRUNCATE alert; UPDATE alert_watch SET claimed_by = NULL");
        book.claim("one", Duration.ofDays(1));
    }

    @AfterEach
    void stop() {
        store.close();
    }

    private List<Entry> known() throws SQLException {
        var seen = new ArrayList<Entry>();
        book.decide("one", store.now, known -> {
            seen.addAll(known);
            return List.of();
        });
        return seen;
    }

    private static Finding alike() {
        Rule rule = Rules.SHIPPED.all().stream()
                .filter(one -> one.signal() == Signal.REPEATED_PATTERN)
                .findFirst()
                .orElseThrow();
        return new Finding(rule, "orders", Severity.WARNING, 1, Map.of(), null, false);
    }

    private void after(Duration time) {
        store.now = store.now.plus(time);
    }

    /** As a budget tells how much of it is used. */
    private void tell(String state, String severity, String key) throws SQLException {
        String body = """
                {"alert":"%s","key":"quota_used hubspot","rule":"quota-used","signal":"quota_used","state":"%s",\
                "severity":"%s","since":"%s","reason":"80 %% is used"}""".formatted(QUOTA, state, severity, store.now);
        store.inbox.tell(new NewEvent(
                "serai",
                "serai.alert",
                key,
                Optional.empty(),
                "connection:hubspot",
                "",
                Optional.empty(),
                "application/json",
                body.getBytes(StandardCharsets.UTF_8),
                List.of()));
    }

    /** As a look does. @return whether people were told */
    private boolean lookAtQuota() throws SQLException {
        Entry entry = desk.find(QUOTA).orElseThrow();
        return Judge.lasts(entry.alert(), store.now).news() != News.NONE
                && book.tellLate(entry, store.now, TestStore.event(entry.toldKey(), "connection:hubspot"));
    }

    private List<String> told() {
        return store.column("SELECT key FROM event ORDER BY id");
    }

    @Test
    void aSilenceHoldsHoursAfterTheEndOfItsAlert() throws SQLException {
        Instant ended = store.now.minus(Duration.ofHours(2));
        var alert = new Alert(
                alike().key(),
                alike().rule().name(),
                State.RESOLVED,
                Severity.WARNING,
                new Times(ended, ended, null, ended, null),
                1,
                0,
                new Told(Severity.WARNING, 1, ended),
                false);
        book.decide(
                "one",
                store.now,
                known -> List.of(new Decision(
                        alert.name(),
                        alert,
                        "repeated_pattern",
                        JsonNodeFactory.instance.objectNode(),
                        Optional.empty())));
        assertThat(known()).as("over for two hours").isEmpty();
        desk.silence(alert.name(), store.now, store.now.plus(Duration.ofDays(7)), ADA);

        after(Duration.ofDays(3));
        assertThat(known()).singleElement().satisfies(entry -> {
            var ruling = Judge.seen(entry.alert(), alike(), store.now);
            assertThat(ruling.alert().state()).isEqualTo(State.OPEN);
            assertThat(ruling.news()).isEqualTo(News.NONE);
        });
        after(Duration.ofDays(5));
        assertThat(known()).as("the silence is over").isEmpty();
    }

    @Test
    void aStateThatBeganInASilenceIsToldOnceWhenThatIsOverAndThenItsEndIsToo() throws SQLException {
        tell("open", "warning", "first");
        tell("resolved", "warning", "first over");
        desk.silence(QUOTA, store.now, store.now.plus(Duration.ofHours(4)), ADA);
        tell("open", "warning", "second");
        assertThat(lookAtQuota()).as("it is silent").isFalse();

        after(Duration.ofHours(5));
        Entry before = desk.find(QUOTA).orElseThrow();
        assertThat(lookAtQuota()).isTrue();
        assertThat(lookAtQuota()).as("it was told").isFalse();
        assertThat(book.tellLate(before, store.now, TestStore.event("again", "connection:hubspot")))
                .as("another hub has read it before it was told")
                .isFalse();
        tell("resolved", "warning", "second over");

        assertThat(told()).containsExactly("first", "first over", "second", "second over");
    }

    @Test
    void theEndOfWhatNobodyWasToldIsNotToldEither() throws SQLException {
        tell("open", "warning", "first");
        tell("resolved", "warning", "first over");
        desk.silence(QUOTA, store.now, store.now.plus(Duration.ofHours(4)), ADA);
        tell("open", "warning", "second");
        after(Duration.ofHours(5));
        tell("resolved", "warning", "second over");

        assertThat(told()).containsExactly("first", "first over");
        assertThat(lookAtQuota()).as("it is over").isFalse();
    }

    @Test
    void theEndOfWhatWasToldIsToldAlsoInASilenceOrAPagerWaitsForEver() throws SQLException {
        tell("open", "warning", "first");
        desk.silence(QUOTA, store.now, store.now.plus(Duration.ofHours(4)), ADA);
        tell("resolved", "warning", "first over");
        tell("open", "warning", "second");
        tell("resolved", "warning", "second over");

        assertThat(told()).containsExactly("first", "first over");
    }

    @Test
    void aStateEndsAlsoWhenItsRuleWasSwitchedOffMeanwhileAndBeginsNoMore() throws SQLException {
        tell("open", "critical", "first");
        for (String state : List.of("resolved", "open")) {
            store.inbox.tell(ofRulesThatAreOff(state));
        }

        assertThat(told()).containsExactly("first", "resolved by no rule");
        assertThat(desk.find(QUOTA).orElseThrow().alert().state()).isEqualTo(State.RESOLVED);
        assertThat(
                        store.column(
                                "SELECT convert_from(payload, 'UTF8')::json ->> 'severity' || ' ' ||"
                                        + " (convert_from(payload, 'UTF8')::json ->> 'title') FROM event WHERE key = 'resolved by no rule'"))
                .containsExactly("critical Over: 80 % counts anew");
    }

    private NewEvent ofRulesThatAreOff(String state) {
        var body = JsonNodeFactory.instance
                .objectNode()
                .put("kind", state.equals("open") ? "quota.used" : "quota.over")
                .put("connection", "hubspot")
                .put("since", store.now.toString())
                .put("reason", "80 % counts anew");
        Message.ofState(body, "hubspot", false, new Rules(List.of()), "");
        Message.tell(body, state.equals("open") ? News.RAISED : News.RESOLVED);
        return new NewEvent(
                "serai",
                "serai.alert",
                state + " by no rule",
                Optional.empty(),
                "connection:hubspot",
                "",
                Optional.empty(),
                "application/json",
                body.toString().getBytes(StandardCharsets.UTF_8),
                List.of());
    }

    @Test
    void whatBecameWorseInASilenceIsToldWhenThatIsOver() throws SQLException {
        tell("open", "warning", "80 %");
        desk.silence(QUOTA, store.now, store.now.plus(Duration.ofHours(4)), ADA);
        tell("open", "critical", "95 %");
        after(Duration.ofHours(5));

        assertThat(lookAtQuota()).isTrue();
        assertThat(lookAtQuota()).isFalse();
        assertThat(told()).containsExactly("80 %", "95 %");
    }

    @Test
    void whoHasAcknowledgedItInASilenceKnowsIt() throws SQLException {
        tell("open", "warning", "first");
        tell("resolved", "warning", "first over");
        desk.silence(QUOTA, store.now, store.now.plus(Duration.ofHours(4)), ADA);
        tell("open", "warning", "second");
        desk.acknowledge(QUOTA, store.now, ADA);
        after(Duration.ofHours(5));

        assertThat(lookAtQuota()).isFalse();
        assertThat(told()).containsExactly("first", "first over");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pagesLeaveOutNoneOfALookThatFoundMany(boolean open) throws SQLException {
        store.execute(
                "INSERT INTO alert (name, key, rule, signal, state, severity, since, seen_at, resolved_at, count, body)"
                        + " SELECT 'a_' || n, n, 'r', 'lag', '" + (open ? "open" : "resolved")
                        + "', 'info', t, t, t, 1, '{}'"
                        + " FROM generate_series(1, 5) n, (SELECT now() - interval '1 day' AS t) one");
        var names = new ArrayList<String>();
        var behind = new AlertDesk.Place(store.now, "");
        List<Entry> page = desk.list(open, behind, 2);
        while (!page.isEmpty()) {
            for (Entry entry : page) {
                // the name of a row, which here is not that of its key
                names.add("a_" + entry.alert().key());
                behind = new AlertDesk.Place(
                        entry.alert().times().since(), "a_" + entry.alert().key());
            }
            page = desk.list(open, behind, 2);
        }
        assertThat(names).containsExactly("a_5", "a_4", "a_3", "a_2", "a_1");
    }
}
