package dev.serai;

import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import dev.serai.alert.RulesFile;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.file.Problem;
import dev.serai.file.Problems;
import dev.serai.library.Library;
import dev.serai.library.LibraryFolder;
import dev.serai.metric.Metrics;
import dev.serai.metric.Traces;
import dev.serai.record.Identified;
import dev.serai.route.AlertMeasures;
import dev.serai.route.AlertStates;
import dev.serai.route.AlertWatch;
import dev.serai.route.Alerts;
import dev.serai.route.CamelHub;
import dev.serai.route.Dispatcher;
import dev.serai.route.DriftHits;
import dev.serai.route.DriftWatch;
import dev.serai.route.Gate;
import dev.serai.route.Hub;
import dev.serai.route.IdentifierWatch;
import dev.serai.route.Intake;
import dev.serai.route.Keeping;
import dev.serai.route.PassedValues;
import dev.serai.route.Polls;
import dev.serai.route.ReadableCalls;
import dev.serai.route.Retries;
import dev.serai.route.Settlement;
import dev.serai.route.StandIn;
import dev.serai.route.Subscribers;
import dev.serai.route.Switchboard;
import dev.serai.route.TallyKeeper;
import dev.serai.route.TokenKeeper;
import dev.serai.route.Uses;
import dev.serai.route.Weekly;
import dev.serai.store.Breakers;
import dev.serai.store.Buckets;
import dev.serai.store.CredentialLog;
import dev.serai.store.Cursors;
import dev.serai.store.Database;
import dev.serai.store.DriftShapes;
import dev.serai.store.Drifts;
import dev.serai.store.ErasureTurns;
import dev.serai.store.Erasures;
import dev.serai.store.FlowSwitches;
import dev.serai.store.Housekeeping;
import dev.serai.store.IdentifierKey;
import dev.serai.store.Identifiers;
import dev.serai.store.Inbox;
import dev.serai.store.Journal;
import dev.serai.store.LeaseClock;
import dev.serai.store.ParkedConnections;
import dev.serai.store.ParkedRuns;
import dev.serai.store.RemoteIds;
import dev.serai.store.Runs;
import dev.serai.store.Seal;
import dev.serai.store.Secrets;
import dev.serai.store.Slices;
import dev.serai.store.Tallies;
import dev.serai.store.Tokens;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postgresql.ds.PGSimpleDataSource;

/** Every object of a running hub, built once and by hand; closed in the opposite order. */
public final class Wiring implements AutoCloseable {
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Database database;
    private final LibraryFolder library;
    private final CamelHub hub;
    /** Null while files are read before the database is open. */
    private Secrets secrets;

    /**
     * Starts a hub.
     *
     * @throws FilesRefused when a file of {@code routes/} or {@code mappings/} is wrong; nothing was started
     */
    public Wiring(Settings settings) {
        this(settings, Optional.empty(), InstantSource.system(), LeaseClock.OF_THE_DATABASE);
    }

    /** As {@link #Wiring(Settings)}, by another clock than the machine's and the database's. */
    public Wiring(Settings settings, InstantSource clock) {
        this(settings, Optional.empty(), clock, LeaseClock.by(clock));
    }

    /** A hub for a trial: all remotes are played by the stand-in. Otherwise as {@link #Wiring(Settings)}. */
    public static Wiring rehearsal(Settings settings, StandIn standIn) {
        return new Wiring(settings, Optional.of(standIn), InstantSource.system(), LeaseClock.OF_THE_DATABASE);
    }

