package dev.serai.cli.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.connector.Connector;
import dev.serai.connector.Listing;
import dev.serai.connector.Operation;
import dev.serai.connector.Request;
import dev.serai.connector.WriteClass;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One operation with what is needed to call it.
 *
 * @param bodies at least one; an empty object where the operation takes none
 */
record Trial(Bench bench, Examples examples, Account account, Operation operation, List<JsonNode> bodies) {
    static final String KEY = "serai-connector-test-1";

    /** As it signs in now. */
    Connector connector() {
        return account.connector();
    }

    String vendor() {
        return connector().name();
    }

    Examples.Example example() {
        return examples.operation(operation.name()).orElseThrow();
    }

    boolean isStream() {
        return operation instanceof Listing;
    }

    boolean isBatch() {
        return connector().batch(operation.name()).isPresent();
    }

    Optional<WriteClass> writeClass() {
        return operation instanceof Operation.Write write
                ? Optional.of(write.repeat().writeClass())
                : Optional.empty();
    }

    /** @throws dev.serai.connector.ConnectorRefused when it can't be built */
    Request request(JsonNode body) {
        Map<String, String> args = example().arguments();
        String name = operation.name();
        if (isStream()) {
            return connector()
                    .polling(name)
                    .first(Optional.empty(), args, bench.now())
                    .request();
        }
        return isBatch()
                ? connector().batch(name).orElseThrow().request(List.of(body), args)
                : connector().build(name, body, args, KEY);
    }

    Request request() {
        return request(bodies.get(0));
    }

    void fresh() {
        bench.fresh(vendor(), examples.seed());
        account.signIn();
    }

    /** Time goes by, and what ends meanwhile is renewed. */
    void pass(Duration time) {
        bench.pass(time);
        account.keepUp();
    }

    Bench.Answered send() {
        return bench.send(connector(), operation.name(), request());
    }

    Bench.Answered send(Duration within) {
        return bench.send(connector(), operation.name(), request(), within);
    }

    /** Calls another operation of the connector with the body of this one. */
    Bench.Answered send(String other, Map<String, String> args) {
        return send(other, bodies.get(0), args);
    }

    Bench.Answered send(String other, JsonNode body, Map<String, String> args) {
        return bench.send(connector(), other, connector().build(other, body, args, KEY));
    }

    /** The vendor's search does not show what is made from now on before so long. */
    void lag(String search, Duration lag) {
        var request = connector().build(search, bodies.get(0), example().arguments(), KEY);
        bench.simulator().lag(vendor(), bench.promise(connector(), request).operation(), lag);
    }

    /** How many records the vendor has, by collection; jobs and such left out. */
    Map<String, Integer> sizes() {
        var sizes = new TreeMap<>(bench.simulator().sizes(vendor()));
        sizes.keySet().removeAll(examples.logs());
        return sizes;
    }

    static JsonNode nothing() {
        return JsonNodeFactory.instance.objectNode();
    }
}
