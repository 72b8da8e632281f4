package dev.serai.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/**
 * A value of a YAML 1.2 file that remembers where it stands. Read-only. Plain scalars follow YAML's JSON schema with
 * plain text allowed: {@code yes} is text, {@code true} a boolean, {@code 012} text.
 */
public final class Yaml {
    /** Files people write; far above any real one, far below what could exhaust memory. */
    public static final int MAX_CHARACTERS = 1_000_000;

    private static final String UNQUOTED =
            "text that begins with {, or holds {…} within braces, must stand in quotes: \"{{name}}\", \"/orders/{id}\"";

    private final String file;
    private final String[] lines;
    private final Node node;

    private Yaml(String file, String[] lines, Node node) {
        this.file = file;
        this.lines = lines;
        this.node = node;
    }

    /**
     * Reads one YAML document.
     *
     * @param file the name used in messages
     * @throws FileRefused when it is not well-formed, empty, has a key twice, or uses aliases to blow itself up
     */
    public static Yaml read(String file, String text) {
        return read(file, text, MAX_CHARACTERS);
    }

    /** As {@link #read(String, String)}, of a file that no person wrote. @param most characters it may have */
    public static Yaml read(String file, String text, int most) {
        String[] lines = text.split("\r?\n", -1);
        if (text.length() > most) {
            throw refused(
                    Place.whole(file),
                    "the file has " + text.length() + " characters; at most " + most + " are read",
                    "");
        }
        var settings = LoadSettings.builder()
                .setLabel(file)
                .setAllowDuplicateKeys(false)
                .setAllowNonScalarKeys(true)
                .setMaxAliasesForCollections(50)
                .setCodePointLimit(most)
                .setSchema(new JsonSchema())
                .build();
        try {
            Node root = new Compose(settings)
                    .composeString(text)
                    .orElseThrow(() -> refused(Place.whole(file), "the file is empty", ""));
            refuseUnreadable(file, lines, root);
            // composing alone accepts a key that stands twice; building the plain value refuses it
            new StandardConstructor(settings).constructSingleDocument(Optional.of(root));
            return new Yaml(file, lines, root);
        } catch (MarkedYamlEngineException e) {
            Place place = e.getProblemMark().map(m -> place(file, m)).orElse(Place.whole(file));
            String line = lineAt(lines, place);
            throw refused(place, plain(e, place, line), line);
        } catch (YamlEngineException e) {
            throw refused(Place.whole(file), e.getMessage().lines().findFirst().orElse("not YAML"), "");
        } catch (StackOverflowError e) {
            throw refused(Place.whole(file), "lists and maps are nested too deeply to be read", "");
        }
    }

