package dev.serai.facts;

import dev.serai.facts.Families.Writer;
import dev.serai.facts.SystemFacts.Past;
import dev.serai.facts.SystemFacts.Sources;
import dev.serai.facts.SystemRow.At;
import dev.serai.facts.SystemRow.Repair;
import dev.serai.facts.SystemRow.Stand;
import dev.serai.facts.SystemRow.Wrote;
import dev.serai.store.Doubts.Doubt;
import dev.serai.store.History.Run;
import dev.serai.store.History.StepAttempt;
import dev.serai.store.ParkedConnections.Trouble;
import dev.serai.store.ParkedRuns;
import dev.serai.store.RecordTrail.Version;
import dev.serai.store.Trails.Write;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** How the systems that a flow writes to stand against the newest event of a record that it takes; and what would mend it. */
final class Standing {
    private static final String WAITING = "waiting";
    private static final String DONE = "done";
    private static final String DEAD = "dead";
    private static final String DOUBTED = "in_doubt";

    private final String family;
    private final Families families;
    private final Past past;
    private final Sources sources;
    private final List<Version> versions;
    private final Version newest;
    /** Of the newest event, the last; empty when it made none. */
    private final Optional<Run> last;

    /** @param versions of the record, the newest first @param past its runs of the family, and no others */
    Standing(String family, Families families, List<Version> versions, Past past, Sources sources) {
        this.family = family;
        this.families = families;
        this.versions = versions;
        this.past = past;
        this.sources = sources;
        List<Version> taken = versions.stream().filter(this::takes).toList();
        this.newest = taken.stream()
                .filter(version -> version.newer() == 0)
                .findFirst()
                .orElse(taken.get(0));
        this.last = past.runs().stream()
                .filter(run -> run.event().id() == newest.event().id())
                .max(Comparator.comparing(Run::id));
    }

    private boolean takes(Version version) {
        return past.runs().stream()
                        .anyMatch(run -> run.event().id() == version.event().id())
                || families.taking(version.event()).contains(family);
    }

    /** A write of a run, and when it was sent. */
    private record Sent(Run run, Write write, Instant at) {}

    private List<Sent> sent(Writer writer) {
        return past.runs().stream()
                .flatMap(run -> past.writes().getOrDefault(run.id(), List.of()).stream()
                        .filter(writer::made)
                        .map(write -> new Sent(run, write, at(run, write))))
                .toList();
    }

    /** What is found done later was sent at the last try. */
    private Instant at(Run run, Write write) {
        return past.attempts().getOrDefault(run.id(), List.of()).stream()
                .filter(each -> each.step().equals(write.step()))
                .map(StepAttempt::attempt)
                .map(attempt -> attempt.at())
                .max(Instant::compareTo)
                .orElse(write.at());
    }

    SystemRow of(Writer writer) throws SQLException {
        List<Sent> sent = sent(writer);
        Optional<Sent> wrote =
                sent.stream().filter(each -> succeeded(each.write)).max(Comparator.comparing(Sent::at));
        Stand stand = stand(sent, wrote);
        Optional<Repair> repair = stand.state().equals(SystemRow.CURRENT) ? Optional.empty() : repair(stand);
        String flow = last.map(Run::flow)
                .or(() -> families.way(family, newest.event(), ""))
                .orElse(family);
        return new SystemRow(
                new At(writer.connection(), writer.operation(), flow, writer.step(), families.members(family)),
                wrote.map(this::wrote).orElse(null),
                newest,
                stand,
                repair.orElse(null),
                stand.state().equals(SystemRow.CURRENT) ? older(sent) : List.of());
    }

    private static boolean succeeded(Write write) {
        return write.state().equals("succeeded");
    }

    private Wrote wrote(Sent sent) {
        Version event = versions.stream()
                .filter(version -> version.event().id() == sent.run.event().id())
                .findFirst()
                .orElseThrow();
        return new Wrote(event, sent.at, sent.run.name());
    }

    /** Of older events, and without having written there. */
    private List<String> older(List<Sent> sent) {
        return past.runs().stream()
                .filter(run -> run.state().equals(DEAD)
                        && run.event().id() < newest.event().id())
                .filter(run -> sent.stream().noneMatch(each -> each.run.id() == run.id() && succeeded(each.write)))
                .map(Run::name)
                .toList();
    }

