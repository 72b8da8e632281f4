package dev.serai.route;

import dev.serai.api.Api;
import dev.serai.api.ApiParts;
import dev.serai.config.Networks;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.console.Console;
import dev.serai.console.LoginRate;
import dev.serai.facts.Flow;
import dev.serai.facts.QuotaFacts;
import dev.serai.file.Problem;
import dev.serai.library.LibraryFolder;
import dev.serai.run.Allowance.Thresholds;
import dev.serai.store.AlertTimes;
import dev.serai.store.ApiTokens;
import dev.serai.store.Backlog;
import dev.serai.store.Buckets;
import dev.serai.store.ConsoleSessions;
import dev.serai.store.FlowSwitches.State;
import dev.serai.store.ParkedConnections;
import dev.serai.store.SeenKeys;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Camel Main with the hub's components, beans, doors and flows. */
public final class CamelHub implements AutoCloseable {
    /** How often doors look at their secrets, which come in once a second. */
    private static final int SECRETS_MS = 250;

    private static final Logger LOG = LoggerFactory.getLogger(CamelHub.class);

    private final Settings settings;
    private final DataSource database;
    private final Hub services;
    private final Settlement settlement;
    private final Dispatcher dispatcher;
    private CallSettings calls;
    private final Door door;
    private final Flows flows;
    private final Desk desk = new Desk("serai-desk");
    /** Of those who wait for others, an issuer or a vendor, or for work on very many rows. */
    private final Desk waiting = new Desk("serai-waiting");
    /** Of supervisors and Prometheus, who must be answered whatever people do. */
    private final Desk watching = new Desk("serai-watching");

