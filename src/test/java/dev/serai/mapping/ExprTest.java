package dev.serai.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.record.Unacceptable;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExprTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String[] WORDS = {
        ".",
        ".a",
        ".b",
        ".c.d",
        "$p",
        "1",
        "2.5",
        "\"x\"",
        "null",
        "true",
        "+",
        "-",
        "*",
        "/",
        "|",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "==",
        "<",
        "and",
        "or",
        "if",
        "else",
        "for",
        "let x =",
        "$x",
        "def",
        "import",
        "* - a :",
        "size(",
        "join(",
        "split(.a, \"l\")",
        "replace(.a, \"l\", .a)",
        "lowercase(",
        "round(",
        "fallback(",
        "multiply(",
        "flatten(",
        "to-json(",
        "from-json(",
        "parse-time(.a, \"yyyy\")",
        "error(",
        "sum(",
        "zip("
    };

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "capture(.a, \"(?P<first>h)\")     | {\"first\":\"h\"}",
                "split(.a, \"l+\")                 | [\"he\",\"o\"]",
                "replace(.a, \"l\", \"r\")         | \"herro\"",
                "test(.a, \"^h\")                  | true",
                "multiply(.b, 2)                   | 14",
                "multiply(.b, 0.5)                 | 3.5",
                "uppercase(.missing)               | null",
                "join([.a, .b], \"-\")             | \"hello-7\"",
                "[.b, $p]                          | [7,\"par\"]",
                "[for ([.a, null]) . if (.)]       | [\"hello\"]",
            })
    void anExpressionComputesAsItsLanguageSays(String source, String expected) throws Exception {
        assertThat(Expr.of(source).apply(given()).toString()).isEqualTo(expected);
    }

    @Test
    void theFieldsAnExpressionReadsAreKnownWhenDotMeansTheRecordThroughout() throws Exception {
        assertThat(Expr.of("if (.a.b) \"x\" + .c else .d").reads())
                .extracting(ExprTokens.Read::path)
                .containsExactly("a.b", "c", "d");
        assertThat(Expr.of("[for (.a) .b]").reads()).isEmpty();
    }

    @Test
    void anyWordsInAnyOrderAreRefusedOrEndSoon() throws Exception {
        var random = new Random(3);
        int computed = 0;
        for (int i = 0; i < 20_000; i++) {
            var source = new StringBuilder();
            for (int n = 1 + random.nextInt(12); n > 0; n--) {
                source.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
            }
            long before = System.nanoTime();
            try {
                Expr.of(source.toString()).apply(given());
                computed++;
            } catch (ExprProblem | Unacceptable e) {
                assertThat(e.getMessage()).as("%s", source).isNotBlank();
            }
            // generous for a busy machine; what runs away takes minutes
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .as("%s", source)
                    .isLessThan(Duration.ofMinutes(1));
        }
        assertThat(computed).isGreaterThan(300);
    }

    private static Given given() throws Exception {
        JsonNode record = JSON.readTree("{\"a\":\"hello\",\"b\":7,\"c\":{\"d\":[1,2,3]}}");
        return new Given(record, Map.of("p", JSON.readTree("\"par\"")));
    }
}
