package dev.serai.facts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.store.AlertDesk;
import dev.serai.store.Cursors;
import dev.serai.store.Database;
import dev.serai.store.Tallies;
import dev.serai.store.Tallies.Count;
import dev.serai.store.TestDatabase;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told of where events come from. */
class SourceFactsTest {
    /** A Monday. */
    private static final Instant MONDAY = Instant.parse("2026-11-23T00:00:00Z");

    private final Database database = TestDatabase.open();
    private final Tallies tallies = new Tallies(database.dataSource());
    private final SourceFacts facts = new SourceFacts(
            tallies,
            new Cursors(database.dataSource(), InstantSource.system(), ""),
            new AlertDesk(database.dataSource()));

    @AfterEach
    void close() {
        database.close();
    }

    private void counted(Instant at, String kind, String source, String outcome, long count) throws SQLException {
        tallies.add(List.of(new Count(at, kind, source, "", outcome, count)));
    }

    /** Of an office: from eight to half past five, Mondays to Fridays. */
    private void workdays(String source, int days) throws SQLException {
        var counts = new ArrayList<Count>();
        for (int day = 1; day <= days; day++) {
            Instant date = MONDAY.minus(Duration.ofDays(day));
            DayOfWeek name = date.atZone(ZoneOffset.UTC).getDayOfWeek();
            if (name != DayOfWeek.SATURDAY && name != DayOfWeek.SUNDAY) {
                for (int hour = 8; hour <= 17; hour++) {
                    Instant at = date.plus(Duration.ofMinutes(60 * hour + 30));
                    counts.add(new Count(at, "event", source, "", "", 5));
                }
            }
        }
        tallies.add(counts);
    }

    private JsonNode of(String source, Instant now) throws SQLException {
        for (JsonNode each :
                facts.list(Map.of("shop", Optional.empty(), "unset", Optional.of("set unset.secret")), now)) {
            if (each.path("source").asText().equals(source)) {
                return each;
            }
        }
        throw new AssertionError("no " + source);
    }

    @Test
    void aSourceIsSilentWhenItIsQuietForLongerThanOverAnyWeekend() throws SQLException {
        workdays("shop", 20);

        JsonNode eight = of("shop", MONDAY.plus(Duration.ofHours(7)));
        assertThat(eight.path("state").asText()).isEqualTo("fine");
        assertThat(eight.path("longest_pause_seconds").asLong()).isEqualTo(63 * 3_600);
        assertThat(eight.path("last_event").asText()).isEqualTo("2026-11-20T17:00:00Z");
        assertThat(eight.at("/week/events").asLong()).isEqualTo(250);
        assertThat(of("shop", MONDAY.plus(Duration.ofHours(9))).path("state").asText())
                .isEqualTo("silent");
    }

    @Test
    void whoIsKnownForDaysOnlyHasNoHabitYet() throws SQLException {
        workdays("shop", 6);

        JsonNode shop = of("shop", MONDAY.plus(Duration.ofHours(20)));

        assertThat(shop.path("state").asText()).isEqualTo("fine");
        assertThat(shop.path("longest_pause_seconds").isNull()).isTrue();
    }

    @Test
    void whatWasRefusedIsToldByItsReasonsAndASourceThatGetsThroughIsFine() throws SQLException {
        Instant now = MONDAY.plus(Duration.ofHours(12));
        counted(now.minus(Duration.ofMinutes(30)), "request", "shop", "signature_mismatch", 3);
        counted(now.minus(Duration.ofHours(20)), "request", "shop", "busy", 9);
        counted(now.minus(Duration.ofDays(3)), "request", "shop", "signature_mismatch", 4);
        counted(now.minus(Duration.ofMinutes(5)), "request", "", "unknown", 1);

        JsonNode shop = of("shop", now);
        assertThat(shop.path("state").asText()).isEqualTo("refused");
        assertThat(shop.path("last_event").isNull()).isTrue();
        assertThat(shop.path("last_refused").asText()).isEqualTo("2026-11-23T11:30:00Z");
        assertThat(shop.at("/hour/refused").asLong()).isEqualTo(3);
        assertThat(shop.at("/day/refused").asLong()).isEqualTo(12);
        assertThat(shop.at("/week/reasons")).hasSize(2);
        assertThat(shop.at("/week/reasons/0/reason").asText()).isEqualTo("busy");
        assertThat(shop.at("/week/reasons/1/requests").asLong()).isEqualTo(7);
        assertThat(shop.at("/week/reasons/1/meaning").asText()).isEqualTo("it is not signed with a secret of ours");
        assertThat(of("", now).path("state").asText()).isEqualTo("unknown");

        counted(now.minus(Duration.ofMinutes(10)), "request", "shop", "accepted", 1);
        assertThat(of("shop", now).path("state").asText()).isEqualTo("new");
    }

    @Test
    void aDoorThatIsClosedIsToldOfOnceSomebodySentThere() throws SQLException {
        Instant now = MONDAY.plus(Duration.ofHours(12));
        assertThat(facts.list(Map.of("unset", Optional.of("set unset.secret")), now))
                .isEmpty();
        counted(now.minus(Duration.ofMinutes(5)), "request", "unset", "source_closed", 1);

        assertThat(of("unset", now).path("state").asText()).isEqualTo("shut");
        assertThat(of("unset", now).path("closed").asText()).isEqualTo("set unset.secret");
    }
}
