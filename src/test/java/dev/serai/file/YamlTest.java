package dev.serai.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;

class YamlTest {

    @Test
    void aValueRemembersItsLineAndColumn() {
        Yaml file = Yaml.read("a.yaml", "one: 1\ntwo:\n  three: [x, y]\n");

        Yaml three = file.get("two").orElseThrow().get("three").orElseThrow();

        assertThat(three.items().get(1).place()).hasToString("a.yaml:3:14");
        assertThat(file.get("two").orElseThrow().keyPlace("three")).hasToString("a.yaml:3:3");
    }

    @Test
    void scalarsBecomeJsonWithoutLosingDigits() {
        assertThat(Yaml.read("a.yaml", "{i: 9007199254740993, d: 1.10, t: yes, b: true, n: null, s: '12'}")
                        .json()
                        .toString())
                .isEqualTo("{\"i\":9007199254740993,\"d\":1.10,\"t\":\"yes\",\"b\":true,\"n\":null,\"s\":\"12\"}");
    }

    @Test
    void aKeyThatStandsTwiceIsRefusedAtItsPlace() {
        var refused = catchThrowableOfType(FileRefused.class, () -> Yaml.read("a.yaml", "x: 1\ny: 2\nx: 3\n"));

        assertThat(refused.problems()).hasSize(1);
        assertThat(refused.problems().get(0).toString())
                .startsWith("a.yaml:3:1: ")
                .contains("x");
    }

    @Test
    void brokenYamlIsRefusedWithTheLineAndACaret() {
        var refused = catchThrowableOfType(FileRefused.class, () -> Yaml.read("a.yaml", "a: 1\nb: [1, 2\nc: 3\n"));

        assertThat(refused.problems().get(0).withExcerpt())
                .contains("a.yaml:3:")
                .contains("3 | c: 3")
                .contains("^");
    }

    @Test
    void anEmptyFileSaysSo() {
        assertThat(catchThrowableOfType(FileRefused.class, () -> Yaml.read("a.yaml", "")))
                .hasMessage("a.yaml: the file is empty");
    }

    @Test
    void aBraceThatWasNeverClosedIsNamedAndNoLineThatIsRight() {
        var refused = catchThrowableOfType(
                FileRefused.class,
                () -> Yaml.read(
                        "a.yaml", "reads:\n  ping: { path: /ping\n  lists: { path: /lists, query: { since: now } }\n"));

        assertThat(refused)
                .hasMessage(
                        "a.yaml:3:8: the { in line 2, column 9 is still open here; write its }, or a comma where more"
                                + " belongs to it");
        assertThat(catchThrowableOfType(FileRefused.class, () -> Yaml.read("a.yaml", "a: [1, 2\nb: 3\n")))
                .hasMessageContaining("the [ in line 1, column 4 is still open here; write its ]");
        assertThat(catchThrowableOfType(FileRefused.class, () -> Yaml.read("a.yaml", "a: { b:\n")))
                .hasMessageStartingWith("a.yaml:2:1: while parsing a flow node: ");
    }

    @Test
    void anIdThatYamlTakesForANumberBeyondAllIsToldToStandInQuotes() {
        for (String text :
                new String[] {"4e56789012345", ".inf", "-.inf", ".nan", "1e999999999", "!!int abc", "9".repeat(500)}) {
            var refused = catchThrowableOfType(
                    FileRefused.class, () -> Yaml.read("a.yaml", "a: 1\nb: [ x, " + text + " ]\n"));

            assertThat(refused).as(text).isNotNull();
            assertThat(refused.problems().get(0).toString())
                    .startsWith("a.yaml:2:9: without quotes \"")
                    .endsWith("\" is a number, and one that nothing can hold; if it is text, put it in quotes")
                    .hasSizeLessThan(160);
        }
        assertThat(Yaml.read("a.yaml", "[ '4e56789012345', 1e5, -0.25, 9007199254740993, 0e5 ]")
                        .json())
                .hasToString("[\"4e56789012345\",1E+5,-0.25,9007199254740993,0E+5]");
    }

    @Test
    void anUnquotedSettingOrPlaceIsToldToStandInQuotes() {
        for (String text : new String[] {
            "a: 1\nurl: {{shop.url}}\n", "a: 1\nread: { path: /orders/{id} }\n", "a: {\n  path: /orders/{id} }\n"
        }) {
            var refused = catchThrowableOfType(FileRefused.class, () -> Yaml.read("a.yaml", text));

            assertThat(refused.problems().get(0).toString())
                    .startsWith("a.yaml:2:")
                    .contains("must stand in quotes");
        }
    }
}