    /** An unquoted {@code {{setting}}} is, to YAML, a map whose key is a map; an unquoted {@code 4e56789012345} a number. */
    private static void refuseUnreadable(String file, String[] lines, Node node) {
        if (node instanceof ScalarNode scalar) {
            if (Numbers.isBeyondAll(scalar)) {
                Place place = new Yaml(file, lines, scalar).place();
                throw refused(place, Numbers.beyond(scalar), lineAt(lines, place));
            }
        } else if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> refuseUnreadable(file, lines, item));
        } else if (node instanceof MappingNode map) {
            for (NodeTuple tuple : map.getValue()) {
                if (!(tuple.getKeyNode() instanceof ScalarNode)) {
                    Place place = tuple.getKeyNode()
                            .getStartMark()
                            .map(m -> place(file, m))
                            .orElse(Place.whole(file));
                    throw refused(place, UNQUOTED, lineAt(lines, place));
                }
                refuseUnreadable(file, lines, tuple.getValueNode());
            }
        }
    }

    /** In the parser's words, but for the slips that are made most often. */
    private static String plain(MarkedYamlEngineException e, Place place, String line) {
        if (line.matches(".*:\\s*\\{\\{.*")) {
            return UNQUOTED;
        }
        Optional<Place> open = openSince(e);
        if (open.isPresent() && line.startsWith("{", place.column() - 1)) {
            return UNQUOTED;
        }
        if (open.isPresent() && open.get().line() < place.line()) {
            boolean map = e.getContext().endsWith("mapping");
            return "the " + (map ? "{" : "[") + " in line " + open.get().line() + ", column "
                    + open.get().column() + " is still open here; write its " + (map ? "}" : "]")
                    + ", or a comma where more belongs to it";
        }
        String problem = e.getProblem() == null ? "not well-formed YAML" : e.getProblem();
        return e.getContext() == null ? problem : e.getContext() + ": " + problem;
    }

    /** Where the bracket stands within which the parser gave up. */
    private static Optional<Place> openSince(MarkedYamlEngineException e) {
        return e.getContextMark()
                .filter(mark ->
                        e.getContext() != null && e.getContext().matches("while parsing a flow (mapping|sequence)"))
                .map(mark -> place("", mark));
    }

    private static FileRefused refused(Place place, String text, String line) {
        return new FileRefused(List.of(new Problem(place, text, line)));
    }

    /**
     * This map with what another has beside it. A member of both is this one's; where it is one of {@code byName}, the
     * members of both are put together in the same way.
     *
     * @param without names of what is not taken from the other
     */
    public Yaml over(Yaml base, Set<String> byName, Set<String> without) {
        var tuples = new ArrayList<NodeTuple>();
        for (NodeTuple tuple : tuples()) {
            Optional<Yaml> other = base.get(key(tuple)).filter(o -> byName.contains(key(tuple)) && o.isMap());
            Yaml own = new Yaml(file, lines, tuple.getValueNode());
            Node value = other.filter(o -> own.isMap())
                    .map(o -> own.over(o, Set.of(), Set.of()).node)
                    .orElse(tuple.getValueNode());
            tuples.add(new NodeTuple(tuple.getKeyNode(), value));
        }
        for (NodeTuple tuple : base.tuples()) {
            if (get(key(tuple)).isEmpty() && !without.contains(key(tuple))) {
                tuples.add(tuple);
            }
        }
        var node = new MappingNode(
                Tag.MAP, true, tuples, FlowStyle.BLOCK, this.node.getStartMark(), this.node.getEndMark());
        return new Yaml(file, lines, node);
    }

    public boolean isMap() {
        return node instanceof MappingNode;
    }

    public boolean isList() {
        return node instanceof SequenceNode;
    }

    public boolean isScalar() {
        return node instanceof ScalarNode;
    }

    /** The members of a map in the order of the file; empty for anything else. */
    public Map<String, Yaml> entries() {
        var entries = new LinkedHashMap<String, Yaml>();
        for (NodeTuple tuple : tuples()) {
            entries.put(key(tuple), new Yaml(file, lines, tuple.getValueNode()));
        }
        return entries;
    }

    /** The member of that name, if this is a map that has it. */
    public Optional<Yaml> get(String key) {
        for (NodeTuple tuple : tuples()) {
            if (key(tuple).equals(key)) {
                return Optional.of(new Yaml(file, lines, tuple.getValueNode()));
            }
        }
        return Optional.empty();
    }

    /** The items of a list; empty for anything else. */
    public List<Yaml> items() {
        var items = new ArrayList<Yaml>();
        if (node instanceof SequenceNode sequence) {
            sequence.getValue().forEach(item -> items.add(new Yaml(file, lines, item)));
        }
        return items;
    }

    /** The scalar as it is written, without quotes; empty for a map or a list. */
    public String text() {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    /** The text of a member, if there is one. */
    public Optional<String> text(String key) {
        return get(key).filter(Yaml::isScalar).map(Yaml::text);
    }

    /** The same value as JSON. */
    public JsonNode json() {
        var make = JsonNodeFactory.instance;
        if (isMap()) {
            var object = make.objectNode();
            entries().forEach((key, value) -> object.set(key, value.json()));
            return object;
        }
        if (isList()) {
            var array = make.arrayNode();
            items().forEach(item -> array.add(item.json()));
            return array;
        }
        String text = text();
        return switch (node.getTag().getValue()) {
            case "tag:yaml.org,2002:null" -> make.nullNode();
            case "tag:yaml.org,2002:bool" -> make.booleanNode(text.equals("true"));
            case "tag:yaml.org,2002:int" -> integer(text);
            case "tag:yaml.org,2002:float" -> make.numberNode(new BigDecimal(text));
            default -> make.textNode(text);
        };
    }

    private static JsonNode integer(String text) {
        var number = new BigInteger(text);
        return number.bitLength() < 64
                ? JsonNodeFactory.instance.numberNode(number.longValue())
                : JsonNodeFactory.instance.numberNode(number);
    }

    public String file() {
        return file;
    }

    /** Where this value begins. */
    public Place place() {
        return node.getStartMark().map(m -> place(file, m)).orElse(Place.whole(file));
    }

    /** Whether it is written on one line's terms, with brackets or braces, or is a scalar. */
    public boolean isFlow() {
        return !(node instanceof CollectionNode<?> collection) || collection.getFlowStyle() == FlowStyle.FLOW;
    }

    /**
     * From where to where it is written, in characters of the file. Of a block the end is that of its last value: what
     * follows, comments and blank lines, belongs to nobody.
     */
    public Span span() {
        int from = node.getStartMark().map(Mark::getIndex).orElse(0);
        if (isFlow()) {
            return new Span(from, node.getEndMark().map(Mark::getIndex).orElse(from));
        }
        List<Yaml> inside = isList() ? items() : List.copyOf(entries().values());
        return new Span(from, inside.get(inside.size() - 1).span().to());
    }

    /** From where to where a key is written, without its value. */
    public Optional<Span> keySpan(String key) {
        return tuples().stream()
                .filter(tuple -> key(tuple).equals(key))
                .findFirst()
                .map(tuple -> new Yaml(file, lines, tuple.getKeyNode()).span());
    }

    /** @param from the first code point @param to the one after the last */
    public record Span(int from, int to) {}

    /** Where the key of that name stands; the map's own place when it lacks the key. */
    public Place keyPlace(String key) {
        for (NodeTuple tuple : tuples()) {
            if (key(tuple).equals(key)) {
                return tuple.getKeyNode()
                        .getStartMark()
                        .map(m -> place(file, m))
                        .orElse(place());
            }
        }
        return place();
    }

    /** A problem that quotes the line at {@code place}. */
    public Problem problem(Place place, String text) {
        return new Problem(place, text, place.file().equals(file) ? lineAt(lines, place) : "");
    }

    private List<NodeTuple> tuples() {
        return node instanceof MappingNode map ? map.getValue() : List.of();
    }

    private static String key(NodeTuple tuple) {
        return tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    private static Place place(String file, Mark mark) {
        // what was put together from two files has the name of its own in each mark
        String name = mark.getName().isEmpty() ? file : mark.getName();
        return new Place(name, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static String lineAt(String[] lines, Place place) {
        return place.line() >= 1 && place.line() <= lines.length ? lines[place.line() - 1] : "";
    }
}