    private Wiring(Settings settings, Optional<StandIn> standIn, InstantSource clock, LeaseClock leases) {
        try {
            var seal = Seal.of(settings.text(Setting.SECRETS_KEY));
            library = new LibraryFolder(settings.path(Setting.MAPPINGS), name -> settings.lookup(name)
                    .or(() -> secrets == null ? Optional.empty() : secrets.get(name)));
            refuse(library.reload().problems());
            database = keep(Database.own(settings));
            secrets = new Secrets(database.dataSource(), seal);
            var metrics = keep(new Metrics());
            var traces = keep(Tuning.traces(settings));
            database.measure(new MicrometerMetricsTrackerFactory(metrics.registry()));
            var data = database.dataSource();
            var uses = new Uses(new CredentialLog(data));
            keep(new TallyKeeper(metrics.tally(), uses, new Tallies(data), clock));
            String name = Tuning.hubName(settings);
            var engine = database.engine();
            var inbox = keep(new Inbox(database.intake(), clock, leases, settings.number(Setting.INTAKE_QUEUE)));
            var runs = keep(new Runs(engine, clock, leases, name, Tuning.rests(settings)));
            var key = new IdentifierKey(data);
            var journal = new Journal(engine, runs, key);
            var subscribers = new Subscribers();
            var intake = new Intake(inbox, subscribers, settings.duration(Setting.DUPLICATE_WINDOW), traces, metrics);
            var retries = new Retries(Tuning.retryPolicy(settings), library::current, subscribers, clock);
            var keeping = new Keeping(Tuning.evidence(settings), journal, clock);
            var settlement = new Settlement(runs, retries, keeping, metrics, clock);
            var dispatcher = new Dispatcher(runs, subscribers, settlement, Tuning.limits(settings));
            var tokens = new Tokens(data, seal);
            var rules = new RulesFile(settings.path(Setting.ROUTES));
            refuse(rules.check());
            var alerts =
                    new Alerts(intake, settings.text(Setting.HTTP_PUBLIC_URL).replaceAll("/+$", ""), rules::current);
            var gate = keep(new Gate(
                    new Gate.Stores(
                            new Breakers(data),
                            new ParkedConnections(data, name),
                            new ParkedRuns(data, clock),
                            tokens,
                            secrets,
                            new Buckets(data, Tuning.thresholds(settings))),
                    library::current,
                    new Gate.Tells(alerts, metrics),
                    subscribers,
                    clock));
            var passed = new PassedValues(clock);
            var keeper = keep(new TokenKeeper(tokens, gate, clock, name));
            var services = new Hub(
                    new Hub.Stores(
                            inbox, journal, new Cursors(database.intake(), clock, name), new RemoteIds(data), uses),
                    library::current,
                    intake,
                    subscribers,
                    gate,
                    standIn.isPresent() ? keeper.played() : keeper,
                    passed,
                    metrics,
                    traces,
                    clock);
            hub = keep(new CamelHub(settings, data, services, settlement, dispatcher));
            standIn.ifPresent(hub::plays);
            keep(new Switchboard(new FlowSwitches(data), services, alerts, Tuning.canaryRule(settings)))
                    .start();
            refuse(hub.start(library));
            ReadableCalls.tell(library.current(), settings);
            keep(new DriftWatch(
                            new DriftWatch.Stores(new DriftShapes(data), new Drifts(data)),
                            services,
                            () -> DriftHits.of(settings.path(Setting.ROUTES), library.current()),
                            alerts,
                            new DriftWatch.Limits(name, settings.number(Setting.DRIFT_SAMPLE))))
                    .start();
            var identifiers = new Identifiers(data, key, Identified::in);
            var erasures = new Erasures(data, identifiers, key, clock, Identified::asked);
            var turns = new ErasureTurns(data, erasures, identifiers, clock);
            keep(new IdentifierWatch(identifiers, turns::goOn)).start();
            var slices = new Slices(data, clock, Tuning.history(settings));
            keep(new Housekeeping(slices));
            keep(alertWatch(
                            settings,
                            database,
                            services,
                            new AlertWatch.Terms(
                                    name,
                                    rules,
                                    settings.duration(Setting.ALERTS_EVERY),
                                    settings.duration(Setting.RELOAD),
                                    Weekly.of(settings.text(Setting.DIGEST_AT))),
                            slices))
                    .start();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static AlertWatch alertWatch(
            Settings settings, Database database, Hub services, AlertWatch.Terms terms, Slices slices) {
        var data = database.dataSource();
        var measures = new AlertMeasures(
                AlertMeasures.Stores.of(data, slices), services, settings.number(Setting.RUN_IN_FLIGHT));
        return new AlertWatch(
                AlertWatch.Stores.of(data),
                services,
                measures,
                new AlertStates(new ParkedConnections(data), new Drifts(data), services),
                terms);
    }

    /** What is wrong with {@code routes/} and {@code mappings/}, by the code that runs at start; needs no database. */
    public static List<Problem> check(Settings settings) {
        InstantSource clock = InstantSource.system();
        var library = new LibraryFolder(settings.path(Setting.MAPPINGS), settings::lookup);
        var problems = new Problems();
        problems.addAll(library.reload().problems());
        problems.addAll(new RulesFile(settings.path(Setting.ROUTES)).check());
        var nowhere = new PGSimpleDataSource();
        var subscribers = new Subscribers();
        try (var inbox = new Inbox(nowhere, clock, 1);
                var runs = new Runs(nowhere, clock, "check");
                var metrics = new Metrics()) {
            var journal = new Journal(nowhere, runs, new IdentifierKey(nowhere));
            var intake =
                    new Intake(inbox, subscribers, settings.duration(Setting.DUPLICATE_WINDOW), Traces.off(), metrics);
            var retries = new Retries(Tuning.retryPolicy(settings), library::current, subscribers, clock);
            var keeping = new Keeping(Tuning.evidence(settings), journal, clock);
            var settlement = new Settlement(runs, retries, keeping, metrics, clock);
            var tokens = new Tokens(nowhere, Seal.of(""));
            var gate = new Gate(
                    new Gate.Stores(
                            new Breakers(nowhere),
                            new ParkedConnections(nowhere),
                            new ParkedRuns(nowhere, clock),
                            tokens,
                            new Secrets(nowhere, Seal.of("")),
                            new Buckets(nowhere, Tuning.thresholds(settings))),
                    library::current,
                    new Gate.Tells(new Alerts(intake, ""), metrics),
                    subscribers,
                    clock);
            var stores = new Hub.Stores(
                    inbox,
                    journal,
                    new Cursors(nowhere, clock, "check"),
                    new RemoteIds(nowhere),
                    new Uses(new CredentialLog(nowhere)));
            var services = new Hub(
                    stores,
                    library::current,
                    intake,
                    subscribers,
                    gate,
                    new TokenKeeper(tokens, gate, clock, "check"),
                    new PassedValues(clock),
                    metrics,
                    Traces.off(),
                    clock);
            var hub = new CamelHub(settings, nowhere, services, settlement, null);
            problems.addAll(hub.check());
            new Polls(settings.path(Setting.ROUTES), library.current(), settings::lookup).check(problems);
        }
        return problems.all();
    }

    private static void refuse(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new FilesRefused(problems);
        }
    }

    public Database database() {
        return database;
    }

    public CamelHub hub() {
        return hub;
    }

    /** The mapping and connector files as they are now. */
    public Library library() {
        return library.current();
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.add(part);
        return part;
    }

    @Override
    public void close() {
        for (int i = opened.size() - 1; i >= 0; i--) {
            try {
                opened.get(i).close();
            } catch (Exception e) {
                org.slf4j.LoggerFactory.getLogger(Wiring.class).warn("not closed cleanly: {}", e.getMessage());
            }
        }
        opened.clear();
    }

    /** Files people wrote are wrong; carries all problems. */
    public static final class FilesRefused extends RuntimeException {
        FilesRefused(List<Problem> problems) {
            super(
                    "Can't start: " + (problems.size() == 1 ? "1 problem" : problems.size() + " problems")
                            + " in routes and mappings.\n"
                            + problems.stream().map(Problem::withExcerpt).collect(Collectors.joining("\n")),
                    null,
                    false,
                    false);
        }
    }
}
