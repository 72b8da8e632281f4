package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.record.Normalizer.Options;
import java.time.Instant;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** What holds for every value. */
class NormalizerPropertiesTest {

    @Provide
    Arbitrary<Normalizer> normalizers() {
        return Arbitraries.of(Normalizers.all());
    }

    @Property(tries = 3_000, seed = "20261121")
    void anyTextIsTakenOrRefusedInASentenceWithoutIt(@ForAll("normalizers") Normalizer rule, @ForAll String text) {
        try {
            assertThat(rule.apply(TextNode.valueOf(text), Options.NONE)).isNotNull();
        } catch (Unacceptable e) {
            assertThat(e.getMessage()).matches("(?s)(is|has|must|cannot) .*");
            if (text.strip().length() > 12) {
                assertThat(e.getMessage()).doesNotContain(text.strip());
            }
        }
    }

    @Property(tries = 1_000, seed = "20261121")
    void aTimeIsTheSameInEveryFormATimeCanHave(
            @ForAll @LongRange(min = -30_000_000_000L, max = 90_000_000_000L) long seconds) {
        String time = Instant.ofEpochSecond(seconds).toString();
        JsonNode text = TextNode.valueOf(time);

        assertThat(of("timestamp").apply(text, Options.NONE)).isEqualTo(text);
        assertThat(of("timestamp").apply(of("epoch_seconds").apply(text, Options.NONE), Options.NONE))
                .isEqualTo(text);
    }

    @Property(tries = 1_000, seed = "20261121")
    void anAmountIsTheSameThereAndBack(@ForAll long units, @ForAll("currencies") String currency) {
        JsonNode minor = JsonNodeFactory.instance.numberNode(units);
        Options told = option -> currency;

        assertThat(of("minor_units").apply(of("major_units").apply(minor, told), told))
                .isEqualTo(minor);
    }

    @Provide
    Arbitrary<String> currencies() {
        return Arbitraries.of("EUR", "USD", "JPY", "KWD", "CLF", "HUF");
    }

    private static Normalizer of(String name) {
        return Normalizers.of(name).orElseThrow();
    }
}
