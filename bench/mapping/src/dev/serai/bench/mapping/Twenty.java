package dev.serai.bench.mapping;

import com.bazaarvoice.jolt.Chainr;
import com.dashjoin.jsonata.Jsonata;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.Function;
import com.schibsted.spt.data.jslt.Parser;
import dev.serai.mapping.Mapping;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One lead of twenty fields, with a phone number, two times, two tables and a condition, on one core: by a mapping file and
 * by others. Each gets the record in the form it works on, so nobody's parsing counts. Before anything is measured, the
 * results are compared; what an engine can't do is named in {@link #check}.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Twenty {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FOLDER = Path.of(System.getProperty("bench.folder"));

    private JsonNode lead;
    private Map<String, Object> plain;
    private Mapping mapping;
    private Expression jslt;
    private Jsonata jsonata;
    private JsonQuery jq;
    private Scope scope;
    private Chainr jolt;

    @Setup
    public void prepare() throws Exception {
        lead = JSON.readTree(file("lead.json"));
        plain = JSON.convertValue(lead, new TypeReference<>() {});
        mapping = Mapping.parse("twenty", file("twenty.yaml"), name -> Optional.empty());
        jslt = Parser.compileString(file("twenty.jslt"), List.of(new JsltPhone()));
        jsonata = Jsonata.jsonata(file("twenty.jsonata"));
        jsonata.registerFunction("e164", (String text, String country) -> Phone.e164(text, country));
        scope = Scope.newEmptyScope();
        BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_6, scope);
        scope.addFunction("e164", 0, (s, args, in, path, output, version) ->
                output.emit(TextNode.valueOf(Phone.e164(in.asText(), "US")), null));
        jq = JsonQuery.compile(file("twenty.jq"), Versions.JQ_1_6);
        jolt = Chainr.fromSpec(JSON.readValue(file("twenty.jolt.json"), Object.class));
        check();
    }

    private static String file(String name) throws java.io.IOException {
        return Files.readString(FOLDER.resolve(name));
    }

    private void check() throws Exception {
        JsonNode expected = serai();
        same("by hand", expected, byHand());
        same("JSLT", expected, jslt());
        // squeezes no spaces inside a text without a regular expression per field
        same("JSONata", expected, JSON.valueToTree(jsonata()));
        same("jq", expected, jq());
        // knows neither phone numbers nor times, and replaces nothing inside a text
        same("Jolt", expected, JSON.valueToTree(jolt()), "phone", "created_at", "language", "company");
    }

    private static void same(String engine, JsonNode expected, JsonNode result, String... but) {
        var left = (com.fasterxml.jackson.databind.node.ObjectNode) expected.deepCopy();
        var right = (com.fasterxml.jackson.databind.node.ObjectNode) result.deepCopy();
        left.remove(List.of(but));
        right.remove(List.of(but));
        left.fieldNames().forEachRemaining(name -> {
            if (!left.get(name).asText().equals(right.path(name).asText())) {
                throw new IllegalStateException(engine + " says " + right.path(name) + " of " + name + " instead of " + left.get(name));
            }
        });
        if (left.size() != right.size()) {
            throw new IllegalStateException(engine + " gives other fields: " + right);
        }
    }

    @Benchmark
    public JsonNode serai() {
        return mapping.apply(lead);
    }

    @Benchmark
    public JsonNode byHand() {
        return ByHand.apply(lead);
    }

    @Benchmark
    public JsonNode jslt() {
        return jslt.apply(lead);
    }

    @Benchmark
    public Object jsonata() {
        return jsonata.evaluate(plain);
    }

    @Benchmark
    public JsonNode jq() throws Exception {
        JsonNode[] result = new JsonNode[1];
        jq.apply(scope, lead, out -> result[0] = out);
        return result[0];
    }

    @Benchmark
    public Object jolt() {
        return jolt.transform(plain);
    }

    private static final class JsltPhone implements Function {
        @Override
        public String getName() {
            return "e164";
        }

        @Override
        public int getMinArguments() {
            return 2;
        }

        @Override
        public int getMaxArguments() {
            return 2;
        }

        @Override
        public JsonNode call(JsonNode input, JsonNode[] arguments) {
            return TextNode.valueOf(Phone.e164(arguments[0].asText(), arguments[1].asText()));
        }
    }
}
