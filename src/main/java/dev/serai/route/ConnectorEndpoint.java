package dev.serai.route;

import dev.serai.connector.Connector;
import dev.serai.connector.Listing;
import dev.serai.connector.Operation;
import dev.serai.run.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/**
 * Call a remote system as its connector file describes it: read a record, write one, or poll a stream and store what
 * changed as events.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "connector",
        title = "Connector",
        syntax = "connector:connection/operation",
        producerOnly = true,
        lenientProperties = true,
        category = {Category.HTTP})
public final class ConnectorEndpoint extends DefaultEndpoint {
    @UriPath(description = "Name of the connection: the folder of its connector file below mappings/")
    @Metadata(required = true)
    private final String connection;

    @UriPath(
            description = "Name of a read, write or stream of that file. Further options are its arguments, as Simple"
                    + " expressions")
    @Metadata(required = true)
    private final String operation;

    private final Map<String, String> arguments;

    /** The argument that asks for a fresh answer of a read that is kept: {@code cache=0}. */
    private static final String CACHE = "cache";

    ConnectorEndpoint(
            String uri,
            ConnectorComponent component,
            String connection,
            String operation,
            Map<String, String> arguments) {
        super(uri, component);
        this.connection = connection;
        this.operation = operation;
        this.arguments = arguments;
    }

    @Override
    public Producer createProducer() {
        return new DefaultProducer(this) {
            @Override
            public void process(Exchange exchange) throws Exception {
                call(exchange);
            }
        };
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("connector: stands in a to:; a poll begins with quartz:");
    }

    @Override
    public boolean isLenientProperties() {
        return true;
    }

    private void call(Exchange exchange) throws Exception {
        var component = (ConnectorComponent) getComponent();
        Hub hub = component.hub();
        Connector connector = hub.library()
                .get()
                .connector(connection)
                .orElseThrow(() -> new StepFailed(Outcome.fail(
                        "there is no connector " + connection + "; add mappings/" + connection + "/connector.yaml")));
        if (connector.operation(operation) instanceof Listing) {
            new StreamPoll(hub, component.http(), connector, operation)
                    .poll(exchange, Arguments.evaluate(exchange, arguments), isOnlyPoll());
        } else if (connector.batch(operation).isPresent()) {
            callTogether(exchange, new BatchCall(hub, component.http(), connector, operation));
        } else if (connector.upsert(operation).isPresent()) {
            var upsert = new UpsertCall(hub, component.http(), connector, operation);
            callEach(exchange, item -> upsert.make(item, Arguments.evaluate(item, arguments)));
        } else if (connector.operation(operation) instanceof Operation.Read read
                && !read.cache().isZero()) {
            callEach(exchange, item -> kept(item, connector, read, component));
        } else {
            var call = new Call(hub, component.http(), connector, operation);
            callEach(exchange, item -> call.make(item, Arguments.evaluate(item, arguments)));
        }
    }

    /** Whether this stream is polled here with these arguments alone, and they are the same each time. */
    private boolean isOnlyPoll() {
        return arguments.values().stream().noneMatch(value -> value.contains("${"))
                && getCamelContext().getEndpoints().stream()
                        .filter(ConnectorEndpoint.class::isInstance)
                        .map(ConnectorEndpoint.class::cast)
                        .filter(other -> other.connection.equals(connection) && other.operation.equals(operation))
                        .allMatch(other -> other.arguments.equals(arguments));
    }

    private void kept(Exchange exchange, Connector connector, Operation.Read read, ConnectorComponent component) {
        Map<String, String> given = new HashMap<>(Arguments.evaluate(exchange, arguments));
        boolean fresh = "0".equals(given.remove(CACHE));
        var call = new Call(component.hub(), component.http(), connector, operation);
        if (fresh) {
            call.make(exchange, given);
            return;
        }
        var question = new ReadCache.Question(
                connector,
                operation,
                component.hub().tokens().account(connector).mark(),
                read.question(Bodies.json(exchange), given));
        byte[] answer = component.cache().get(question, read.cache(), () -> {
            call.make(exchange, given);
            Object body = exchange.getMessage().getBody();
            return body == null ? new byte[0] : Call.bytes(Bodies.json(exchange));
        });
        exchange.getMessage().setBody(answer.length == 0 ? null : Bodies.answer(answer));
    }

    private static void callEach(Exchange exchange, Batch.Step call) throws Exception {
        Optional<Batch> batch = Batch.of(exchange);
        if (batch.isPresent()) {
            batch.get().each(exchange, call);
        } else {
            call.apply(exchange);
        }
    }

    private void callTogether(Exchange exchange, BatchCall call) throws Exception {
        Optional<Batch> batch = Batch.of(exchange);
        if (batch.isPresent()) {
            call.make(batch.get().items(exchange), arguments, batch.get());
            batch.get().goOn(exchange);
            return;
        }
        RunScope scope = RunScope.of(exchange)
                .orElseThrow(() -> new StepFailed(Outcome.fail("connector:" + connection + "/" + operation
                        + " keeps an outcome for each record's run; call it in a flow that begins with event:")));
        var one = new OneResult(exchange);
        call.make(List.of(new Batch.Item(scope, exchange)), arguments, one);
        one.throwIfLost();
        scope.end();
    }

    /** A run by itself is a batch of one, whose failure is the failure of its exchange. */
    private static final class OneResult implements BatchCall.Results {
        private final Exchange exchange;
        private Exception failure;

        OneResult(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void got(RunScope scope, Object body) {
            exchange.getMessage().setBody(body);
        }

        @Override
        public void lost(RunScope scope, Exception why) {
            failure = why;
        }

        void throwIfLost() throws Exception {
            if (failure != null) {
                throw failure;
            }
        }
    }

    public String getConnection() {
        return connection;
    }

    public String getOperation() {
        return operation;
    }
}
