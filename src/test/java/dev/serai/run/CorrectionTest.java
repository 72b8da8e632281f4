package dev.serai.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CorrectionTest {
    private static final String PAYLOAD =
            "{\"id\":1,\"amount\":1.10,\"big\":12345678901234567890.123,\"tags\":[\"a\"],\"name\":\"Adá\"}";

    @Test
    void aPatchChangesWhatItNamesAndNothingElse() throws Exception {
        var patch = Correction.patch("[{\"op\":\"add\",\"path\":\"/email\",\"value\":\"ada@example.com\"},"
                + "{\"op\":\"remove\",\"path\":\"/id\"},{\"op\":\"add\",\"path\":\"/tags/-\",\"value\":\"b\"}]");

        assertThat(corrected(patch, PAYLOAD))
                .isEqualTo("{\"amount\":1.10,\"big\":12345678901234567890.123,\"tags\":[\"a\",\"b\"],\"name\":\"Adá\","
                        + "\"email\":\"ada@example.com\"}");
        assertThat(patch.paths()).containsExactly("/email", "/id", "/tags/-");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "[{\"op\":\"replace\",\"path\":\"/nope\",\"value\":1}]      | operation 1 of the patch: replace /nope: the payload has no such place",
                "[{\"op\":\"remove\",\"path\":\"/tags/7\"}]                 | operation 1 of the patch: remove /tags/7: the payload has no such place",
                "[{\"op\":\"remove\",\"path\":\"/tags/99999999999999\"}]    | operation 1 of the patch: remove /tags/99999999999999: the payload has no such place",
                "[{\"op\":\"add\",\"path\":\"/a/b/c\",\"value\":1}]         | operation 1 of the patch: add /a/b/c: the payload has no such place",
                "[{\"op\":\"test\",\"path\":\"/id\",\"value\":1},{\"op\":\"test\",\"path\":\"/id\",\"value\":2}] | operation 2 of the patch: test /id: the payload has another value, or none",
                "[{\"op\":\"move\",\"from\":\"/x\",\"path\":\"/y\"}]        | operation 1 of the patch: move /y: the payload has no such place",
            })
    void whatDoesNotFitIsRefusedWithItsPlaceAndWithoutAnyValue(String patch, String why) {
        assertThatThrownBy(() -> corrected(Correction.patch(patch), PAYLOAD))
                .isInstanceOf(Correction.Refused.class)
                .hasMessage(why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "1",
                "null",
                "[]",
                "[1]",
                "[{}]",
                "{\"op\":\"add\"}",
                "[{\"op\":\"delete\",\"path\":\"/a\"}]",
                "[{\"op\":\"add\",\"path\":\"/a\"}]",
                "[{\"op\":\"add\",\"path\":\"a\",\"value\":1}]",
                "[{\"op\":\"move\",\"path\":\"/a\"}]",
                "[{\"op\":\"remove\"}]",
                "[{\"op\":\"remove\",\"path\":7}]"
            })
    void aPatchThatIsNoneIsRefusedBeforeAnythingIsTouched(String patch) {
        assertThatThrownBy(() -> Correction.patch(patch)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPayloadThatIsNoJsonTakesAWholeOneOnly() throws Exception {
        var patch = Correction.patch("[{\"op\":\"add\",\"path\":\"/a\",\"value\":1}]");
        assertThatThrownBy(() -> corrected(patch, "a=1&b=2"))
                .hasMessageStartingWith("its payload can't be patched, it is not JSON: line 1");
        assertThatThrownBy(() -> corrected(patch, "")).hasMessage("its payload can't be patched, it is empty");
        byte[] form = "a=2".getBytes(StandardCharsets.UTF_8);
        assertThat(Correction.whole(form).of("application/x-www-form-urlencoded", new byte[0]))
                .isEqualTo(form);
        assertThatThrownBy(() -> Correction.whole(form).of("application/json", new byte[0]))
                .hasMessageStartingWith("the new payload is not JSON");
    }

    @Test
    void aWholePayloadIsNotedAsAPatchToo() {
        assertThat(Correction.whole("{\"a\":1}".getBytes(StandardCharsets.UTF_8))
                        .asPatch())
                .isEqualTo("[{\"op\":\"replace\",\"path\":\"\",\"value\":{\"a\":1}}]");
    }

    @Test
    void tenThousandRandomPatchesEitherFitOrAreRefused() {
        var random = new Random(11);
        String[] ops = {"add", "remove", "replace", "move", "copy", "test"};
        String[] paths = {
            "", "/", "/id", "/tags/0", "/tags/-", "/tags/x", "/~2", "/tags/-1", "/name/a", "/tags/0/0", "/~1~0"
        };
        for (int i = 0; i < 10_000; i++) {
            String text = "[{\"op\":\"" + ops[random.nextInt(ops.length)] + "\",\"path\":\""
                    + paths[random.nextInt(paths.length)] + "\",\"from\":\"" + paths[random.nextInt(paths.length)]
                    + "\",\"value\":" + (random.nextBoolean() ? "{}" : "1") + "}]";
            try {
                assertThat(corrected(Correction.patch(text), PAYLOAD)).as(text).isNotEmpty();
            } catch (Correction.Refused e) {
                assertThat(e.getMessage()).as(text).startsWith("operation 1 of the patch: ");
            }
        }
    }

    private static String corrected(Correction correction, String payload) throws Correction.Refused {
        return new String(
                correction.of("application/json", payload.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }
}