    private MetricsDoor figures;
    private HttpCalls signIns;
    private DailyProof proof;
    private WebhookDoor webhooks;
    private final HubServer server = new HubServer();
    private final Main main = HubContext.main();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "serai-reload");
        thread.setDaemon(true);
        return thread;
    });

    public CamelHub(
            Settings settings, DataSource database, Hub services, Settlement settlement, Dispatcher dispatcher) {
        this.settings = settings;
        this.database = database;
        this.services = services;
        this.settlement = settlement;
        this.dispatcher = dispatcher;
        this.calls = CallSettings.of(settings);
        this.door = new Door(
                services.intake(),
                services.metrics(),
                settings.text(Setting.HTTP_PUBLIC_URL).replaceAll("/$", ""),
                settings.number(Setting.HTTP_MAX_BODY) * 1024,
                new IntakeRate(settings.number(Setting.INTAKE_RATE), services.clock()));
        this.flows = new Flows(
                settings.path(Setting.ROUTES),
                services.library(),
                services.subscribers(),
                new ScratchContext(this::furnish));
    }

    /** From its start on all its calls are answered by this, and none leaves the process. */
    public void plays(StandIn standIn) {
        calls = calls.playedBy(standIn);
    }

    /** Starts everything and listens last. @return what is wrong with the flows; then nobody is let in */
    public List<Problem> start(LibraryFolder library) {
        List<Problem> problems = flows.check();
        if (!problems.isEmpty()) {
            return problems;
        }
        main.addOverrideProperty("camel.server.host", settings.text(Setting.HTTP_HOST));
        main.addOverrideProperty("camel.server.port", settings.text(Setting.HTTP_PORT));
        // said in application.properties too, which Camel reads after it has looked for vaults in both, and failed
        main.configure().setAutoConfigurationEnvironmentVariablesEnabled(false);
        main.configure().setAutoConfigurationSystemPropertiesEnabled(false);
        beans().forEach(main::bind);
        main.bind("quartz", Timers.component());
        main.bind("httpServer", server);
        try {
            main.init();
            addSettings(context());
            context().getCamelContextExtension().addInterceptStrategy(new SplitItems());
            context().getCamelContextExtension().addInterceptStrategy(new FirstFailure());
            main.start();
        } catch (Exception e) {
            throw new IllegalStateException(
                    "Can't start: " + Failures.innermost(e).getMessage(), e);
        }
        hangDoors();
        problems = flows.reload(context()).problems();
        if (problems.isEmpty()) {
            services.intake().onStored(dispatcher::wake);
            services.gate().alerts().calledBy(flows::calling);
            services.gate().onFreed(settlement::freed);
            services.gate().start();
            webhooks.look();
            services.stores().inbox().handTo(dispatcher);
            dispatcher.start();
            server.listen();
            long every = settings.duration(Setting.RELOAD).toMillis();
            proof = new DailyProof(
                    services, new ConnectionCheck(services.gate(), services.tokens(), signIns, services.clock()));
            proof.start();
            watch.scheduleWithFixedDelay(() -> reload(library), every, every, TimeUnit.MILLISECONDS);
            watch.scheduleWithFixedDelay(webhooks::look, SECRETS_MS, SECRETS_MS, TimeUnit.MILLISECONDS);
        }
        return problems;
    }

    /** What is wrong with the flows as their files are now; starts nothing. */
    public List<Problem> check() {
        return flows.check();
    }

    /** What flows may name: components by scheme, beans by name. */
    private Map<String, Object> beans() {
        var event = new EventComponent();
        event.use(services);
        var mapping = new MappingComponent();
        mapping.use(services);
        var connector = new ConnectorComponent();
        connector.use(services, calls);
        return Map.of(
                "event", event,
                "mapping", mapping,
                "connector", connector,
                "dataSource", database,
                "runs", settlement,
                "failures", settlement.failureBeans(),
                "waitAsAsked", settlement.failureBeans(),
                "seenBefore", new SeenBefore(new SeenKeys(database)));
    }

    private void furnish(CamelContext scratch) {
        beans().forEach((name, bean) -> scratch.getRegistry().bind(name, bean));
        scratch.getRegistry().bind("quartz", Timers.still());
        addSettings(scratch);
    }

    private void addSettings(CamelContext context) {
        var properties = (PropertiesComponent) context.getPropertiesComponent();
        // one order of precedence, that of Settings: Camel by itself lets the environment win over everything
        properties.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
        properties.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_NEVER);
        properties.addPropertiesSource(new SettingsSource(settings));
    }

    private void hangDoors() {
        Router router = server.router();
        webhooks = new WebhookDoor(door, services.library(), services.clock());
        var key = new ApiKey(settings.text(Setting.API_KEY));
        var events = new EventDoor(door, key, services.clock());
        signIns = new HttpCalls(context(), calls);
        var consent = new ConsentDoor(services.tokens().consent(services, signIns), waiting, this::publicUrl);
        router.get("/connections/:connection/connect").handler(consent::ask);
        router.post("/connections/:connection/connect").handler(consent::begin);
        router.get(ConsentDoor.CALLBACK).handler(consent::back);
        var operations = ApiParts.api(
                database,
                new RunningHub(settings, database, services, new RunningHub.Live(this::told, this::publicUrl), signIns),
                services.clock());
        var tokens = new ApiTokens(database, services.clock());
        var receipts = new ReceiptDoor(operations, key, desk);
        var readers = new Readers(key, tokens, watching);
        var sessions = new ConsoleSessions(database, services.clock(), settings.duration(Setting.OIDC_SESSION));
        var accounts = IssuerCalls.accounts(settings, signIns, services.clock(), this::publicUrl);
        var console = new Console(operations, tokens, sessions, accounts, services.clock());
        var visitors = new Visitors(
                Networks.read(settings.text(Setting.HTTP_TRUSTED_PROXIES)).orElseThrow());
        // not that of the console: a script with an old token must keep nobody at its address from signing in
        var wrong = new LoginRate(services.clock());
        var api = new ApiDoor(operations, tokens, desk, waiting, request -> wrong.failed(visitors.subscriber(request)));
        new ConsoleDoor(
                        console,
                        desk,
                        waiting,
                        visitors,
                        settings.text(Setting.HTTP_PUBLIC_URL).startsWith("https:"))
                .hang(router);
        var troubles = new ParkedConnections(database);
        var quotas = new QuotaFacts(new Buckets(database, Thresholds.USUAL));
        var tables = new MetricsDoor.Tables(new Backlog(database), troubles, quotas, new AlertTimes(database));
        figures = new MetricsDoor(services, tables, readers);
        router.route("/webhooks/:connection")
                .handler(context -> timed("webhooks", context.pathParam("connection"), context))
                .handler(webhooks::handle);
        router.post("/v1/events/:type")
                .handler(context -> timed("events", "", context))
                .handler(events::handle);
        router.get("/v1/events/:type/schema").handler(events::schema);
        router.get("/v1/receipts/:receipt").handler(receipts::handle);
        router.get(Api.BASE + "/openapi.json").handler(api::document);
        router.route(Api.BASE + "/*").handler(api::handle);
        router.get("/metrics").handler(figures::handle);
        new HealthDoor(troubles, services, readers, watching).hang(router, server::ready);
        router.route("/v1/events/:type").handler(noDoor(405, "this address takes POST only"));
        router.route("/v1/receipts/:receipt").handler(noDoor(405, "this address takes GET only"));
        router.route()
                .last()
                .handler(noDoor(
                        404,
                        "nothing is here; the doors are POST /webhooks/{connection}, POST /v1/events/{type} and GET"
                                + " /v1/receipts/{receipt}"));
    }

    /** Where browsers reach this hub: as it is set, else on this machine. */
    private String publicUrl() {
        String given = settings.text(Setting.HTTP_PUBLIC_URL).replaceAll("/+$", "");
        return given.isEmpty() ? "http://127.0.0.1:" + port() : given;
    }

    private void timed(String name, String connection, RoutingContext context) {
        long began = System.nanoTime();
        context.addEndHandler(end -> {
            int status = context.response().getStatusCode();
            // a source that nobody knows is a name that a stranger chose
            services.metrics()
                    .answered(
                            name, status == 404 ? "" : connection, status, Duration.ofNanos(System.nanoTime() - began));
        });
        context.next();
    }

    private static Handler<RoutingContext> noDoor(int status, String detail) {
        return context -> new HttpProblem(status, "no_such_door", detail).send(context.response());
    }

    private void reload(LibraryFolder library) {
        reload(() -> {
            LibraryFolder.Reload files = library.reload();
            report(files.changed(), files.problems());
        });
        reload(() -> {
            Flows.Reload changed = flows.reload(context());
            report(changed.changed(), changed.problems());
        });
    }

    /** What goes wrong with one folder holds up neither the other nor the next look. */
    private static void reload(Runnable folder) {
        try {
            folder.run();
        } catch (RuntimeException e) {
            LOG.error("files.not_reloaded: {}", e.getMessage(), e);
        }
    }

    private static void report(List<String> changed, List<Problem> problems) {
        problems.forEach(problem -> LOG.error("file.refused {}; the version before stays", problem.withExcerpt()));
        changed.stream()
                .filter(file ->
                        problems.stream().noneMatch(p -> p.place().file().equals(file)))
                .forEach(file -> LOG.info("file.live {}", file));
    }

    private CamelContext context() {
        return main.getCamelContext();
    }

    /** The port the doors listen on. */
    public int port() {
        return server.port();
    }

    /** The flows as they are live, for people. */
    private List<Flow> told() {
        return flows.told(id -> context().getRouteController().getRouteStatus(id) == ServiceStatus.Started);
    }

    /** How a flow is switched, as this hub knows it. */
    public State flowState(String flow) {
        return services.subscribers().state(flow);
    }

    /** Percent of the records of the flow it replaces, as this hub knows it. */
    public int flowShare(String flow) {
        return services.subscribers().share(flow);
    }

    /** Whether a flow takes its events now, paused or not. */
    public boolean working(String flow) {
        return services.subscribers().consumer(flow).isPresent();
    }

    /** The flows that work now, by id. */
    public List<String> flows() {
        return services.subscribers().working().stream().sorted().toList();
    }

    /**
     * Takes up no more runs, lets those it holds come to their end, gives the rest back. What senders bring meanwhile is
     * still stored, for another hub or the next start.
     */
    @Override
    public void close() {
        server.stopping();
        watch.shutdownNow();
        if (proof != null) {
            proof.close();
        }
        dispatcher.drain();
        main.shutdown();
        desk.close();
        waiting.close();
        watching.close();
        if (signIns != null) {
            signIns.close();
        }
        if (figures != null) {
            figures.close();
        }
        dispatcher.close();
    }
}
