package dev.serai.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serai.file.FileRefused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {
    @TempDir
    private Path folder;

    private static Rule rule(Rules rules, String name) {
        return rules.all().stream()
                .filter(r -> r.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aFreshHubWatchesEverySignalThatNeedsNoWords() {
        assertThat(Rules.SHIPPED.on())
                .extracting(Rule::signal)
                .contains(Signal.values()[0], Signal.LAG, Signal.BREAKER_OPEN);
        assertThat(Rules.SHIPPED.on().stream().map(Rule::signal).distinct()).hasSize(Signal.values().length - 1);
        assertThat(rule(Rules.SHIPPED, "capacity").limit()).isEqualTo(80);
        assertThat(rule(Rules.SHIPPED, "lag").limit()).isEqualTo(300_000);
    }

    @Test
    void aRuleOfTheFileChangesWhatItSaysAndLeavesTheRest() {
        Rules rules = Rules.read("routes/alerts.yaml", """
                rules:
                  lag: { above: 1m, severity: critical, team: crm }
                  disk: { on: false }
                  slow-orders: { signal: lag, above: 10s, flows: [orders] }
                """);
        assertThat(rule(rules, "lag").limit()).isEqualTo(60_000);
        assertThat(rule(rules, "lag").critical()).isEqualTo(1_800_000);
        assertThat(rule(rules, "lag").hold()).isEqualTo(Duration.ofMinutes(1));
        assertThat(rule(rules, "lag").team()).isEqualTo("crm");
        assertThat(rules.on()).extracting(Rule::name).doesNotContain("disk").contains("slow-orders", "dead-letters");
    }

    /** Each is one slip in a file, and the one message it gives. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            rule: {}                                        | 1:1: "rule" is not known in an alerts file; did you mean "rules"?
            rules: []                                       | 1:8: "rules" must be a map, not a list
            rules: { lag: 5m }                              | 1:15: "rules.lag" must be a map, not "5m"
            rules: { lag: { abov: 5m } }                    | 1:17: "abov" is not known under "rules.lag"; did you mean "above"?
            rules: { slow: { above: 5m } }                  | 1:16: rule "slow" lacks "signal"; it is none of the shipped rules: dead-letters,
            rules: { slow: { signal: lagg, above: 5m } }    | 1:26: "rules.slow.signal" is "lagg"; did you mean "lag"?
            rules: { slow: { signal: lag } }                | 1:16: rule "slow" lacks "above": a duration such as 500ms, 10s, 5m, 2h or 1d
            rules: { lag: { signal: disk } }                | 1:25: the shipped rule "lag" watches lag; give a rule for another signal another name
            rules: { lag: { above: 5 min } }                | 1:24: "5 min" is no limit of lag; write a duration such as 500ms
            rules: { lag: { below: 5m } }                   | 1:17: lag is told "above" its limit; write above: instead of below:
            rules: { success-ratio: { below: 120 % } }      | 1:34: "120 %" is no limit of success_ratio; write percent, such as 80 %
            rules: { queue-depth: { above: -1 } }           | 1:32: "-1" is no limit of queue_depth; write a whole number, such as 10
            rules: { disk: { critical: 50 % } }             | 1:28: "critical" is reached before "above": 50 % and 90 %; swap them
            rules: { disk: { window: 5m } }                 | 1:18: disk is looked at as it is; take "window" away
            rules: { rate-drop: { window: 3d } }            | 1:31: "window" is 3d; counts are kept by the minute for a day: write 1m to 24h
            rules: { breaker-open: { for: 5m } }            | 1:26: breaker_open is a state and is told when it begins; take "for" away
            rules: { lag: { for: soon } }                   | 1:22: "for" is "soon"; write a duration such as 500ms
            rules: { lag: { severity: fatal } }             | 1:27: "rules.lag.severity" is "fatal"; known: critical, info, warning
            rules: { lag: { team: ada@example.com } }       | 1:23: "team" is "ada@example.com"; name a team, such as operations
            rules: { lag: { flows: orders } }               | 1:24: "rules.lag.flows" must be a list, not "orders"
            rules: { disk: { flows: [orders] } }            | 1:18: disk is not told of flows; take "flows" away
            rules: { lag: { classes: [auth] } }             | 1:17: only repeated_pattern knows classes of errors; take "classes" away
            rules: { dead-letters: { classes: [auht] } }    | 1:36: "auht" is not a class of errors; did you mean "auth"?
            rules: { lag: { runbook: Our Wiki } }           | 1:26: "runbook" is "Our Wiki"; write an address, https://…, or the name of a page
            rules: { lag: { on: maybe } }                   | 1:21: "rules.lag.on" must be true or false, not "maybe"
            rules: { Lag: { signal: lag, above: 5m } }      | 1:15: "Lag" is no name of a rule; write small letters, digits and hyphens
            """)
    void aSlipIsToldWithItsPlaceAndWhatToWrite(String text, String message) {
        var refused = catchThrowableOfType(FileRefused.class, () -> Rules.read("routes/alerts.yaml", text));
        assertThat(refused.problems())
                .anySatisfy(problem -> assertThat(problem.toString()).startsWith("routes/alerts.yaml:" + message));
    }

    @Test
    void aBrokenFileChangesNothingAndIsToldOnce() throws Exception {
        Path routes = Files.createDirectories(folder.resolve("routes"));
        var file = new RulesFile(routes);
        assertThat(file.reload()).isFalse();
        Files.writeString(routes.resolve("alerts.yaml"), "rules: { lag: { above: 1m } }\n");
        assertThat(file.reload()).isTrue();
        Files.writeString(routes.resolve("alerts.yaml"), "rules: { lag: { above: much } }\n");
        assertThat(file.check()).hasSize(1);
        assertThat(file.check()).isEmpty();
        assertThat(rule(file.current(), "lag").limit()).isEqualTo(60_000);
        Files.delete(routes.resolve("alerts.yaml"));
        assertThat(file.reload()).isTrue();
        assertThat(file.current()).isEqualTo(Rules.SHIPPED);
        assertThat(List.of(file.shown())).containsExactly("routes/alerts.yaml");
    }
}
