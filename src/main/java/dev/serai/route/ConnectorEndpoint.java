package dev.serai.route;

import dev.serai.connector.Connector;
import dev.serai.connector.Listing;
import dev.serai.run.Outcome;
import java.util.Map;
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
        var values = Arguments.evaluate(exchange, arguments);
        if (connector.operation(operation) instanceof Listing) {
            new StreamPoll(hub, component.http(), connector, operation).poll(exchange, values);
        } else {
            new Call(hub, component.http(), connector, operation).make(exchange, values);
        }
    }

    public String getConnection() {
        return connection;
    }

    public String getOperation() {
        return operation;
    }
}
