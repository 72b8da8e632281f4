package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where there is a way back, a field that has none must say so: whoever reads the file should not have to guess. */
final class WayBackLint {
    private static final String ONE_WAY = "one_way";

    private final boolean both;
    private final Scope scope;
    private final Problems problems;

    /** @param both whether the file has a way back */
    WayBackLint(boolean both, Scope scope, Problems problems) {
        this.both = both;
        this.scope = scope;
        this.problems = problems;
    }

    /** @param all every field of the file or the item, included ones too */
    void check(Yaml fields, List<Rule> own, List<Rule> all) {
        for (Rule rule : own) {
            Yaml field = fields.get(rule.field()).orElse(fields);
            Optional<String> obstacle = Obstacles.of(rule, all);
            if (!both) {
                for (String key : List.of(ONE_WAY, TableReader.BACK)) {
                    field.get(key)
                            .ifPresent(said -> problems.addAtKey(
                                    field, key, key + ": says nothing without reverse: at the top of the file"));
                }
            } else if (both && !rule.presence().oneWay() && obstacle.isPresent()) {
                problems.addAtKey(
                        fields,
                        rule.field(),
                        "\"" + rule.field() + "\" has no way back: " + obstacle.get() + "; add one_way: true");
            } else if (both && !rule.presence().oneWay()) {
                undecided(rule)
                        .map(text -> text + "; say which by back:, or add one_way: true")
                        .forEach(text -> problems.addAtKey(fields, rule.field(), text));
                lackingWords(rule).forEach(text -> problems.addAtKey(fields, rule.field(), text));
            }
            // an item of which nothing leads back was told as a whole
            boolean told = both && (rule.presence().oneWay() || obstacle.isPresent());
            if (rule.source() instanceof Source.Each each && !told) {
                field.get("fields").ifPresent(inner -> new WayBackLint(both, items(rule, each), problems)
                        .check(inner, each.rules(), each.rules()));
            }
        }
    }

    private Scope items(Rule rule, Source.Each each) {
        return scope.items(each.path().text(), rule.field());
    }

    /** Fields of an included file that have no way back, and are not said to have none. */
    void checkIncluded(Included file, List<Rule> all) {
        boolean said = file.at().text(ONE_WAY).orElse("").equals("true");
        if (!both && file.at().get(ONE_WAY).isPresent()) {
            problems.addAtKey(file.at(), ONE_WAY, "one_way: says nothing without reverse: at the top of the file");
        }
        if (both && !said) {
            for (Rule rule : file.rules()) {
                Optional<String> obstacle =
                        all.stream().anyMatch(kept -> kept == rule) ? Obstacles.of(rule, all) : Optional.empty();
                String of = " of " + file.at().text("mapping").orElse("");
                obstacle.ifPresent(text -> problems.add(
                        file.at(),
                        "\"" + rule.field() + "\"" + of + " has no way back: " + text
                                + "; add one_way: true here, or the field itself with it"));
                undecided(rule)
                        .map(text -> text + of + "; add one_way: true here, or the field itself with back:")
                        .forEach(text -> problems.add(file.at(), text));
            }
        }
    }

    /** A record that is written back would change where the first of several values were taken. */
    private static Stream<String> undecided(Rule rule) {
        if (rule.presence().oneWay() || !(rule.source() instanceof Source.Read)) {
            return Stream.empty();
        }
        return rule.treatment().acts().stream()
                .filter(Table.class::isInstance)
                .flatMap(act -> ((Table) act).undecided().entrySet().stream())
                .map(each -> "\"" + each.getKey() + "\" of " + rule.field() + " is what several values become: "
                        + String.join(", ", each.getValue()));
    }

    /** Words of a record that a two-way table would refuse, on either way. */
    private List<String> lackingWords(Rule rule) {
        List<Act> acts = rule.treatment().acts();
        if (acts.isEmpty()
                || !(acts.get(acts.size() - 1) instanceof Table table)
                || table.unknown() != Table.Unknown.REFUSE
                || !(rule.source() instanceof Source.Read read)) {
            return List.of();
        }
        var outcomes = table.entries().values().stream().map(JsonNode::asText).collect(Collectors.toSet());
        var back = scope.to().map(to -> to.allowed(scope.target(rule.field()))).orElse(List.of()).stream()
                .filter(word -> !outcomes.contains(word))
                .map(word -> "\"" + word + "\" of " + rule.field() + " is refused on the way back; list a value that"
                        + " becomes it, or write unknown:");
        var there = acts.size() > 1
                ? Stream.<String>empty()
                : scope.allowed(read.paths().get(0).text()).stream()
                        .filter(word -> !table.entries().containsKey(word))
                        .map(word -> "\"" + word + "\" of " + read.paths().get(0)
                                + " is refused; list it, or write unknown:");
        return Stream.concat(back, there).toList();
    }
}
