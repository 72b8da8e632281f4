package dev.serai.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/**
 * Where events become safe. Event, key and one run per flow are one transaction; many requests share it, and each is
 * answered when it has committed.
 */
public final class Inbox implements AutoCloseable {
    /** Requests in one transaction: more gains little and makes the first ones wait. */
    private static final int MOST_PER_COMMIT = 256;
    /** Payloads that may wait for their commit, beside the number of requests: large bodies must not fill the heap. */
    private static final long MOST_WAITING_BYTES = 64L << 20;

    /** The database refuses two claims in one lane: another hub was quicker in one of them. */
    private static final String ONE_CLAIM_A_LANE = "open_run_one_claim_a_lane";

    private final DataSource database;
    private final InstantSource clock;
    private final LeaseClock leases;
    private final GroupCommit<List<NewEvent>, List<Receipt>> writer;
    private final AtomicLong waitingBytes = new AtomicLong();
    private volatile Handover handover = Handover.NOBODY;

    /** By whose clock the leases of what is handed over end, too. */
    public Inbox(DataSource database, InstantSource clock, int queue) {
        this(database, clock, LeaseClock.by(clock), queue);
    }

    /** @param leases of the runs that are handed over @param queue requests that may wait for their commit */
    public Inbox(DataSource database, InstantSource clock, LeaseClock leases, int queue) {
        this.database = database;
        this.clock = clock;
        this.leases = leases;
        this.writer = new GroupCommit<>("inbox", queue, MOST_PER_COMMIT, this::commit);
    }

    /**
     * Stores the events of one request, or none of them.
     *
     * @return one receipt per event, in order, once all are committed
     * @throws Busy when too many requests wait already
     */
    public CompletionStage<List<Receipt>> append(List<NewEvent> events) {
        long bytes = events.stream().mapToLong(event -> event.payload().length).sum();
        if (waitingBytes.addAndGet(bytes) > MOST_WAITING_BYTES) {
            waitingBytes.addAndGet(-bytes);
            throw new Busy();
        }
        try {
            return writer.submit(events).whenComplete((receipts, failure) -> waitingBytes.addAndGet(-bytes));
        } catch (GroupCommit.Full e) {
            waitingBytes.addAndGet(-bytes);
            throw new Busy();
        }
    }

    /** Stores an alert that belongs to no other change; one that was told before is not told again. */
    public void tell(NewEvent alert) throws SQLException {
        Sql.transaction(database, connection -> {
            AlertBook.tell(connection, clock.instant(), alert);
            return null;
        });
    }

    /** From now on runs are handed over as they are committed. */
    public void handTo(Handover handover) {
        this.handover = handover;
    }

    private List<List<Receipt>> commit(List<List<NewEvent>> requests) throws SQLException {
        int runs = requests.stream()
                .flatMap(List::stream)
                .mapToInt(event -> event.flows().size())
                .sum();
        Handover to = handover;
        Handover.Offer offer = to.reserve(runs);
        List<ClaimedRun> claimed = List.of();
        try {
            var append = append(to, offer, requests);
            claimed = append.claimed();
            return append.receipts();
        } catch (SQLException e) {
            if (String.valueOf(e.getMessage()).contains(ONE_CLAIM_A_LANE)) {
                return append(Handover.NOBODY, Handover.NOBODY.reserve(0), requests)
                        .receipts();
            }
            throw e;
        } finally {
            to.take(claimed, runs - claimed.size(), offer);
        }
    }

    private record Appended(List<List<Receipt>> receipts, List<ClaimedRun> claimed) {}

    private Appended append(Handover to, Handover.Offer offer, List<List<NewEvent>> requests) throws SQLException {
        return Sql.transaction(database, connection -> {
            var append = new Append(clock.instant(), to, offer, leases);
            return new Appended(append(connection, append, requests), append.claimed());
        });
    }

    /** Appends within the caller's transaction: a poll moves its cursor in the same one. */
    static List<List<Receipt>> append(Connection connection, Instant now, List<List<NewEvent>> requests)
            throws SQLException {
        var append = new Append(now, Handover.NOBODY, Handover.NOBODY.reserve(0), LeaseClock.OF_THE_DATABASE);
        return append(connection, append, requests);
    }

    private static List<List<Receipt>> append(Connection connection, Append append, List<List<NewEvent>> requests)
            throws SQLException {
        requests.forEach(request -> request.forEach(append::add));
        var receipts = append.write(connection);
        var answers = new ArrayList<List<Receipt>>();
        int at = 0;
        for (var request : requests) {
            answers.add(List.copyOf(receipts.subList(at, at + request.size())));
            at += request.size();
        }
        return answers;
    }

    @Override
    public void close() {
        writer.close();
    }

    /** Too many requests wait for their commit. */
    public static final class Busy extends RuntimeException {
        Busy() {
            super("too many requests wait to be stored", null, false, false);
        }
    }
}
