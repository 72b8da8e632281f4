package dev.serai.cli;

import static dev.serai.cli.Called.serai;
import static dev.serai.cli.Called.seraiWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CliTest {

    @ParameterizedTest
    @ValueSource(strings = {"run", "demo", "simulate", "lint", "test", "map", "dead-letters", "runs", "reference"})
    void everyCommandTeachesByExample(String command) {
        Called called = serai(command, "--help");

        assertThat(called.code()).isZero();
        assertThat(called.out()).contains("Usage: serai " + command, "Examples:", "serai " + command);
    }

    @Test
    void everyCommandOfAListIsTheWholeOfASentence() {
        assertThat(below(CommandLines.line())).hasSizeGreaterThan(50).allSatisfy(command -> {
            String shown = command.getCommandSpec().usageMessage().description()[0];
            assertThat(shown)
                    .as(command.getCommandSpec().qualifiedName())
                    .matches("[A-Z].*[.]")
                    .doesNotContain("  ");
        });
    }

    private static Stream<CommandLine> below(CommandLine command) {
        return command.getSubcommands().values().stream().flatMap(sub -> Stream.concat(Stream.of(sub), below(sub)));
    }

    @ParameterizedTest
    @EnumSource(value = Setting.class, names = "HUB_TOKEN", mode = EnumSource.Mode.EXCLUDE)
    void everySettingIsAFlagOfRun(Setting setting) {
        assertThat(serai("run", "--help").out()).contains(SettingFlags.flagOf(setting) + "=");
    }

    @Test
    void aMisspeltFlagIsNamedWithTheOneProbablyMeant() {
        Called called = serai("lint", "--routs", "x");

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err()).startsWith("No such flag: --routs; did you mean --routes?\nTry: serai lint --help");
    }

    @Test
    void aMisspeltCommandIsNamedWithTheOneProbablyMeant() {
        Called called = serai("lnt");

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err()).startsWith("No such command: lnt; did you mean \"lint\"?");
    }

    @Test
    void allWrongSettingsAreToldAtOnceAndWithoutAStackTrace() {
        Called called = serai("lint", "--http-port", "many", "--retry-first", "soon", "--set", "serai.run.leese=1m");

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err())
                .contains(
                        "Can't start: 3 settings are wrong.",
                        "serai.http.port = \"many\"",
                        "serai.retry.first = \"soon\"",
                        "did you mean \"serai.run.lease\"?")
                .doesNotContain("\tat ");
    }

    @Test
    void aSecretIsNotRepeatedWhenItIsRefused() {
        assertThat(serai("lint", "--api-key", "short-secret").err())
                .contains("serai.api.key: has 12 characters")
                .doesNotContain("short-secret");
    }

    @Test
    void aConfigurationFileThatWasNamedMustExist() {
        Called called = serai("lint", "--config", "no-such.properties");

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err()).contains("--config no-such.properties: there is no such file");
    }

    @Test
    void flagsBeforeTheCommandCountToo() {
        assertThat(serai("--mappings", "no-such-folder", "test").err())
                .contains("serai.mappings = \"no-such-folder\": there is no such folder; give --mappings");
    }

    @Test
    void theShippedFilesHaveNoProblems() {
        Called called = serai("lint");

        assertThat(called.out()).isEqualTo("No problems in mappings and routes.\n");
        assertThat(called.code()).isZero();
    }

    @Test
    void lintShowsTheLineWithACaretAndSpeaksToMachines(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("mappings/shop/order-to-deal.yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "mapping: shop/order-to-deal\nfrom: any\nfeilds: {}\n");
        String mappings = folder.resolve("mappings").toString();

        Called text = serai("lint", "--mappings", mappings);
        assertThat(text.code()).isEqualTo(1);
        assertThat(text.out()).contains("mappings/shop/order-to-deal.yaml:3:1: ", "  3 | feilds: {}\n    | ^");

        Called json = serai("lint", "--mappings", mappings, "--format", "json");
        assertThat(json.out()).contains("\"file\" : \"mappings/shop/order-to-deal.yaml\"", "\"line\" : 3");

        Called github = serai("lint", "--mappings", mappings, "--format", "github");
        assertThat(github.out()).contains("::error file=mappings/shop/order-to-deal.yaml,line=3,col=1::");
    }

    @Test
    void theTestsOfMappingsAreListedAndCounted() {
        Called called = serai("test", "mailchimp/contact-to-member");

        assertThat(called.code()).isZero();
        assertThat(called.out()).contains("mailchimp/contact-to-member  5      passed", "5 tests passed.");
    }

    @Test
    void whatTheTestsExpectIsBroughtUpToDateWithCommentsKept(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("shop/a-to-b.yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, """
                # ours
                mapping: shop/a-to-b
                from: any
                fields: { name: { from: name } }
                tests: [ { name: t, given: { name: Ada }, expect: { name: Eva } } ]   # one
                """);

        Called called = serai("test", "--update", "--mappings", folder.toString());

        assertThat(called.code()).isZero();
        assertThat(called.out()).contains("updated ", "1 test passed.");
        assertThat(file).content().startsWith("# ours").contains("expect: { name: Ada } } ]   # one");
    }

    @Test
    void anOldAndANewMappingAreComparedOverRecords(@TempDir Path folder) throws IOException {
        Path before =
                Files.writeString(folder.resolve("old.yaml"), "mapping: a/b\nfrom: any\nfields: { n: { from: n } }\n");
        Path after = Files.writeString(
                folder.resolve("new.yaml"), "mapping: a/b\nfrom: any\nfields: { n: { from: n, do: [integer] } }\n");
        Path events = Files.writeString(folder.resolve("e.ndjson"), "{\"n\":\"7\"}\n{\"n\":\"x\"}\nno json\n");

        Called called = serai("diff", after.toString(), "--old", before.toString(), "--events", events.toString());

        assertThat(called.code()).isEqualTo(1);
        assertThat(called.out())
                .contains("newly refused, line 2: n: n \"***\" is not a number")
                .contains("2 records: 1 changed, 1 newly refused, 0 newly taken, 0 refused by both, 1 not JSON.");
        assertThat(serai("diff", after.toString(), "--old", after.toString(), "--events", events.toString(), "--strict")
                        .code())
                .isZero();
        assertThat(serai("diff", after.toString(), "--events", events.toString())
                        .err())
                .contains("git has no committed version of ");
    }

    @Test
    void aFailingTestIsShownAtItsPlace(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("shop/a-to-b.yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, """
                mapping: shop/a-to-b
                from: any
                fields:
                  name: { from: name }
                tests:
                  - name: the name is kept
                    given:  { name: Ada }
                    expect: { name: Eva }
                """);

        Called called = serai("test", "--mappings", folder.toString());

        assertThat(called.code()).isEqualTo(1);
        assertThat(called.out()).contains("shop/a-to-b  1      failed", "a-to-b.yaml:8:", "1 of 1 test failed.");
    }

    @Test
    void aRecordGoesThroughAMapping() {
        Called called = seraiWith("{\"email\": \" Ada@Example.COM \"}", "map", "mailchimp/contact-to-member");

        assertThat(called.code()).isZero();
        assertThat(called.out()).contains("\"email_address\" : \"ada@example.com\"");
    }

    @Test
    void aMappingExplainsEveryField() {
        Called called = seraiWith(
                "{\"email\": \" Ada@Example.COM \"}", "map", "mappings/mailchimp/contact-to-member.yaml", "--explain");

        assertThat(called.out())
                .contains("field  ", "email_address", "\" Ada@Example.COM \"", "trim, lower, email", "(left out)");
    }

    @Test
    void aRefusedRecordIsToldFieldByField() {
        Called called = seraiWith("{\"first_name\": \"Ada\"}", "map", "mailchimp/contact-to-member");

        assertThat(called.code()).isEqualTo(1);
        assertThat(called.err())
                .isEqualTo("mapping mailchimp/contact-to-member refused the record:\n"
                        + "  email_address: email is missing\n");
    }

    @Test
    void whatIsNoJsonIsNamedByItsPlace() {
        Called called = seraiWith("{\"email\": ", "map", "mailchimp/contact-to-member");

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err()).startsWith("standard input:1:").endsWith("this is not JSON\n");
    }

    @Test
    void theReferenceHasEverySetting() {
        String markdown = serai("reference").out();
        String properties = serai("reference", "--format", "properties").out();

        for (Setting setting : Setting.values()) {
            assertThat(markdown).contains("| `" + setting.key() + "` |");
            assertThat(markdown.contains("`" + SettingFlags.flagOf(setting) + "`"))
                    .as(setting.key())
                    .isEqualTo(setting != Setting.HUB_TOKEN);
            assertThat(properties).contains("\n#" + setting.key() + "=" + setting.byDefault() + "\n");
        }
    }

    @Test
    void theVersionNamesCamelAndJava() {
        assertThat(serai("version").out()).startsWith("serai ").contains("Camel 4.", "Java ");
    }
}
