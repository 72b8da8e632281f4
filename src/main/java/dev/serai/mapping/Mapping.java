package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.file.FileRefused;
import dev.serai.file.Place;
import dev.serai.file.Problems;
import dev.serai.file.Suggest;
import dev.serai.record.Masks;
import dev.serai.record.RecordSchema;
import dev.serai.record.RecordSchemas;
import dev.serai.record.Unacceptable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A mapping file, read and checked: reshapes one record. Immutable, for any number of threads. The same record and
 * parameters always give the same result; nothing is looked up, no clock is read.
 */
public final class Mapping {
    private final Head head;
    private final Map<String, Parameter> parameters;
    private final List<Rule> rules;
    private final List<TestCase> tests;
    private final Origin origin;
    private final Target target;
    private final Map<String, JsonNode> configured;

    /**
     * @param from canonical record, one of the folder's own, or {@code any}
     * @param input what every record must be before it is mapped, if the folder has a schema of it
     * @param to canonical record the result must be, if any
     * @param reverse the name of the way back, if there is one
     */
    record Head(
            String name,
            String description,
            String from,
            Optional<RecordSchema> input,
            Optional<RecordSchema> to,
            Optional<String> reverse) {}

    Mapping(Head head, Map<String, Parameter> parameters, List<Rule> rules, List<TestCase> tests, Origin origin) {
        this.origin = origin;
        this.head = head;
        this.parameters = parameters;
        this.rules = rules;
        this.tests = tests;
        this.target = Target.of(rules);
        this.configured = values(Parameter::value);
    }

    /**
     * Reads a mapping file and runs the tests in it.
     *
     * @param file the name used in messages, relative to the folder people know
     * @param surroundings what it may name beside itself
     * @throws FileRefused with every problem and every failing test, at their places
     */
    public static Mapping read(String file, String yaml, Surroundings surroundings) {
        Mapping mapping = parse(file, yaml, surroundings);
        var problems = new Problems();
        mapping.test().forEach(result -> problems.addAll(result.problems()));
        problems.throwIfAny();
        return mapping;
    }

    /** As {@link #read}, but without running the tests: for whoever runs them to tell of each. */
    public static Mapping parse(String file, String yaml, Surroundings surroundings) {
        return new MappingReader(file, yaml, surroundings, List.of()).read();
    }

