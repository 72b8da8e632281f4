package dev.serai.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExpectationsTest {
    private static final String HEAD = """
            # kept: the first line
            mapping: x/y
            from: any
            fields:
              a: { from: a, do: [upper] }   # kept: beside a field
              b.c: { from: b }
              l: { from: l }
              n: { from: n, do: [number], required: true }

            tests:
            """;

    @Test
    void onlyWhatIsNotAsItShouldBeIsWrittenAnew() {
        assertThat(updated("""
                  # kept: above a test
                  - name: first
                    given: { a: x, b: 1, l: [1, 2], n: 1.50, o: 2 }

                    expect_exactly:
                      n: 1.5     # kept: equal as a number
                      a: x       # kept: behind a value

                      gone: 1    # goes with its line
                      l: [1, 3]
                    # kept: below
                  - { name: second, given: { a: "yes: no", n: 1 }, expect_exactly: { gone: 1, a: y, n: 1 } }
                  - { name: third, given: { a: b }, refused: wrong }
                  - { name: fourth, given: { n: x }, refused: [one, two] }
                """)).isEqualTo(HEAD + """
                  # kept: above a test
                  - name: first
                    given: { a: x, b: 1, l: [1, 2], n: 1.50, o: 2 }

                    expect_exactly:
                      n: 1.5     # kept: equal as a number
                      a: X       # kept: behind a value

                      l: [1, 2]
                      b: { c: 1 }
                    # kept: below
                  - { name: second, given: { a: "yes: no", n: 1 }, expect_exactly: { a: "YES: NO", n: 1 } }
                  - { name: third, given: { a: b }, refused: "n: n is missing" }
                  - { name: fourth, given: { n: x }, refused: "n: n \\"***\\" is not a number; digits with a point for decimals are expected" }
                """);
    }

    @Test
    void aTestThatNowIsRefusedIsForAPersonToDecide() {
        String test = "  - { name: t, given: { a: 1 }, expect: { a: 2 } }\n";

        assertThat(updated(test)).isEqualTo(HEAD + test);
    }

    @Test
    void whatIsUpdatedPasses() {
        String yaml = updated("""
                  - name: "one 😀"
                    given: { a: "😀 #", n: 007, l: [ { x: [] }, null, true, "true", "1", "" ] }
                    expect_exactly:
                      a: old
                      l:
                        - 1
                        - 2
                      n: 1
                """);

        assertThat(Mapping.parse("f", yaml, name -> Optional.empty()).test()).allMatch(TestResult::passed);
        assertThat(yaml).contains("- name: \"one 😀\"").contains("l:\n        [");
    }

    private static String updated(String tests) {
        String yaml = HEAD + tests;
        return Mapping.parse("f", yaml, name -> Optional.empty()).updated(yaml);
    }
}
