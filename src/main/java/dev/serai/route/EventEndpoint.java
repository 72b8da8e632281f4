package dev.serai.route;

import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Take durable events into a flow, or publish them: an event is committed to the store before it is acknowledged, and
 * every flow that takes its type gets a run of its own.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "event",
        title = "Event",
        syntax = "event:type",
        category = {Category.MESSAGING})
public final class EventEndpoint extends DefaultEndpoint implements MultipleConsumersSupport {
    @UriPath(description = "Type of the events; several are separated by commas when consuming")
    @Metadata(required = true)
    private String type;

    @UriParam(label = "consumer", description = "Take only events that came in through this connection")
    private String source = "";

    @UriParam(
            label = "consumer",
            description =
                    "How often and when a failed run of this flow is tried again: the name of a retry policy, such"
                            + " as patient. It comes before what connector files and settings say")
    private String retry = "";

    @UriParam(
            label = "producer",
            description = "What makes it the same event when it is published again; without it a hash of the body,"
                    + " which counts for a short time only. A Simple expression")
    private String key = "";

    @UriParam(
            label = "producer",
            description = "The record it is about, such as contact:123; events of one record keep their order."
                    + " A Simple expression")
    private String record = "";

    EventEndpoint(String uri, EventComponent component) {
        super(uri, component);
    }

    @Override
    public Producer createProducer() {
        return new EventProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        var consumer = new EventConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    /** Any number of flows take the same events, each with runs of its own. */
    @Override
    public boolean isMultipleConsumersSupported() {
        return true;
    }

    Hub hub() {
        return ((EventComponent) getComponent()).hub();
    }

    List<String> types() {
        return Stream.of(type.split(","))
                .map(String::strip)
                .filter(t -> !t.isEmpty())
                .toList();
    }

    public String getType() {
        return type;
    }

    public void setType(String type) {
        this.type = type;
    }

    public String getSource() {
        return source;
    }

    public void setSource(String source) {
        this.source = source;
    }

    public String getRetry() {
        return retry;
    }

    public void setRetry(String retry) {
        this.retry = retry;
    }

    public String getKey() {
        return key;
    }

    public void setKey(String key) {
        this.key = key;
    }

    public String getRecord() {
        return record;
    }

    public void setRecord(String record) {
        this.record = record;
    }
}