    private Stand stand(List<Sent> sent, Optional<Sent> wrote) {
        Optional<Run> doubted = sent.stream()
                .filter(each ->
                        each.run.state().equals(DOUBTED) && each.write.state().equals("intended"))
                .map(Sent::run)
                .findFirst();
        if (doubted.isPresent()) {
            return new Stand(
                    SystemRow.IN_DOUBT,
                    doubted.get(),
                    "whether " + told(doubted.get()) + " was written there, nobody knows");
        }
        boolean has = wrote.filter(
                        each -> each.run.event().id() == newest.event().id()
                                && sent.stream()
                                        .filter(other -> other.run.id() == each.run.id())
                                        .allMatch(other -> succeeded(other.write)))
                .isPresent();
        if (has) {
            return new Stand(SystemRow.CURRENT, null, "");
        }
        String state = wrote.isPresent() ? SystemRow.BEHIND : SystemRow.NEVER_WRITTEN;
        if (last.isEmpty()) {
            return new Stand(
                    state,
                    null,
                    newest.event().receipt() + " made no run of this flow: it was off, or came later than the event");
        }
        return last.get().state().equals(DONE)
                ? ended(last.get(), state, sent, wrote)
                : new Stand(state, last.get(), under(last.get()));
    }

    /** The run of the newest event is done, and the system does not have it. */
    private static Stand ended(Run run, String state, List<Sent> sent, Optional<Sent> wrote) {
        if (run.reason() != null) {
            return new Stand(state, run, told(run) + " ended without its work");
        }
        List<Sent> own = sent.stream().filter(each -> each.run.id() == run.id()).toList();
        if (own.isEmpty()) {
            // the flow went another way
            String fine = wrote.isPresent() ? SystemRow.CURRENT : state;
            return new Stand(fine, null, told(run) + " is done, and had nothing to write there");
        }
        return new Stand(
                state,
                run,
                own.stream().allMatch(each -> succeeded(each.write)) && wrote.isPresent()
                        ? wrote.get().run.name() + " wrote "
                                + wrote.get().run.event().receipt() + " over it later"
                        : told(run) + " is done, though it could not be written there");
    }

    private static String told(Run run) {
        return run.name() + " of " + run.event().receipt();
    }

    private static String under(Run run) {
        return switch (run.state()) {
            case DEAD -> told(run) + " is dead" + ("rest".equals(run.waitsFor()) ? ", and its record rests" : "");
            case DOUBTED -> told(run) + " is in doubt at another step";
            case WAITING ->
                told(run)
                        + (run.behind() != 0
                                ? " waits behind r_" + run.behind() + " of its record"
                                : run.waitsFor() != null
                                        ? " waits for " + run.waitsFor()
                                        : run.retries() > 0 ? " waits for its next try" : " waits for its turn");
            default -> told(run) + " is under way";
        };
    }

    private Optional<Repair> repair(Stand stand) throws SQLException {
        Optional<Run> run = Optional.ofNullable(stand.run());
        if (run.isEmpty() && last.isPresent()) {
            return Optional.empty(); // nothing was to be written
        }
        if (run.isEmpty() || run.get().state().equals(DONE)) {
            return replay(run);
        }
        return open(run.get());
    }

    /** Never an older event: what came too late, or is gone, is not written again. */
    private Optional<Repair> replay(Optional<Run> run) {
        if (newest.newer() != 0 || !newest.whole()) {
            return Optional.empty();
        }
        return families.way(family, newest.event(), run.map(Run::flow).orElse(""))
                .map(flow -> new Repair(Repair.REPLAY, newest.event().id(), flow));
    }

    private Optional<Repair> open(Run run) throws SQLException {
        switch (run.state()) {
            case DEAD:
                return Optional.of(new Repair(Repair.RESUME, run.id(), ""));
            case DOUBTED:
                Optional<Doubt> doubt = sources.doubts().find(run.id());
                return doubt.map(each -> new Repair(Repair.SETTLE, run.id(), Integer.toString(each.claim())));
            case WAITING:
                return run.behind() == 0 ? waiting(run) : before(run.behind());
            default:
                return Optional.empty();
        }
    }

    /** What holds the lane is mended first. */
    private Optional<Repair> before(long id) throws SQLException {
        Optional<Run> before = sources.people().history().run(id);
        return before.isEmpty() || before.get().behind() != 0 ? Optional.empty() : open(before.get());
    }

    private Optional<Repair> waiting(Run run) {
        if (run.waitsFor() == null) {
            return Optional.empty();
        }
        for (Trouble trouble : past.troubles()) {
            String name = trouble.connection();
            if (trouble.state().equals("parked") && run.waitsFor().equals(ParkedRuns.anyOf(name))) {
                return Optional.of(new Repair(Repair.CONNECTION, 0, name));
            }
            String operation = name + "/" + trouble.operation();
            if (trouble.state().equals("open") && run.waitsFor().equals(operation)) {
                return Optional.of(new Repair(Repair.BREAKER, 0, operation));
            }
        }
        return Optional.empty();
    }
}
