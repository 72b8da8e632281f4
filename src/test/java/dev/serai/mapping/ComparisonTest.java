package dev.serai.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.mapping.Comparison.Example;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    @Test
    void whatBecomesDifferentIsCountedByFieldWithExamples() {
        Comparison comparison = compare(
                "id: { from: id }\n  n: { value: 1 }\n  l: { each: l, fields: { a: { from: a } } }",
                "id: { from: id, do: [lower] }\n  l: { each: l, fields: { a: { from: a, do: [upper] } } }\n  new: { value: x }",
                "{'id':'Ada','l':[{'a':'x'},{'a':'Y'}]}",
                "{'id':'bob'}");

        assertThat(comparison.records()).isEqualTo(2);
        assertThat(comparison.changed()).isEqualTo(2);
        assertThat(comparison.fields().keySet()).containsExactly("id", "l.*.a", "n", "new");
        assertThat(comparison.fields().get("id").count()).isEqualTo(1);
        assertThat(comparison.fields().get("id").examples()).containsExactly(new Example("record 1", "A***", "a***"));
        assertThat(comparison.fields().get("n").examples().get(0)).isEqualTo(new Example("record 1", "1", "-"));
        assertThat(comparison.same()).isFalse();
    }

    @Test
    void whoIsRefusedNowAndWasNotIsNamedWithTheReason() {
        Comparison comparison = compare(
                "id: { from: id, required: true }",
                "id: { from: id, do: [integer] }\n  x: { from: x }",
                "{'id':'Ada'}",
                "{'x':1}",
                "{}");

        assertThat(comparison.newlyRefused().examples())
                .containsExactly(new Example(
                        "record 1",
                        "a result",
                        "id: id \"A***\" is not a number; digits with a point for decimals are expected"));
        assertThat(comparison.newlyTaken().examples())
                .containsExactly(new Example("record 2", "id: id is missing", "a result"));
        assertThat(comparison.refusedByBoth()).isEqualTo(1);
    }

    @Test
    void aMappingIsTheSameAsItself() {
        assertThat(compare("id: { from: id }", "id: { from: id }", "{'id':1}", "{}")
                        .same())
                .isTrue();
    }

    private static Comparison compare(String before, String after, String... records) {
        var comparison = new Comparison(mapping(before), mapping(after));
        for (int i = 0; i < records.length; i++) {
            try {
                comparison.take("record " + (i + 1), new ObjectMapper().readTree(records[i].replace('\'', '"')));
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(e);
            }
        }
        return comparison;
    }

    private static Mapping mapping(String fields) {
        return Mapping.parse("f", "mapping: x/y\nfrom: any\nfields:\n  " + fields, name -> Optional.empty());
    }
}
