package dev.serai.store;

import dev.serai.run.Owner;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** Runs that are due, claimed, or finished. Several hubs share them without a leader. */
public final class Runs implements AutoCloseable {
    private static final int MOST_PER_COMMIT = 256;
    private static final int QUEUE = 10_000;

    /** How often leases are looked at that nobody renews. */
    private static final Duration EXPIRY = Duration.ofSeconds(1);

    private static final String OURS = """
            SELECT r.id, r.claims FROM unnest(?::bigint[], ?::int[]) AS u(id, claim)
              JOIN open_run r ON r.id = u.id AND r.claims = u.claim AND r.claimed_by = ?""";

    /** Runs whose outcome is being written are left out: two that wait for each other's rows would both lose a second. */
    private static final String RENEW = "WITH ours AS MATERIALIZED (" + OURS + " FOR UPDATE OF r SKIP LOCKED)"
            + " UPDATE open_run r SET lease_until = coalesce(?::timestamptz, clock_timestamp()) + ? * interval '1 millisecond'"
            + " FROM ours WHERE r.id = ours.id RETURNING r.id, r.claims";

    private final DataSource database;
    private final InstantSource clock;
    private final LeaseClock leases;
    private final String hub;
    private final GroupCommit<Written, Boolean> writer;
    private final Lanes lanes;
    private final Rests rests;
    private final Outcomes outcomes;
    private Instant expired = Instant.EPOCH;
    private volatile Runnable freed = () -> {};

    /** Where no record rests, and leases end by the same clock. */
    public Runs(DataSource database, InstantSource clock, String hub) {
        this(database, clock, LeaseClock.by(clock), hub, Rests.NEVER);
    }

    /**
     * @param hub this hub's name, unique among all that share the database
     * @param rests when a record that fails again and again is left alone for a while
     */
    public Runs(DataSource database, InstantSource clock, LeaseClock leases, String hub, Rests rests) {
        this.database = database;
        this.clock = clock;
        this.leases = leases;
        this.hub = hub;
        this.lanes = new Lanes(database, clock);
        this.rests = rests;
        this.outcomes = new Outcomes(hub, rests);
        this.writer = new GroupCommit<>("runs", QUEUE, MOST_PER_COMMIT, this::commit);
    }

    /** Who wants to know that the next run of a lane may be due. */
    public void onFreed(Runnable listener) {
        this.freed = listener;
    }

    /** This hub's name, unique among all that share the database. */
    public String hub() {
        return hub;
    }

    /** What is written of a run, in the order it is given: attempts and answers of its steps, and what it came to. */
    sealed interface Written permits Journal.Entry, Journal.Carries, End {}

    /**
     * What a run takes along of a claim. It is written with what the claim came to: both, or neither.
     *
     * @param evidence what was sent and heard, as one line of JSON; null for nothing
     * @param people whom that and what the claim fetched tells of, as far as it is not known to be noted
     */
    public record Account(byte[] evidence, List<Identifiers.Carried> people) {
        public static final Account NONE = new Account(null, List.of());
    }

    /** What a claim came to. */
    record End(ClaimedRun run, State state, Instant dueAt, int retries, String waitsFor, Failure failure)
            implements Written {
        /** What ends well says no more than why it did nothing. */
        String reason() {
            return failure == null ? null : Sql.clean(failure.reason);
        }

        Account account() {
            return failure == null ? Account.NONE : failure.account;
        }
    }

    enum State {
        WAITING,
        DONE,
        IN_DOUBT,
        /** Later runs of the lane wait until a person has seen to it. */
        DEAD_IN_THE_WAY,
        DEAD;

        String word() {
            return this == DEAD_IN_THE_WAY ? Sql.lower(DEAD) : Sql.lower(this);
        }
    }

    /**
     * Why a run did not get through.
     *
     * @param step the step that failed, or empty
     * @param reason one sentence for a person
     * @param account what it takes along of the claim
     */
    public record Failure(String step, String reason, Owner owner, Account account) {
        public Failure(String step, String reason, Owner owner) {
            this(step, reason, owner, Account.NONE);
        }
    }

