package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.file.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Where a field's value comes from. */
sealed interface Source {

    /** The value, or null when the record has none. @throws dev.serai.record.Unacceptable when it cannot be computed */
    JsonNode value(Given given);

    /** The source as the mapping file says it, the part of it that gave the value where there are several. */
    String name(Given given);

    /** What to say when a required field gets no value; continues the field's name. */
    String missing(Given given);

    /** The first of several places of the record that has a value. */
    record Read(List<FieldPath> paths) implements Source {
        @Override
        public JsonNode value(Given given) {
            for (int i = 0; i < paths.size(); i++) {
                JsonNode value = paths.get(i).read(given);
                if (value != null) {
                    return value;
                }
            }
            return null;
        }

        @Override
        public String name(Given given) {
            return paths.stream()
                    .filter(path -> path.read(given) != null)
                    .map(FieldPath::text)
                    .findFirst()
                    .orElseGet(() -> paths.stream().map(FieldPath::text).collect(Collectors.joining(", ")));
        }

        @Override
        public String missing(Given given) {
            return name(given) + (paths.size() == 1 ? " is missing" : " are all missing");
        }
    }

    /** The same for every record. */
    record Constant(JsonNode constant) implements Source {
        @Override
        public JsonNode value(Given given) {
            return constant;
        }

        @Override
        public String name(Given given) {
            return "value";
        }

        @Override
        public String missing(Given given) {
            return "its value is empty";
        }
    }

    /** Text with places for fields of the record and parameters; no value when one of them has none. */
    record Text(Template template, Map<String, FieldPath> places) implements Source {
        @Override
        public JsonNode value(Given given) {
            for (var place : places.entrySet()) {
                if (given.text(place.getKey(), place.getValue()) == null) {
                    return null;
                }
            }
            return TextNode.valueOf(template.fill(name -> given.text(name, places.get(name))));
        }

        @Override
        public String name(Given given) {
            return template.toString();
        }

        @Override
        public String missing(Given given) {
            String lacking = places.entrySet().stream()
                    .filter(place -> given.text(place.getKey(), place.getValue()) == null)
                    .map(Map.Entry::getKey)
                    .sorted()
                    .collect(Collectors.joining(" and "));
            return "\"" + template + "\" needs " + lacking + ", which the record lacks";
        }
    }

    /** Computed by an expression. */
    record Computed(Expr expr) implements Source {
        @Override
        public JsonNode value(Given given) {
            JsonNode value = expr.apply(given);
            return FieldPath.hasValue(value) ? value : null;
        }

        @Override
        public String name(Given given) {
            return "expr";
        }

        @Override
        public String missing(Given given) {
            return "the expression gives no value";
        }
    }

    /** The value of a parameter. */
    record Told(String parameter) implements Source {
        @Override
        public JsonNode value(Given given) {
            return given.parameters().get(parameter);
        }

        @Override
        public String name(Given given) {
            return "{" + parameter + "}";
        }

        @Override
        public String missing(Given given) {
            return "parameter \"" + parameter + "\" has no value";
        }
    }

    /** Texts of several places with a separator between them; places without a value leave no gap. */
    record Joined(List<FieldPath> paths, String separator) implements Source {
        @Override
        public JsonNode value(Given given) {
            var text = new StringBuilder();
            for (FieldPath path : paths) {
                JsonNode found = path.read(given);
                if (found != null && found.isArray()) {
                    found.forEach(item -> append(text, item));
                } else if (found != null) {
                    append(text, found);
                }
            }
            return text.isEmpty() ? null : TextNode.valueOf(text.toString());
        }

        private void append(StringBuilder text, JsonNode value) {
            String part =
                    value.isValueNode() && !value.isNull() ? value.asText().strip() : "";
            if (!part.isEmpty()) {
                text.append(text.isEmpty() ? "" : separator).append(part);
            }
        }

        @Override
        public String name(Given given) {
            return paths.stream().map(FieldPath::text).collect(Collectors.joining(" + "));
        }

        @Override
        public String missing(Given given) {
            return paths.stream().map(FieldPath::text).collect(Collectors.joining(", ")) + " are all missing";
        }
    }

    /** A nested map as a flat one: {@code {a: {b: 1}}} becomes {@code {a_b: 1}}. Lists of plain values stay. */
    record Flat(Read map, Set<String> except, String separator) implements Source {
        @Override
        public JsonNode value(Given given) {
            JsonNode found = map.value(given);
            if (found == null || !found.isObject()) {
                return null;
            }
            var flat = JsonNodeFactory.instance.objectNode();
            found.properties().forEach(field -> {
                if (!except.contains(field.getKey())) {
                    put(flat, field.getKey(), field.getValue());
                }
            });
            return flat.isEmpty() ? null : flat;
        }

        private void put(ObjectNode flat, String name, JsonNode value) {
            if (value.isObject()) {
                value.properties().forEach(field -> put(flat, name + separator + field.getKey(), field.getValue()));
            } else if (value.isArray()
                    && StreamSupport.stream(value.spliterator(), false).anyMatch(JsonNode::isContainerNode)) {
                for (int i = 0; i < value.size(); i++) {
                    put(flat, name + separator + i, value.get(i));
                }
            } else if (FieldPath.hasValue(value)) {
                flat.set(name, value);
            }
        }

        @Override
        public String name(Given given) {
            return map.name(given);
        }

        @Override
        public String missing(Given given) {
            return map.name(given) + " is missing or no map";
        }
    }

    /**
     * A map for each item of a list; a single value counts as a list of one.
     *
     * @param where which items; null when all
     */
    record Each(FieldPath path, Expr where, List<Rule> rules, Target target) implements Source {
        @Override
        public JsonNode value(Given given) {
            var list = JsonNodeFactory.instance.arrayNode();
            var problems = new ArrayList<FieldProblem>(0);
            List<Given> items = items(given);
            for (int i = 0; i < items.size(); i++) {
                int before = problems.size();
                JsonNode made = target.build(items.get(i), problems);
                for (int p = before; p < problems.size(); p++) {
                    problems.set(p, problems.get(p).of(i));
                }
                if (made != null) {
                    list.add(made);
                }
            }
            if (!problems.isEmpty()) {
                throw new ItemsRefused(problems);
            }
            return list.isEmpty() ? null : list;
        }

        /** The items it is made from. @throws Unacceptable when {@code where} cannot be computed */
        List<Given> items(Given given) {
            JsonNode found = path.read(given);
            if (found == null) {
                return List.of();
            }
            var items = new ArrayList<Given>();
            for (JsonNode item : found.isArray()
                    ? found
                    : JsonNodeFactory.instance.arrayNode().add(found)) {
                Given one = given.item(item);
                if (FieldPath.hasValue(item) && (where == null || where.isTrue(one))) {
                    items.add(one);
                }
            }
            return items;
        }

        @Override
        public String name(Given given) {
            return path.text();
        }

        @Override
        public String missing(Given given) {
            return path.text() + " has no items";
        }
    }

    /** Some items of a list cannot be mapped; field names begin with the item's place. */
    final class ItemsRefused extends RuntimeException {
        private final transient List<FieldProblem> problems;

        ItemsRefused(List<FieldProblem> problems) {
            super("items refused", null, false, false);
            this.problems = problems;
        }

        List<FieldProblem> problems() {
            return problems;
        }
    }
}
