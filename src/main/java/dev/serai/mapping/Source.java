package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.file.Template;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
                JsonNode value = paths.get(i).read(given.record());
                if (value != null) {
                    return value;
                }
            }
            return null;
        }

        @Override
        public String name(Given given) {
            return paths.stream()
                    .filter(path -> path.read(given.record()) != null)
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
}