    /**
     * What a flow may have of a claim.
     *
     * @param most runs at most
     * @param weight turns it has for each turn of a flow of weight 1
     * @param heldByAll runs of it that all hubs together may hold at the same moment; 0 for any number
     * @param holdsLane whether what is set aside keeps later runs of its record waiting
     * @param gather only when so many are due, or the first of them has waited as long as {@code patience}
     */
    public record Share(
            String flow, int most, int weight, int heldByAll, boolean holdsLane, int gather, Duration patience) {}

    /**
     * What may be claimed in all.
     *
     * @param bytes of payloads; one run is given whatever its size
     * @param maxUnfinished claims in a row without any outcome after which a run is set aside
     * @param suspects whether a run may be taken that has come to no outcome several times already
     */
    public record Terms(int room, long bytes, Duration lease, int maxUnfinished, boolean suspects) {}

    /**
     * Takes due runs: the first unfinished ones of their lanes, flow after flow by their weights. A run that was claimed
     * so often without any outcome that it may be what kills the process is not handed out again but set aside as dead.
     */
    public List<ClaimedRun> claim(List<Share> shares, Terms terms) throws SQLException {
        Instant now = clock.instant();
        Set<String> holding =
                shares.stream().filter(Share::holdsLane).map(Share::flow).collect(Collectors.toSet());
        var claimed = new ArrayList<ClaimedRun>();
        for (ClaimedRun run : take(now, shares, terms)) {
            if (run.event() == null) {
                dead(
                        run,
                        new Failure("", "its event is not in the store any more", Owner.SYSTEM),
                        holding.contains(run.flow()));
            } else if (run.unfinished() > terms.maxUnfinished) {
                dead(run, killer(terms.maxUnfinished), holding.contains(run.flow()));
            } else {
                claimed.add(run);
            }
        }
        return claimed;
    }

    private List<ClaimedRun> take(Instant now, List<Share> shares, Terms terms) throws SQLException {
        var toWake = new HashSet<String>();
        var taken = Sql.transaction(database, connection -> {
            var claim = new Claim(connection, now, leases);
            // a clock that was set back is no reason to wait
            if (Duration.between(expired, now).abs().compareTo(EXPIRY) >= 0) {
                claim.expire();
                toWake.addAll(Rests.end(connection, now));
                expired = now;
            }
            var claimed = claim.take(shares, terms, hub);
            toWake.addAll(claim.steppedBack());
            return claimed;
        });
        if (!toWake.isEmpty()) {
            lanes.wake(toWake);
        }
        return taken;
    }

    private static Failure killer(int claims) {
        return new Failure(
                "",
                "claimed " + claims
                        + " times and never came to an outcome; it may be what ends the process, so it is set"
                        + " aside",
                Owner.SYSTEM);
    }

    /** The run got through. Completes with false when the claim was lost. @param account without evidence, none is kept of any claim */
    public CompletionStage<Boolean> done(ClaimedRun run, Account account) {
        return write(new End(run, State.DONE, null, run.retries(), null, new Failure("", null, null, account)));
    }

    /** There was nothing to do, and why. Completes with false when the claim was lost meanwhile. */
    public CompletionStage<Boolean> skipped(ClaimedRun run, String why) {
        return write(new End(run, State.DONE, null, run.retries(), null, new Failure("", why, null)));
    }

    /**
     * Nobody goes on with it until a person does. Completes with false when the claim was lost meanwhile.
     *
     * @param holdsLane whether later runs of its lane wait for that person too
     */
    public CompletionStage<Boolean> dead(ClaimedRun run, Failure failure, boolean holdsLane) {
        State state = holdsLane ? State.DEAD_IN_THE_WAY : State.DEAD;
        return write(new End(run, state, null, run.retries(), null, failure));
    }

    /** Sent perhaps, and nobody knows: holds its lane until a person or a look-up tells. */
    public CompletionStage<Boolean> inDoubt(ClaimedRun run, Failure failure) {
        return write(new End(run, State.IN_DOUBT, null, run.retries(), null, failure));
    }

