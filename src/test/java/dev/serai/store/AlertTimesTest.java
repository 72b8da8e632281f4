package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.alert.Alert;
import dev.serai.alert.Finding;
import dev.serai.alert.Judge;
import dev.serai.alert.Judge.Ruling;
import dev.serai.alert.Rule;
import dev.serai.alert.Rules;
import dev.serai.alert.Severity;
import dev.serai.alert.Signal;
import dev.serai.store.AlertBook.Decision;
import dev.serai.store.AlertTimes.Span;
import dev.serai.store.AlertTimes.Taken;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long people take to answer an alert, and until it is over. */
class AlertTimesTest {
    private static final String QUOTA = Alert.name("quota_used hubspot");
    private static final ByHand ADA = new ByHand("ada", "I see to it");
    private static final Span NONE = new Span(0, 0, 0);

    private final TestStore store = TestStore.empty();
    private final AlertBook book = new AlertBook(store.database.dataSource());
    private final AlertDesk desk = new AlertDesk(store.database.dataSource());
    private final AlertTimes times = new AlertTimes(store.database.dataSource());

    @BeforeEach
    void empty() throws SQLException {
        store.execute("TRUNCATE alert, alert_time; UPDATE alert_watch SET claimed_by = NULL");
        book.claim("one", Duration.ofDays(1));
    }

    @AfterEach
    void stop() {
        store.close();
    }

    private void after(int minutes) {
        store.now = store.now.plus(Duration.ofMinutes(minutes));
    }

    /** As a budget tells how much of it is used. */
    private void tell(String state, String severity) throws SQLException {
        String body = """
                {"alert":"%s","key":"quota_used hubspot","rule":"quota-used","signal":"quota_used","state":"%s",\
                "severity":"%s","since":"%s","reason":"80 %% is used"}""".formatted(QUOTA, state, severity, store.now);
        store.inbox.tell(new NewEvent(
                "serai",
                "serai.alert",
                state + " " + severity + " " + store.now,
                Optional.empty(),
                "connection:hubspot",
                "",
                Optional.empty(),
                "application/json",
                body.getBytes(StandardCharsets.UTF_8),
                List.of()));
    }

    private List<Taken> taken() throws SQLException {
        return times.lately(store.now);
    }

    @Test
    void theTimesOfAnAlertBeginWhenPeopleWereToldFirst() throws SQLException {
        tell("open", "warning");
        after(3);
        assertThat(taken()).containsExactly(new Taken("quota-used", "warning", 1, 180, NONE, NONE));
        tell("open", "critical");
        after(1);
        desk.acknowledge(QUOTA, store.now, ADA);
        after(1);
        desk.acknowledge(QUOTA, store.now, ADA);
        after(25);
        tell("resolved", "critical");

        assertThat(taken())
                .containsExactly(
                        new Taken("quota-used", "critical", 0, 0, new Span(1, 240, 240), new Span(1, 1_800, 1_800)));
    }

    @Test
    void aSilenceIsAnAnswerTooAndWhatComesBackIsTimedAnew() throws SQLException {
        tell("open", "warning");
        after(2);
        desk.silence(QUOTA, store.now, store.now.plus(Duration.ofMinutes(10)), ADA);
        after(3);
        tell("resolved", "warning");
        after(60);
        tell("open", "warning");
        after(4);

        assertThat(taken())
                .containsExactly(
                        new Taken("quota-used", "warning", 1, 240, new Span(1, 120, 120), new Span(1, 300, 300)));
    }

    @Test
    void whatASilenceKeptFromPeopleIsNoAnswerOfTheirs() throws SQLException {
        tell("open", "warning");
        tell("resolved", "warning");
        desk.silence(QUOTA, store.now, store.now.plus(Duration.ofHours(1)), ADA);
        after(5);
        tell("open", "warning");
        after(5);
        desk.acknowledge(QUOTA, store.now, ADA);
        tell("open", "warning");

        assertThat(taken()).singleElement().satisfies(all -> {
            assertThat(all.response()).isEqualTo(NONE);
            assertThat(all.unanswered()).isZero();
        });
    }

    @Test
    void ofManyTheMiddleAndTheSlowestTenthAreToldForAWeekAndForgottenLater() throws SQLException {
        for (int i = 1; i <= 11; i++) {
            tell("open", "warning");
            after(i);
            desk.acknowledge(QUOTA, store.now, ADA);
            after(1);
            tell("resolved", "warning");
            after(1);
        }

        assertThat(taken())
                .containsExactly(
                        new Taken("quota-used", "warning", 0, 0, new Span(11, 360, 600), new Span(11, 420, 660)));
        after(60 * 24 * 8);
        assertThat(taken()).isEmpty();
        assertThat(store.column("SELECT count(*) FROM alert_time")).containsExactly("11");
        after(60 * 24 * 30);
        desk.tidy(store.now);
        assertThat(store.column("SELECT count(*) FROM alert_time")).containsExactly("0");
    }

    @Test
    void whatLooksFindIsTimedAsStatesAre() throws SQLException {
        Rule rule = Rules.SHIPPED.all().stream()
                .filter(one -> one.signal() == Signal.REPEATED_PATTERN)
                .findFirst()
                .orElseThrow();
        var found = new Finding(rule, "orders", Severity.WARNING, 1, Map.of(), null, false);
        Ruling raised = Judge.seen(null, found, store.now);
        decide(raised);
        after(10);
        Ruling over = Judge.unseen(raised.alert(), Duration.ZERO, store.now);
        decide(over);

        assertThat(taken()).containsExactly(new Taken(rule.name(), "warning", 0, 0, NONE, new Span(1, 600, 600)));
    }

    private void decide(Ruling ruling) throws SQLException {
        book.decide(
                "one",
                store.now,
                known -> List.of(new Decision(
                        ruling.alert().name(),
                        ruling.alert(),
                        "repeated_pattern",
                        JsonNodeFactory.instance.objectNode(),
                        Optional.empty())));
    }
}
