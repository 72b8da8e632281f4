package dev.serai.route;

import dev.serai.run.Outcome;
import dev.serai.run.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;

/**
 * The runs of an exchange that holds many events: its body is the list of their records, in the same order. Each step
 * works on every record as if it were alone; a run that has come to its outcome has left the batch. Used by one thread at
 * a time, as its exchange is.
 */
final class Batch implements BatchCall.Results {
    private static final String PROPERTY = "SeraiBatch";

    private final Settlement settlement;
    private List<Member> members;
    /** What the step at work has made of records so far: should it be redelivered, they are not worked on again. */
    private final Map<RunScope, Object> made = new HashMap<>();

    /** A run, and the headers its record would have in an exchange of its own. */
    record Member(RunScope scope, Map<String, Object> headers) {}

    /** A record on its way through a step, in an exchange of its own. */
    record Item(RunScope scope, Exchange exchange) {}

    /** What a step does with one record. */
    interface Step {
        void apply(Exchange item) throws Exception;
    }

    Batch(Settlement settlement, List<Member> members) {
        this.settlement = settlement;
        this.members = members;
    }

    static Optional<Batch> of(Exchange exchange) {
        return Optional.ofNullable(exchange.getProperty(PROPERTY, Batch.class));
    }

    void attachTo(Exchange exchange, List<Object> records) {
        exchange.setProperty(PROPERTY, this);
        put(exchange, records);
    }

    /** The runs that have not come to their outcome. */
    List<RunScope> open() {
        return members.stream()
                .map(Member::scope)
                .filter(scope -> scope.settled().isEmpty())
                .toList();
    }

    /** Takes each record through a step. What the remote wants everybody to wait for is thrown, the rest is a run's own. */
    void each(Exchange exchange, Step step) throws Exception {
        for (Item item : items(exchange)) {
            try {
                step.apply(item.exchange);
                got(item.scope, item.exchange.getMessage().getBody());
            } catch (RejectedExecutionException e) {
                throw e;
            } catch (Exception e) {
                if (Failures.of(e).verdict() == Verdict.RATE_LIMITED) {
                    throw e;
                }
                lost(item.scope, e);
            }
        }
        goOn(exchange);
    }

    /** The records the step at work has still to do. @throws StepFailed when the body is not their list any more */
    List<Item> items(Exchange exchange) {
        if (!(exchange.getMessage().getBody() instanceof List<?> records) || records.size() != members.size()) {
            throw new StepFailed(Outcome.fail("the body of a batch must stay the list of its " + members.size()
                    + " records; leave it to mapping: and connector: to change it"));
        }
        var items = new ArrayList<Item>();
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            if (member.scope.settled().isEmpty() && !made.containsKey(member.scope)) {
                items.add(new Item(member.scope, alone(exchange, member, records.get(i))));
            }
        }
        return items;
    }

    private static Exchange alone(Exchange exchange, Member member, Object record) {
        var alone = new DefaultExchange(exchange.getContext());
        alone.getExchangeExtension().setFromRouteId(exchange.getFromRouteId());
        alone.getExchangeExtension()
                .setHistoryNodeId(exchange.getExchangeExtension().getHistoryNodeId());
        member.scope.attachTo(alone);
        alone.getMessage().setHeaders(new HashMap<>(member.headers));
        alone.getMessage().setBody(record);
        return alone;
    }

    @Override
    public void got(RunScope scope, Object body) {
        scope.end();
        made.put(scope, body);
    }

    @Override
    public void lost(RunScope scope, Exception failure) {
        settlement.failed(scope, failure);
    }

    /** The step is done: what it made is the body for the next one, and the flow ends when nobody is left. */
    void goOn(Exchange exchange) {
        members = members.stream()
                .filter(member -> member.scope.settled().isEmpty() && made.containsKey(member.scope))
                .toList();
        var records = new ArrayList<>();
        members.forEach(member -> records.add(made.get(member.scope)));
        made.clear();
        put(exchange, records);
        if (members.isEmpty()) {
            exchange.setRouteStop(true);
        }
    }

    private void put(Exchange exchange, List<Object> records) {
        var message = exchange.getMessage();
        message.setBody(records);
        message.setHeader("SeraiBatchSize", members.size());
        message.setHeader("SeraiRuns", all("SeraiRun"));
        message.setHeader("SeraiReceipts", all("SeraiReceipt"));
        message.setHeader("SeraiRecords", all("SeraiRecord"));
    }

    private List<Object> all(String header) {
        return members.stream().map(member -> member.headers.get(header)).toList();
    }
}
