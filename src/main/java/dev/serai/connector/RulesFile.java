package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connector.ErrorRule.Done;
import dev.serai.connector.ErrorRule.Match;
import dev.serai.connector.ErrorRule.Test;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import dev.serai.run.Verdict;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the section {@code errors} of a connector, an operation or a batch. */
final class RulesFile {
    private static final List<String> TESTS = List.of("equals", "any_of", "exists", "empty", "at_least", "at_most");

    private final Problems problems;

    private RulesFile(Problems problems) {
        this.problems = problems;
    }

    static List<ErrorRule> read(Yaml map, Problems problems) {
        var file = new RulesFile(problems);
        var rules = new ArrayList<ErrorRule>();
        List<Yaml> items = map.get("errors").map(Yaml::items).orElse(List.of());
        for (Yaml at : items) {
            ErrorRule rule = file.rule(at);
            file.checkReached(at, rule, items, rules);
            rules.add(rule);
        }
        return rules;
    }

    /** @param before the rules that come first, which stand at {@code items} */
    private void checkReached(Yaml at, ErrorRule rule, List<Yaml> items, List<ErrorRule> before) {
        for (int i = 0; i < before.size(); i++) {
            if (before.get(i).match().covers(rule.match())) {
                problems.add(
                        at,
                        "this rule never counts, for the one in line "
                                + items.get(i).place().line()
                                + " comes first and matches all that it would match; put it before that one, or take it out");
                return;
            }
        }
    }

    private ErrorRule rule(Yaml at) {
        check(at);
        Verdict verdict = FileParts.oneOf(at, "verdict", Verdict.FAIL);
        if (at.get("wait").isPresent() && verdict != Verdict.RATE_LIMITED && verdict != Verdict.RETRY) {
            problems.addAtKey(at, "wait", "\"wait\" is only for the verdicts rate_limited and retry");
        }
        if (at.get("done").isPresent() && verdict != Verdict.FAIL && verdict != Verdict.RETRY) {
            problems.addAtKey(at, "done", "\"done\" is only for the verdicts fail and retry");
        }
        return new ErrorRule(
                new Match(
                        statuses(at, "status"),
                        at.text("field").orElse(""),
                        at.text("header").orElse(""),
                        test(at)),
                verdict,
                at.text("because").orElse(""),
                at.text("reason").orElse(""),
                at.get("wait").map(this::wait),
                FileParts.oneOf(at, "done", Done.UNSAID));
    }

    private void check(Yaml at) {
        boolean field = at.get("field").isPresent();
        boolean header = at.get("header").isPresent();
        if (at.get("status").isEmpty() && !field && !header) {
            problems.add(
                    at, "this rule names neither \"status\" nor \"field\" nor \"header\" and would match every answer");
        }
        if (field && header) {
            problems.addAtKey(at, "header", "a rule tests a \"field\" or a \"header\"; write two rules");
        }
        List<String> tests = TESTS.stream().filter(t -> at.get(t).isPresent()).toList();
        boolean range = Set.of("at_least", "at_most").containsAll(tests);
        if ((field || header) && tests.isEmpty()) {
            problems.add(
                    at,
                    "\"" + (field ? "field" : "header") + "\" lacks what is asked of it; write one of "
                            + String.join(", ", TESTS));
        } else if (!field && !header && !tests.isEmpty()) {
            problems.addAtKey(
                    at,
                    tests.get(0),
                    "\"" + tests.get(0) + "\" needs a \"field\" or a \"header\" whose value it tests");
        } else if (tests.size() > 1 && !range) {
            problems.addAtKey(
                    at,
                    tests.get(1),
                    "\"" + tests.get(0) + "\" and \"" + tests.get(1) + "\" ask two things; write two rules");
        }
        if (test(at) instanceof ErrorRule.Between bounds && bounds.isEmpty()) {
            problems.addAtKey(
                    at,
                    "at_least",
                    "\"at_least\" is " + bounds.least() + " and \"at_most\" " + bounds.most()
                            + ", so that no number is between them and this rule never counts; exchange them");
        }
    }

    private static Test test(Yaml at) {
        JsonNode json = at.json();
        if (json.has("exists")) {
            return new ErrorRule.Exists(json.path("exists").asBoolean());
        }
        if (json.has("empty")) {
            return new ErrorRule.Empty(json.path("empty").asBoolean());
        }
        if (json.has("at_least") || json.has("at_most")) {
            return new ErrorRule.Between(number(json.path("at_least")), number(json.path("at_most")));
        }
        var values = new LinkedHashSet<String>();
        if (json.has("equals")) {
            values.add(json.path("equals").asText());
        }
        json.path("any_of").forEach(value -> values.add(value.asText()));
        return new ErrorRule.OneOf(values);
    }

    private static BigDecimal number(JsonNode json) {
        return json.isNumber() ? json.decimalValue() : null;
    }

    private Wait wait(Yaml at) {
        if (at.isScalar()) {
            return Wait.always(FileParts.duration("wait", at, problems).orElse(Verdicts.PATIENCE));
        }
        if (at.get("field").isPresent() == at.get("header").isPresent()) {
            problems.add(at, "\"wait\" needs one of \"field\" and \"header\", whichever tells how long");
        }
        return new Wait(
                null,
                at.text("field").orElse(""),
                at.text("header").orElse(""),
                FileParts.oneOf(at, "unit", Wait.Unit.SECONDS));
    }

    /** The HTTP statuses listed under a key; empty when it is absent. */
    static Set<Integer> statuses(Yaml map, String key) {
        var statuses = new LinkedHashSet<Integer>();
        Optional<Yaml> list = map.get(key);
        list.ifPresent(l -> l.items().forEach(item -> statuses.add(item.json().asInt())));
        return statuses;
    }
}
