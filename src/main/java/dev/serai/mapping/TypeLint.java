package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.file.Problems;
import dev.serai.file.Suggest;
import dev.serai.file.Yaml;
import dev.serai.record.RecordSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells before any record comes what the schema of the result would refuse in each of them. */
final class TypeLint {
    private final Scope scope;
    private final Problems problems;

    TypeLint(Scope scope, Problems problems) {
        this.scope = scope;
        this.problems = problems;
    }

    /** @param fields the map the rule's entry stands in */
    void check(Rule rule, Yaml fields) {
        Optional<RecordSchema> to = scope.to().filter(record -> record.has(scope.target(rule.field())));
        to.flatMap(record -> record.field(scope.target(rule.field())))
                .ifPresent(field -> checkType(rule, field.type(), fields));
        to.ifPresent(record -> checkWords(rule, record.allowed(scope.target(rule.field())), fields));
        checkKeys(rule, fields);
    }

    private void checkType(Rule rule, String wanted, Yaml fields) {
        // items of a list that is built place by place, and what nobody knows
        Optional<String> given = type(rule).filter(type -> !fits(type, wanted));
        given.ifPresent(type -> problems.addAtKey(
                fields,
                rule.field(),
                "\"" + rule.field() + "\" must be " + words(wanted) + ", and this gives " + words(type)
                        + advice(wanted)));
    }

    private static boolean fits(String type, String wanted) {
        return type.equals(wanted)
                || type.equals("integer") && wanted.equals("number")
                || type.equals("number") && wanted.equals("integer");
    }

    private Optional<String> type(Rule rule) {
        List<Act> acts = rule.treatment().acts();
        for (int i = acts.size() - 1; i >= 0; i--) {
            if (acts.get(i) instanceof Table table) {
                List<String> types = table.entries().values().stream()
                        .map(TypeLint::type)
                        .distinct()
                        .toList();
                return Optional.of(types.get(0))
                        .filter(type -> types.size() == 1 && table.unknown() != Table.Unknown.PASS);
            }
            Optional<String> gives = ((Step) acts.get(i)).normalizer().gives();
            // item by item, a list stays one
            if (gives.isPresent()) {
                boolean whole = ((Step) acts.get(i)).normalizer().whole();
                return whole || !mayBeList(rule, acts.subList(0, i)) ? gives : Optional.empty();
            }
        }
        return type(rule.source());
    }

    /** Whether a list may come in, of which a normalizer makes another list. */
    private static boolean mayBeList(Rule rule, List<Act> before) {
        boolean text = rule.source() instanceof Source.Text || rule.source() instanceof Source.Joined;
        return !text && before.stream().anyMatch(act -> act.name().equals("split"));
    }

    private Optional<String> type(Source source) {
        if (source instanceof Source.Constant constant) {
            return Optional.of(type(constant.constant()));
        }
        if (source instanceof Source.Read read
                && scope.from().isPresent()
                && read.paths().size() == 1) {
            return scope.absolute(read.paths().get(0).text())
                    .flatMap(path -> scope.from().get().field(path))
                    .map(RecordSchema.Field::type)
                    .filter(type -> !type.isEmpty());
        }
        return source instanceof Source.Text || source instanceof Source.Joined
                ? Optional.of("string")
                : source instanceof Source.Each
                        ? Optional.of("array")
                        : source instanceof Source.Flat ? Optional.of("object") : Optional.empty();
    }

    private static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT, POJO -> "object";
            case ARRAY -> "array";
            case BOOLEAN -> "boolean";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            default -> "string";
        };
    }

    private static String words(String type) {
        return switch (type) {
            case "object" -> "a map";
            case "array" -> "a list";
            case "boolean" -> "true or false";
            case "number" -> "a number";
            case "integer" -> "a whole number";
            default -> "text";
        };
    }

    private static String advice(String wanted) {
        return switch (wanted) {
            case "number", "integer", "boolean", "string" -> "; add do: [" + wanted + "]";
            case "array" -> "; add do: [split], or write each:";
            default -> "";
        };
    }

    /** What stands in the file and goes into a field that knows its words. */
    private void checkWords(Rule rule, List<String> allowed, Yaml fields) {
        Stream<JsonNode> constants = rule.source() instanceof Source.Constant constant
                        && rule.treatment().acts().isEmpty()
                ? Stream.of(constant.constant())
                : Stream.empty();
        if (rule.presence().fallback() instanceof Source.Constant fallback) {
            constants = Stream.concat(constants, Stream.of(fallback.constant()));
        }
        List<Act> acts = rule.treatment().acts();
        if (!acts.isEmpty() && acts.get(acts.size() - 1) instanceof Table table) {
            constants = Stream.concat(constants, outcomes(table));
        }
        constants
                .filter(value -> !allowed.isEmpty() && !allowed.contains(value.asText()))
                .distinct()
                .forEach(value -> problems.addAtKey(
                        fields,
                        rule.field(),
                        "\"" + value.asText() + "\" is not a value of " + rule.field() + "; "
                                + Suggest.hint(value.asText(), allowed)));
    }

    private static Stream<JsonNode> outcomes(Table table) {
        var all = new ArrayList<>(table.entries().values());
        if (table.otherwise() != null) {
            all.add(table.otherwise());
        }
        return all.stream();
    }

    /** A table that translates what a canonical field can never be. */
    private void checkKeys(Rule rule, Yaml fields) {
        List<Act> acts = rule.treatment().acts();
        if (scope.from().isEmpty()
                || acts.size() != 1
                || !(acts.get(0) instanceof Table table)
                || !(rule.source() instanceof Source.Read read)) {
            return;
        }
        List<String> allowed = scope.absolute(read.paths().get(0).text())
                .map(path -> scope.from().get().allowed(path))
                .orElse(List.of());
        for (String key : table.entries().keySet()) {
            if (!allowed.isEmpty() && !allowed.contains(key)) {
                problems.addAtKey(
                        fields.get(rule.field())
                                .flatMap(field -> field.get("table"))
                                .filter(Yaml::isMap)
                                .orElse(fields),
                        key,
                        "\"" + key + "\" is not a value of " + read.paths().get(0) + "; " + Suggest.hint(key, allowed));
            }
        }
    }
}
