package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JSON body whose texts have settings and places. What is filled in is text, but for a text that is {@code {number(name)}} and
 * nothing else; numbers stay as the file has them.
 */
public final class JsonTemplate {
    private static final Pattern NUMBER = Pattern.compile("\\{number\\((.+)\\)}");
    private static final Pattern DECIMAL = Pattern.compile("-?\\d{1,18}(\\.\\d{1,18})?");

    private final Part root;

    private sealed interface Part permits Members, Items, Leaf, Number, Fixed {}

    private record Members(Map<String, Part> parts) implements Part {}

    private record Items(List<Part> parts) implements Part {}

    private record Leaf(Text text) implements Part {}

    private record Number(Text text) implements Part {}

    private record Fixed(JsonNode value) implements Part {}

    private JsonTemplate(Part root) {
        this.root = root;
    }

    /** Notes a problem at each text that is not a template. */
    public static JsonTemplate of(Yaml yaml, Problems problems) {
        return new JsonTemplate(part(yaml, problems));
    }

    private static Part part(Yaml yaml, Problems problems) {
        if (yaml.isMap()) {
            var members = new LinkedHashMap<String, Part>();
            yaml.entries().forEach((name, value) -> members.put(name, part(value, problems)));
            return new Members(members);
        }
        if (yaml.isList()) {
            return new Items(
                    yaml.items().stream().map(item -> part(item, problems)).toList());
        }
        JsonNode value = yaml.json();
        if (!value.isTextual()) {
            return new Fixed(value);
        }
        Matcher number = NUMBER.matcher(value.textValue());
        return number.matches()
                ? new Number(FileParts.textOf("{" + number.group(1) + "}", yaml, problems))
                : new Leaf(FileParts.text(yaml, problems));
    }

    public JsonNode fill(Values values) {
        return fill(root, values);
    }

    private static JsonNode fill(Part part, Values values) {
        var make = JsonNodeFactory.instance;
        if (part instanceof Members members) {
            var object = make.objectNode();
            members.parts.forEach((name, member) -> object.set(name, fill(member, values)));
            return object;
        }
        if (part instanceof Items items) {
            var array = make.arrayNode();
            items.parts.forEach(item -> array.add(fill(item, values)));
            return array;
        }
        if (part instanceof Number number) {
            return number(values.fill(number.text), number.text, values);
        }
        return part instanceof Leaf leaf ? make.textNode(values.fill(leaf.text)) : ((Fixed) part).value;
    }

    private static JsonNode number(String filled, Text text, Values values) {
        if (!DECIMAL.matcher(filled).matches()) {
            throw values.refused("\"" + text + "\" is no number, and one is needed there; correct what is given");
        }
        return JsonNodeFactory.instance.numberNode(new BigDecimal(filled));
    }

    /** Every text in it. */
    public Set<Text> texts() {
        var texts = new LinkedHashSet<Text>();
        collect(root, texts);
        return texts;
    }

    private static void collect(Part part, Set<Text> texts) {
        if (part instanceof Members members) {
            members.parts.values().forEach(member -> collect(member, texts));
        } else if (part instanceof Items items) {
            items.parts.forEach(item -> collect(item, texts));
        } else if (part instanceof Leaf leaf) {
            texts.add(leaf.text);
        } else if (part instanceof Number number) {
            texts.add(number.text);
        }
    }
}
