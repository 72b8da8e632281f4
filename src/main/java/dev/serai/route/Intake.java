package dev.serai.route;

import dev.serai.connector.webhook.Incoming;
import dev.serai.metric.Metrics;
import dev.serai.metric.Traces;
import dev.serai.run.Outcome;
import dev.serai.store.Inbox;
import dev.serai.store.NewEvent;
import dev.serai.store.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The one way into the store: the doors, polls and {@code to: event:…} all append through it. */
public final class Intake {
    /** How the types of the hub's own events begin: people are told what such an event says. */
    static final String OWN = "serai.";

    /** Sources that are no connection. */
    static final Set<String> OURS = Set.of(EventDoor.SOURCE, EventProducer.SOURCE);

    private final Inbox inbox;
    private final Subscribers subscribers;
    private final Duration duplicateWindow;
    private final Traces traces;
    private final Metrics metrics;
    private Runnable whenStored = () -> {};

    /** @param duplicateWindow how long the hash of a payload counts as its key */
    public Intake(Inbox inbox, Subscribers subscribers, Duration duplicateWindow, Traces traces, Metrics metrics) {
        this.inbox = inbox;
        this.subscribers = subscribers;
        this.duplicateWindow = duplicateWindow;
        this.traces = traces;
        this.metrics = metrics;
    }

    /** Somebody else wants to speak for the hub. */
    static final class Reserved extends StepFailed {
        Reserved() {
            super(Outcome.fail("an event whose type begins with \"" + OWN + "\", or whose source is \"" + Alerts.SOURCE
                    + "\", can only come from the hub itself; nothing was stored, give it another type"));
        }
    }

    /** Who wants to know that runs may be due. */
    void onStored(Runnable listener) {
        this.whenStored = listener;
    }

    /**
     * Commits the events of one request; completes with their receipts when they are safe.
     *
     * @throws Reserved when one of them poses as the hub's own; none is stored
     */
    CompletionStage<List<Receipt>> append(String source, List<Incoming> events) {
        Instant began = traces.now();
        return inbox.append(events.stream().map(e -> newEvent(source, e)).toList())
                .thenApply(receipts -> {
                    stored(source, receipts);
                    for (int i = 0; i < receipts.size(); i++) {
                        if (!receipts.get(i).duplicate()) {
                            traces.stored(
                                    new Traces.Stored(
                                            receipts.get(i).name(),
                                            source,
                                            events.get(i).type()),
                                    began);
                        }
                    }
                    return receipts;
                });
    }

    /** Counts what is safe by now. @return how many of them are new */
    long stored(String source, List<Receipt> receipts) {
        long fresh = receipts.stream().filter(receipt -> !receipt.duplicate()).count();
        metrics.stored(source, fresh, receipts.size() - fresh);
        return fresh;
    }

    /** Says that events were stored by another way than {@link #append}. */
    void announce() {
        whenStored.run();
    }

    /** What comes from outside, with a run for every flow that takes it. @throws Reserved when it poses as the hub's own */
    NewEvent newEvent(String source, Incoming event) {
        if (event.type().startsWith(OWN) || source.equals(Alerts.SOURCE)) {
            throw new Reserved();
        }
        return with(source, event);
    }

    /** What the hub itself tells. */
    NewEvent own(Incoming event) {
        return with(Alerts.SOURCE, event);
    }

    /** An event about no record is a lane of its own. */
    private NewEvent with(String source, Incoming event) {
        String record = event.record().orElse("event:" + event.key());
        return new NewEvent(
                source,
                event.type(),
                event.key(),
                event.keyIsHash() ? Optional.of(duplicateWindow) : Optional.empty(),
                record,
                event.version().orElse(""),
                event.occurredAt(),
                event.contentType(),
                event.payload(),
                subscribers.flowsFor(event.type(), source, record));
    }
}