    /** The way back, when the file names one: a mapping of its own, without tests. */
    public Optional<Mapping> reversed() {
        return head.reverse.map(name -> new Mapping(
                new Head(
                        name,
                        "The way back of " + head.name + ".",
                        to().orElse("any"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                parameters,
                Reverse.of(rules),
                List.of(),
                origin));
    }

    /** Whether values of that field of the result say something about a person; empty when it has no such field. */
    Optional<Boolean> isPersonal(String field) {
        return rules.stream()
                .filter(rule -> rule.field().equals(field))
                .findFirst()
                .map(Rule::personal);
    }

    List<Rule> rules() {
        return rules;
    }

    /** {@code system/from-to-to}, as routes name it. */
    public String name() {
        return head.name;
    }

    /** Changes with the text of its file, and with nothing else: tables and files it includes have no part in it. */
    public String version() {
        return origin.version();
    }

    /** Where the field is written; the file as a whole for what comes from an included one. */
    public Place place(String field) {
        return origin.of(field);
    }

    public String description() {
        return head.description;
    }

    /** The canonical record it takes, or {@code any}. */
    public String from() {
        return head.from;
    }

    /** The canonical record it gives, if it gives one. */
    public Optional<String> to() {
        return head.to.map(RecordSchema::name);
    }

    public List<Parameter> parameters() {
        return List.copyOf(parameters.values());
    }

    /** The target fields by dotted path, in the order of the file. */
    public List<String> fields() {
        return rules.stream().map(Rule::field).toList();
    }

    /** Reshapes a record with the parameters as configured. @throws Refused with every reason */
    public JsonNode apply(JsonNode in) {
        return apply(in, Map.of());
    }

    /**
     * Reshapes a record. The record is not changed, and shares nothing that can change with the result.
     *
     * @param given values of parameters, before those configured
     * @throws Refused with every reason; nothing else, whatever the record is
     */
    public JsonNode apply(JsonNode in, Map<String, String> given) {
        return apply(in, given, Passing.UNHEARD);
    }

    /** As {@link #apply(JsonNode, Map)}. @param passing hears what tables let pass */
    public JsonNode apply(JsonNode in, Map<String, String> given, Passing passing) {
        var problems = new ArrayList<FieldProblem>(0);
        Map<String, JsonNode> values = given.isEmpty() ? configured : with(configured, given, problems);
        return apply(new Given(in, values, null, passing), problems);
    }

    /** What it reads of a record, as far as that can be told from the file. */
    public List<Reading> readings() {
        return Readings.of(this, parameters.keySet());
    }

    /** What the records say of it: whether values for that target, or read there, are personal; empty when they don't. */
    public Optional<Boolean> declaresPersonal(String field, String path) {
        return head.to
                .filter(record -> record.has(field))
                .map(record -> record.isPersonal(field))
                .or(() -> RecordSchemas.of(head.from)
                        .filter(record -> record.has(path))
                        .map(record -> record.isPersonal(path)));
    }

    JsonNode apply(Given given, List<FieldProblem> problems) {
        requireParameters(given, problems);
        head.input.ifPresent(schema -> check("from: ", schema, given.record(), problems));
        JsonNode result = null;
        if (problems.isEmpty()) {
            try {
                result = target.build(given, problems);
            } catch (StackOverflowError e) {
                problems.add(new FieldProblem("", "", "", "the record is nested too deeply"));
            }
        }
        if (result == null && problems.isEmpty()) {
            problems.add(new FieldProblem("", "", "", "no field has a value; the record is empty or of another kind"));
        }
        if (problems.isEmpty() && head.to.isPresent()) {
            check("to: ", head.to.get(), result, problems);
        }
        if (!problems.isEmpty()) {
            throw new Refused(head.name, problems);
        }
        return result;
    }

    private void requireParameters(Given given, List<FieldProblem> problems) {
        if (given.parameters().size() == parameters.size()) {
            return;
        }
        for (Parameter parameter : parameters.values()) {
            if (!given.parameters().containsKey(parameter.name())) {
                String set = parameter.setting().isEmpty() ? "" : "set " + parameter.setting() + ", or ";
                problems.add(problem(
                        parameter.name(), "has no value; " + set + "let the route give ?" + parameter.name() + "="));
            }
        }
    }

    private Map<String, JsonNode> with(
            Map<String, JsonNode> base, Map<String, String> given, List<FieldProblem> problems) {
        var values = new HashMap<>(base);
        given.forEach((name, text) -> {
            Parameter parameter = parameters.get(name);
            if (parameter == null) {
                problems.add(problem(name, "is not declared; " + Suggest.hint(name, parameters.keySet())));
                return;
            }
            try {
                values.put(name, Parameter.typed(parameter.info().type(), text));
            } catch (Unacceptable e) {
                problems.add(problem(name, e.getMessage()));
            }
        });
        return values;
    }

    private static FieldProblem problem(String parameter, String sentence) {
        return new FieldProblem("parameters", parameter, "", "\"" + parameter + "\" " + sentence);
    }

    private static void check(String side, RecordSchema schema, JsonNode record, List<FieldProblem> problems) {
        for (RecordSchema.Misfit misfit : schema.check(record)) {
            JsonNode value = FieldPath.of(misfit.field()).read(record);
            String shown =
                    value == null ? "" : schema.isPersonal(misfit.field()) ? Masks.personal(value) : Masks.plain(value);
            String sentence = (shown.isEmpty() ? "" : "\"" + shown + "\" ") + misfit.sentence();
            problems.add(new FieldProblem(misfit.field(), side + schema.name(), shown, sentence));
        }
    }

    private Map<String, JsonNode> values(Function<Parameter, Optional<JsonNode>> of) {
        var values = new HashMap<String, JsonNode>();
        parameters.values().forEach(p -> of.apply(p).ifPresent(value -> values.put(p.name(), value)));
        return values;
    }

    /**
     * Runs the file's own tests; where there is a way back, each result goes it and comes again the same. Settings have no
     * part in them: parameters have the values written in the file.
     */
    public List<TestResult> test() {
        Tried tried = tried();
        return tests.stream().map(test -> test.run(tried)).toList();
    }

    /** What the records of its own tests become, those that are refused left out: examples of what it sends on. */
    public List<JsonNode> examples() {
        Tried tried = tried();
        return tests.stream()
                .flatMap(test -> test.today(tried).result().stream())
                .toList();
    }

    private Tried tried() {
        return new Tried(values(Parameter::testValue), reversed().map(way -> new RoundTrip(rules, way)));
    }

    /**
     * The file with what its tests expect brought up to date; comments, blank lines and the order of keys stay. Tests that
     * now are refused and were not, or the other way round, stay as they are: that is a person's decision.
     *
     * @param yaml the text this mapping was read from
     */
    public String updated(String yaml) {
        var edits = new Expectations(yaml);
        tests.forEach(test -> edits.update(test, test.today(tried())));
        return edits.text();
    }

    private final class Tried implements TestCase.Tried {
        private final Map<String, JsonNode> defaults;
        private final Optional<RoundTrip> back;

        Tried(Map<String, JsonNode> defaults, Optional<RoundTrip> back) {
            this.defaults = defaults;
            this.back = back;
        }

        @Override
        public JsonNode apply(JsonNode in, Map<String, String> given) {
            var problems = new ArrayList<FieldProblem>();
            return Mapping.this.apply(new Given(in, with(defaults, given, problems)), problems);
        }

        @Override
        public List<String> differences(JsonNode result, Map<String, String> given) {
            return back.map(way -> way.differences(result, with(defaults, given, new ArrayList<>())))
                    .orElse(List.of());
        }
    }

    /** Tells of every field why it has its value. @param given values of parameters, before those configured */
    public List<Explained> explain(JsonNode in, Map<String, String> given) {
        var record = new Given(in, with(configured, given, new ArrayList<>()));
        return rules.stream()
                .flatMap(rule -> Explained.of(rule, record).stream())
                .toList();
    }

    /** As {@link #explain(JsonNode, Map)}, with the parameters as configured. */
    public List<Explained> explain(JsonNode in) {
        return explain(in, Map.of());
    }
}