    /** To be tried again at {@code dueAt}; holds its lane until then. */
    public CompletionStage<Boolean> retry(ClaimedRun run, Instant dueAt, Failure failure) {
        return write(new End(run, State.WAITING, dueAt, run.retries() + 1, null, failure));
    }

    /**
     * Nothing was sent, as the way is closed: to be claimed again when {@link ParkedRuns} wakes it, or at {@code until} at
     * the latest. Counts as no retry. Holds its lane.
     *
     * @param waitsFor what it is woken by: {@code connection/operation}, or {@code connection/*}
     */
    public CompletionStage<Boolean> park(ClaimedRun run, Instant until, String waitsFor, Failure why) {
        return write(new End(run, State.WAITING, until, run.retries(), waitsFor, why));
    }

    /** Gives the claim back untouched: nothing was sent, any hub may take it at once. */
    public CompletionStage<Boolean> release(ClaimedRun run) {
        return write(new End(run, State.WAITING, clock.instant(), run.retries(), null, null));
    }

    CompletableFuture<Boolean> write(Written written) {
        return writer.submitPatiently(written);
    }

    private List<Boolean> commit(List<Written> batch) throws SQLException {
        var entries = only(Journal.Entry.class, batch);
        var carries = only(Journal.Carries.class, batch);
        var ends = only(End.class, batch);
        Outcomes.Taken taken = Sql.transaction(database, connection -> {
            // nothing comes after a run's end: all entries may go first
            Journal.write(connection, entries);
            for (boolean again : List.of(false, true)) {
                Identifiers.add(
                        connection,
                        carries.stream()
                                .filter(each -> each.again() == again)
                                .flatMap(each -> each.rows().stream())
                                .toList(),
                        again);
            }
            // with their evidence: kept without them, it could not be found by whom it tells of
            Identifiers.add(
                    connection,
                    ends.stream()
                            .flatMap(end -> end.account().people().stream())
                            .toList(),
                    true);
            return ends.isEmpty() ? Outcomes.Taken.NONE : outcomes.write(connection, ends, clock.instant());
        });
        if (!taken.lanes().isEmpty()) {
            lanes.wake(taken.lanes());
            freed.run();
        }
        rests.tell(ends, taken);
        return batch.stream()
                .map(written -> !(written instanceof End end) || taken.ours().contains(end.run.id()))
                .toList();
    }

    private static <T extends Written> List<T> only(Class<T> type, List<Written> batch) {
        return batch.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** By claim and not by run: a hub that claimed its own run anew may still hold the claim before. */
    private record Holding(long run, int claim) {
        static Holding of(ClaimedRun run) {
            return new Holding(run.id(), run.claim());
        }
    }

    /** Prolongs the leases of runs that are still worked on; those that another claim has taken over are lost. */
    public void renew(Collection<ClaimedRun> runs, Duration lease) throws SQLException {
        var term = Lease.Term.from(clock.instant(), lease);
        try (Connection connection = database.getConnection()) {
            Set<Holding> renewed = ours(connection, RENEW, runs, Optional.of(lease));
            var others = runs.stream()
                    .filter(run -> !renewed.contains(Holding.of(run)))
                    .toList();
            Set<Holding> left = others.isEmpty() ? Set.of() : ours(connection, OURS, others, Optional.empty());
            for (ClaimedRun run : runs) {
                if (renewed.contains(Holding.of(run))) {
                    run.lease().prolong(term);
                } else if (!left.contains(Holding.of(run))) {
                    run.lease().lose();
                }
            }
        }
    }

    private Set<Holding> ours(Connection connection, String sql, Collection<ClaimedRun> runs, Optional<Duration> lease)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            var columns = new Sql.Columns(statement)
                    .add("int8", runs, ClaimedRun::id)
                    .add("int4", runs, ClaimedRun::claim)
                    .add(hub);
            if (lease.isPresent()) {
                columns.add(leases.now()).add(lease.get().toMillis());
            }
            var ours = new HashSet<Holding>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ours.add(new Holding(rows.getLong(1), rows.getInt(2)));
                }
            }
            return ours;
        }
    }

    /** Nothing can be written any more. */
    public boolean closed() {
        return writer.closed();
    }

    @Override
    public void close() {
        writer.close();
    }
}
