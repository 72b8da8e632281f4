package dev.serai.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.alert.Alert;
import dev.serai.alert.Alert.State;
import dev.serai.alert.Finding;
import dev.serai.alert.Judge;
import dev.serai.alert.Judge.News;
import dev.serai.alert.Judge.Ruling;
import dev.serai.alert.Look;
import dev.serai.alert.Measures;
import dev.serai.alert.Rule;
import dev.serai.alert.Rules;
import dev.serai.alert.RulesFile;
import dev.serai.alert.Signal;
import dev.serai.alert.Signal.Unit;
import dev.serai.facts.Digest;
import dev.serai.file.FileRefused;
import dev.serai.store.AlertBook;
import dev.serai.store.AlertBook.Decision;
import dev.serai.store.AlertBook.Entry;
import dev.serai.store.AlertDesk;
import dev.serai.store.NewEvent;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the rules against what all hubs did, on one hub at a time, and has people told. What is judged by and what people
 * know is in the database, so that another hub goes on where this one ended.
 */
public final class AlertWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AlertWatch.class);
    private static final Duration TIDY_EVERY = Duration.ofMinutes(1);
    private static final int MOST_OPEN = 1_000;

    private final Stores stores;
    private final Hub hub;
    private final Alerts alerts;
    private final AlertMeasures measures;
    private final AlertStates states;
    private final Terms terms;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "serai-alerts");
        thread.setDaemon(true);
        return thread;
    });
    private Instant tidied = Instant.EPOCH;

    /** The tables. */
    public record Stores(AlertBook book, AlertDesk desk, Digest.Sources digest) {
        public static Stores of(DataSource database) {
            return new Stores(new AlertBook(database), new AlertDesk(database), Digest.Sources.of(database));
        }
    }

    /** @param every how often it looks @param reload how often it looks at the file of the rules */
    public record Terms(String hubName, RulesFile rules, Duration every, Duration reload, Weekly digest) {
        /** Another hub takes over when this one has missed a few looks. */
        Duration lease() {
            return every.multipliedBy(3).plusSeconds(10);
        }
    }

    public AlertWatch(Stores stores, Hub hub, AlertMeasures measures, AlertStates states, Terms terms) {
        this.stores = stores;
        this.hub = hub;
        this.alerts = hub.gate().alerts();
        this.measures = measures;
        this.states = states;
        this.terms = terms;
    }

    /** Looks again and again from now on. */
    public void start() {
        timer.scheduleWithFixedDelay(this::tick, 1_000, terms.every.toMillis(), TimeUnit.MILLISECONDS);
        timer.scheduleWithFixedDelay(
                this::reload, terms.reload.toMillis(), terms.reload.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A broken file changes nothing; it is told once. */
    private void reload() {
        try {
            if (terms.rules.reload()) {
                LOG.info("file.live {}", terms.rules.shown());
            }
        } catch (FileRefused e) {
            e.problems()
                    .forEach(problem -> LOG.error("file.refused {}; the version before stays", problem.withExcerpt()));
        }
    }

    private void tick() {
        try {
            look();
        } catch (SQLException e) {
            LOG.warn("alerts.not_looked: {}; trying again", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("alerts.not_looked: a fault of Serai; trying again", e);
        }
    }

    /** One look. */
    synchronized void look() throws SQLException {
        Instant now = hub.clock().instant().truncatedTo(ChronoUnit.MICROS);
        measures.here(terms.hubName, now);
        if (!stores.book.claim(terms.hubName, terms.lease())) {
            return;
        }
        Rules rules = alerts.rules();
        Measures seen = measures.take(rules, now, terms.lease());
        var told = new ArrayList<Decision>();
        stores.book.decide(terms.hubName, now, known -> {
            told.clear();
            told.addAll(decide(known, Look.at(seen, rules, lasting(known)), rules, now));
            return told;
        });
        told.stream().filter(decision -> decision.event().isPresent()).forEach(AlertWatch::log);
        List<Entry> open = stores.desk.list(true, now.plus(TIDY_EVERY), MOST_OPEN);
        states.endOver(open, now);
        tellWhatWasSilent(open, now);
        for (Entry entry : open) {
            if (!judged(entry)) {
                stores.desk.look(entry);
            }
        }
        if (tidied.plus(TIDY_EVERY).isBefore(now)) {
            stores.desk.tidy(now);
            tidied = now;
        }
        digest(now);
        hub.intake().announce();
    }

    /** States are told when they begin, unless there is a silence: they are when that is over and they are not. */
    private void tellWhatWasSilent(List<Entry> open, Instant now) throws SQLException {
        for (Entry entry : open) {
            News news = Judge.lasts(entry.alert(), now).news();
            if (!judged(entry) && news != News.NONE && stores.book.tellLate(entry, now, alerts.late(entry, news))) {
                LOG.atWarn()
                        .addKeyValue("alert", entry.alert().name())
                        .addKeyValue("reason", entry.body().path("reason").asText())
                        .log("alert.told_late");
            }
        }
    }

    /** Whether it is looks that find it. */
    private static boolean judged(Entry entry) {
        return Signal.of(entry.signal()).unit() != Unit.NONE;
    }

    private void digest(Instant now) throws SQLException {
        Optional<Instant> due = terms.digest.before(now);
        if (due.isEmpty() || !stores.book.digestIsDue(due.get())) {
            return;
        }
        // read before, so that the transaction is short; of two hubs one sends it
        var digest = Digest.read(stores.digest, due.get()).json();
        NewEvent event = alerts.digest("digest " + due.get(), digest, now);
        if (stores.book.digest(terms.hubName, due.get(), now, event)) {
            LOG.info("digest.sent due={}", due.get());
        }
    }

    private static void log(Decision decision) {
        LOG.atWarn()
                .addKeyValue("alert", decision.name())
                .addKeyValue("severity", decision.body().path("severity").asText())
                .addKeyValue("state", decision.alert().state())
                .addKeyValue("reason", decision.body().path("reason").asText())
                .log("alert.told");
    }

    /** What people know, or are about to. A source whose file is gone sends nothing, and nobody waits for it. */
    private Set<String> lasting(List<Entry> known) {
        return known.stream()
                .filter(entry -> entry.alert().state() != State.RESOLVED && judged(entry) && !gone(entry))
                .map(entry -> entry.alert().key())
                .collect(Collectors.toSet());
    }

    private boolean gone(Entry entry) {
        String source = entry.body().path("connection").asText();
        return Signal.isOfSources(entry.signal())
                && !hub.library().get().connectors().containsKey(source)
                && !hub.library().get().doors().containsKey(source)
                && !Intake.OURS.contains(source);
    }

    private List<Decision> decide(List<Entry> known, List<Finding> found, Rules rules, Instant now) {
        Map<String, Entry> byKey =
                known.stream().collect(Collectors.toMap(entry -> entry.alert().key(), entry -> entry));
        Map<String, Rule> byName = rules.all().stream().collect(Collectors.toMap(Rule::name, rule -> rule));
        var decisions = new ArrayList<Decision>();
        for (Finding finding : found) {
            Entry before = byKey.remove(finding.key());
            Ruling ruling = Judge.seen(before == null ? null : before.alert(), finding, now);
            ObjectNode body = alerts.body(finding, ruling.alert());
            decisions.add(decision(ruling, finding.rule().signal().word(), body, now));
        }
        for (Entry entry : byKey.values()) {
            if (judged(entry) && entry.alert().state() != State.RESOLVED) {
                Duration quiet = Optional.ofNullable(byName.get(entry.alert().rule()))
                        .map(Rule::quiet)
                        .orElse(Duration.ZERO);
                Ruling ruling = Judge.unseen(entry.alert(), quiet, now);
                decisions.add(
                        ruling.alert() == null
                                ? new Decision(entry.alert().name(), null, "", entry.body(), Optional.empty())
                                : decision(ruling, entry.signal(), entry.body(), now));
            }
        }
        return decisions;
    }

    private Decision decision(Ruling ruling, String signal, ObjectNode body, Instant now) {
        Alert alert = ruling.alert();
        Optional<NewEvent> event = ruling.news() == News.NONE
                ? Optional.empty()
                : Optional.of(alerts.event(body, alert, ruling.news(), now));
        return new Decision(alert.name(), alert, signal, body, event);
    }

    /** Lets another hub go on. */
    @Override
    public void close() {
        timer.shutdownNow();
        try {
            if (timer.awaitTermination(5, TimeUnit.SECONDS)) {
                leave();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException | RuntimeException e) {
            LOG.debug("alerts.not_left: {}; another hub waits for the lease", e.getMessage());
        }
    }

    private synchronized void leave() throws SQLException {
        stores.book.release(terms.hubName);
    }
}
