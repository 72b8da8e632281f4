package dev.serai.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.store.History.Deed;
import dev.serai.store.History.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a run worked on is made again by what people did. */
class CorrectedTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final String PHONE = "[{\"op\":\"replace\",\"path\":\"/phone\",\"value\":\"%s\"}]";

    private static Corrected at(int minute, String type, Deed... deeds) {
        var arrived = new Payload(type, "{\"phone\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        return Corrected.at(arrived, List.of(deeds), NOON.plusSeconds(60L * minute));
    }

    private static Deed deed(int minute, String patch) {
        return new Deed(NOON.plusSeconds(60L * minute), "ada", "resume", "a typo", patch);
    }

    private static String text(Corrected made) {
        return new String(made.payload().bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void correctionsCountFromTheMomentTheyWereMade() {
        Deed[] deeds = {deed(1, null), deed(2, PHONE.formatted("one")), deed(4, PHONE.formatted("two"))};

        assertThat(text(at(1, "application/json", deeds))).isEqualTo("{\"phone\":\"none\"}");
        assertThat(at(1, "application/json", deeds).isCorrected()).isFalse();
        assertThat(text(at(3, "application/json", deeds))).isEqualTo("{\"phone\":\"one\"}");
        assertThat(at(3, "application/json", deeds).by()).containsExactly(deeds[1]);
        assertThat(text(at(4, "application/json", deeds))).isEqualTo("{\"phone\":\"two\"}");
    }

    @Test
    void aWholePayloadTakesThePlaceOfAnyOther() {
        Deed words = deed(1, "[{\"op\":\"replace\",\"path\":\"\",\"value\":\"plain words\"}]");
        assertThat(text(at(2, "text/plain", words))).isEqualTo("plain words");
        assertThat(text(at(2, "application/json", words))).isEqualTo("\"plain words\"");
        Deed json = deed(1, "[{\"op\":\"replace\",\"path\":\"\",\"value\":{\"amount\":1.10}}]");
        assertThat(text(at(2, "application/json", json))).isEqualTo("{\"amount\":1.10}");
    }

    @Test
    void whatIsNotKeptAnyMoreIsSaid() {
        Corrected made = at(2, "application/json", deed(1, "[]"));

        assertThat(made.lost()).isTrue();
        assertThat(made.isCorrected()).isTrue();
        assertThat(text(made)).isEqualTo("{\"phone\":\"none\"}");
    }
}
