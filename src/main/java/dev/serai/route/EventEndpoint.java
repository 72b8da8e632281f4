package dev.serai.route;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
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
                    "The flow this one is a new version of: it gets none of that flow's records, until serai flows"
                            + " canary gives it a share of them; that flow gets the rest")
    private String replaces = "";

    @UriParam(
            label = "consumer",
            enums = "critical,normal,bulk",
            defaultValue = "normal",
            description =
                    "Which runs go first when there are more than can be worked on: for each run of a bulk flow come"
                            + " four of a normal and sixteen of a critical one, and bulk flows take at most half of the room")
    private String priority = "normal";

    @UriParam(
            label = "consumer",
            defaultValue = "0",
            description = "Runs of this flow that all hubs together may work on at the same moment; 0 for any number")
    private int concurrent;

    @UriParam(
            label = "consumer",
            description =
                    "Whether later runs of a record wait until its dead letter is resumed or given up. Without it the"
                            + " dead letter is left behind and the record's next run goes on")
    private boolean holdOnDeadLetter;

    @UriParam(
            label = "consumer",
            defaultValue = "true",
            description =
                    "Whether an event is left out when a newer version of its record came before it (webhooks.event."
                            + "version in the connector file). With false it runs, with the header SeraiStale set to true")
    private boolean skipStale = true;

    @UriParam(
            label = "consumer",
            defaultValue = "1",
            description =
                    "Events in one exchange at most: with more than 1 its body is the list of their bodies; mapping:,"
                            + " connector: and event: work on each of them with the headers it would have alone, and each"
                            + " has its own outcome. The exchange itself has SeraiBatchSize, SeraiRuns, SeraiReceipts and"
                            + " SeraiRecords")
    private int batchSize = 1;

    @UriParam(
            label = "consumer",
            javaType = "java.time.Duration",
            defaultValue = "500ms",
            description = "How long the first event of a batch may wait for company; looked at every 250 ms")
    private long batchWait = 500;

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

    @UriParam(
            label = "producer",
            description = "Why the flow does not go on for ever although it may get this event itself, by whatever way:"
                    + " the reason, in words. Without it such a flow is refused")
    private String loop = "";

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

    FlowOptions options() {
        return new FlowOptions(
                FlowOptions.Priority.valueOf(priority.toUpperCase(Locale.ROOT)),
                concurrent,
                holdOnDeadLetter,
                skipStale,
                new FlowOptions.Gathering(batchSize, Duration.ofMillis(batchWait)));
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

    public String getReplaces() {
        return replaces;
    }

    public void setReplaces(String replaces) {
        this.replaces = replaces;
    }

    public String getRetry() {
        return retry;
    }

    public void setRetry(String retry) {
        this.retry = retry;
    }

    public String getPriority() {
        return priority;
    }

    public void setPriority(String priority) {
        this.priority = priority;
    }

    public int getConcurrent() {
        return concurrent;
    }

    public void setConcurrent(int concurrent) {
        this.concurrent = concurrent;
    }

    public boolean isHoldOnDeadLetter() {
        return holdOnDeadLetter;
    }

    public void setHoldOnDeadLetter(boolean holdOnDeadLetter) {
        this.holdOnDeadLetter = holdOnDeadLetter;
    }

    public boolean isSkipStale() {
        return skipStale;
    }

    public void setSkipStale(boolean skipStale) {
        this.skipStale = skipStale;
    }

    public int getBatchSize() {
        return batchSize;
    }

    public void setBatchSize(int batchSize) {
        this.batchSize = batchSize;
    }

    public long getBatchWait() {
        return batchWait;
    }

    public void setBatchWait(long batchWait) {
        this.batchWait = batchWait;
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

    public String getLoop() {
        return loop;
    }

    public void setLoop(String loop) {
        this.loop = loop;
    }
}
