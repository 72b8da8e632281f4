package dev.serai.chaos;

import dev.serai.FreePort;
import dev.serai.TestFolders;
import dev.serai.config.Settings;
import dev.serai.simulator.Fault;
import dev.serai.simulator.Simulator;
import dev.serai.store.Database;
import dev.serai.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Three hubs on one database, all threads of which need the one token of an account; a vendor whose tokens live shortly and
 * whose refresh tokens count once; and somebody who kills hubs, also in the middle of a renewal. Each loss is told by the vendor
 * once, and a person connects the account again. Everything it starts ends with {@link #close()}.
 */
final class TokenRace implements AutoCloseable {
    private static final String CONNECTION = "account";
    private static final String VENDOR = "hubspot";
    private static final int HUBS = 3;
    private static final int RECORDS = 40;
    /** Nothing is waited for longer, however slow this machine is. */
    private static final Duration LONG = Duration.ofMinutes(4);

    private final Duration life;
    private final Random chance;
    private final Path secrets;
    private final Simulator simulator = Simulator.start(0);
    private final Database store;
    private final List<HubProcess> hubs = new ArrayList<>();
    private final Sender sender;
    private final Thread lastResort = new Thread(this::killHubs);
    private int kills;
    private int cutOff;
    private int losses;

    /**
     * What came of it.
     *
     * @param refreshed tokens the vendor gave for a refresh token, each of which counted once
     * @param stored of them, those that hubs kept
     * @param refused requests for a token that the vendor refused
     * @param explained of these, those of which the hub could say that an answer was lost
     * @param soonest the shortest time between two tokens that were asked for and stored
     * @param cutOff hubs that were killed between asking for a token and noting what came of it
     * @param notDone runs that did not come to their end
     */
    record Counts(
            int refreshed,
            int stored,
            int refused,
            int explained,
            Duration soonest,
            int kills,
            int cutOff,
            int losses,
            int notDone) {
        /**
         * Whether each token was asked for once and in time, and each loss told once and why: a hub that is killed as it is refused
         * can tell nobody, and the next one asks again.
         */
        boolean clean(Duration life) {
            return refreshed - stored == losses
                    && explained == losses
                    && refused - explained <= cutOff
                    && soonest.compareTo(life.dividedBy(2).minusSeconds(1)) > 0
                    && notDone == 0;
        }
    }

    /** @param life of a token; it is renewed at half of it @param folder for the hubs' files and logs */
    TokenRace(long seed, Duration life, Path folder) throws IOException {
        this.life = life;
        this.chance = new Random(seed);
        Runtime.getRuntime().addShutdownHook(lastResort);
        simulator.noLimits(VENDOR);
        simulator.tokens(VENDOR, life, true, Duration.ZERO);
        this.secrets = Files.createDirectories(folder.resolve("secrets"));
        consent();
        var database = TestDatabase.fresh();
        this.store = Database.open(Settings.read(Path.of("none"), Map.of(), database));
        Map<String, String> settings = settings(files(folder), database);
        var program = new HubProgram(folder);
        for (int i = 0; i < HUBS; i++) {
            var own = new HashMap<>(settings);
            own.put("SERAI_HUB_NAME", name(i));
            hubs.add(new HubProcess(program, FreePort.any(), folder.resolve(name(i) + ".log"), own));
        }
        this.sender = new Sender(hubs.stream().map(HubProcess::url).toList(), RECORDS, seed);
    }

    private static String name(int hub) {
        return "hub-" + (char) ('a' + hub);
    }

    private static TestFolders files(Path folder) {
        return new TestFolders(folder)
                .mapping("crm/connector.yaml", """
                        connector: crm
                        webhooks:
                          signature: { scheme: hmac, secret: "{{crm.webhook-secret}}", header: X-Signature, encoding: hex }
                          event: { id: "{id}", type: "{type}", record: "{record}" }
                        """)
                .mapping("account/connector.yaml", """
                        connector: account
                        base_url: "{{account.base-url}}"
                        timeout: 30s
                        auth:
                          type: oauth2
                          grant: refresh_token
                          token_url: "{{account.base-url}}/oauth/v3/token"
                          client_id: client
                          client_secret: "{{account.client-secret}}"
                          refresh_token: "{{account.refresh-token}}"
                        reads:
                          contacts: { path: /crm/v3/objects/contacts }
                        """)
                .flow("look", """
                        - route:
                            id: look
                            routeConfigurationId: write
                            from: { uri: "event:member.changed", steps: [ { to: { id: see, uri: "connector:account/contacts" } } ] }
                        - route:
                            id: look-too
                            routeConfigurationId: write
                            from: { uri: "event:message.written", steps: [ { to: { id: see-too, uri: "connector:account/contacts" } } ] }
                        """);
    }

    private Map<String, String> settings(TestFolders files, Map<String, String> database) {
        var settings = new HashMap<String, String>();
        settings.put("SERAI_ROUTES", files.routes().toString());
        settings.put("SERAI_MAPPINGS", files.mappings().toString());
        settings.put("SERAI_DATABASE_URL", database.get("serai.database.url"));
        settings.put("SERAI_DATABASE_USER", database.get("serai.database.user"));
        settings.put("SERAI_DATABASE_PASSWORD", database.get("serai.database.password"));
        settings.put("SERAI_SECRETS_DIR", secrets.toString());
        settings.put("SERAI_SECRETS_KEY", "ab".repeat(32));
        settings.put("SERAI_RUN_LEASE", "2s");
        settings.put("SERAI_RETRY_FIRST", "500ms");
        // here it is never the run that ends the process
        settings.put("SERAI_RUN_MAX_CLAIMS", "1000");
        settings.put("CRM_WEBHOOK_SECRET", Sender.SECRET);
        settings.put("ACCOUNT_BASE_URL", simulator.url(VENDOR));
        settings.put("ACCOUNT_CLIENT_SECRET", simulator.secret(VENDOR));
        return settings;
    }

    /** Somebody connects the account: its refresh token lies where hubs look each second. */
    private void consent() throws IOException {
        Path whole = Files.writeString(secrets.resolve(".new"), simulator.consent(VENDOR));
        Files.move(
                whole,
                secrets.resolve(CONNECTION + ".refresh-token"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    void start() throws IOException, InterruptedException {
        for (HubProcess hub : hubs) {
            hub.start();
        }
        allUp();
        sender.start();
    }

    int refreshed() {
        return simulator.refreshed(VENDOR);
    }

    /** Goes on until the vendor has refreshed so many tokens more. */
    void renewals(int more) throws IOException, InterruptedException {
        int enough = refreshed() + more;
        untilMended(() -> refreshed() >= enough, "no token is renewed any more");
    }

    /** Kills any hub just after a renewal was stored. */
    void killBetweenRenewals() throws IOException, InterruptedException {
        int before = stored();
        untilMended(() -> stored() > before && asking().isEmpty(), "no token is renewed any more");
        kill(chance.nextInt(HUBS));
    }

    /** Kills any hub, whatever it does just then. */
    void killAny() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(chance.nextLong(life.toMillis()));
        kill(chance.nextInt(HUBS));
    }

    /**
     * Kills the hub that asks for a token, when the vendor has refreshed it and has not answered yet: nobody has the new refresh
     * token, and the old one counts no more.
     */
    void killInTheMiddleOfARenewal() throws IOException, InterruptedException {
        int before = refreshed();
        simulator.fault(
                VENDOR, Simulator.TOKEN, Fault.delay(Duration.ofSeconds(25)).times(1));
        untilMended(() -> refreshed() > before && !asking().isEmpty(), "no token is asked for any more");
        kill(asking().get(0).charAt(asking().get(0).length() - 1) - 'a');
    }

    /** The lease of a hub that was killed has ended: else that takes half a minute. */
    void endLease() {
        column("UPDATE token SET lease_until = now() RETURNING 1");
    }

    /** The hub that asks for a token now. */
    private List<String> asking() {
        return column("SELECT lease_by FROM token WHERE sent_at IS NOT NULL AND lease_by IS NOT NULL");
    }

    private void kill(int hub) {
        hubs.get(hub).kill();
        kills++;
        cutOff += asking().contains(name(hub)) ? 1 : 0;
    }

    /** Starts again what was killed. */
    void restart() throws IOException {
        for (HubProcess hub : hubs) {
            if (!hub.alive()) {
                hub.start();
            }
        }
    }

    /** From now on some answers of the token endpoint come late, so that any kill may come in between. */
    void answerLate(long seed) {
        simulator.fault(
                VENDOR, Simulator.TOKEN, Fault.delay(Duration.ofMillis(500)).probability(0.5, seed));
    }

    /** Waits until the connection is parked, because an answer was lost; then a person connects it again. */
    void reconnectWhenParked() throws IOException, InterruptedException {
        until(this::isParked, "the connection was not parked");
        reconnectIfParked();
    }

    void reconnectIfParked() throws IOException, InterruptedException {
        if (!isParked()) {
            return;
        }
        losses++;
        consent();
        // not until it is renewed: the next answer may be lost as well
        until(() -> !isParked(), "the connection did not go on after it was connected again");
    }

    private boolean isParked() {
        return !column("SELECT 1 FROM parked_connection WHERE state = 'parked' AND connection = '" + CONNECTION + "'")
                .isEmpty();
    }

    /** Reasons that people were given, each once for all hubs. */
    List<String> refusals() {
        return column("SELECT why FROM audit WHERE what = 'token refused' ORDER BY at");
    }

    List<String> alerts() {
        return column("SELECT 1 FROM event WHERE type = 'serai.alert'"
                + " AND convert_from(payload, 'UTF8') LIKE '%connection.parked%'");
    }

    private int stored() {
        return column("SELECT 1 FROM audit WHERE what = 'token renewed'").size();
    }

    private List<String> column(String sql) {
        return TestDatabase.column(store.dataSource(), sql);
    }

    void allUp() throws IOException, InterruptedException {
        for (HubProcess hub : hubs) {
            until(hub::ready, "a hub did not open its doors");
        }
    }

    /** Lets everything that was begun come to its end. */
    Counts finish() throws IOException, InterruptedException {
        simulator.clearFaults(VENDOR);
        sender.finish(LONG);
        while (!column("SELECT 1 FROM open_run WHERE state IN ('waiting', 'claimed') LIMIT 1")
                .isEmpty()) {
            reconnectIfParked();
            TimeUnit.MILLISECONDS.sleep(50);
        }
        List<String> refusals = refusals();
        return new Counts(
                refreshed(),
                stored(),
                simulator.refusedTokens(VENDOR),
                (int) refusals.stream()
                        .filter(why -> why.contains("its answer never stored"))
                        .count(),
                soonest(),
                kills,
                cutOff,
                losses,
                column("SELECT 1 FROM run WHERE state <> 'done'").size());
    }

    /** Between the moments two tokens were asked for that were stored: their ends lie as far apart, as all live equally long. */
    private Duration soonest() {
        List<Instant> ends =
                column("SELECT substring(why FROM 'until (.*)') FROM audit WHERE what = 'token renewed' ORDER BY at")
                        .stream()
                        .map(Instant::parse)
                        .toList();
        Duration soonest = LONG;
        for (int i = 1; i < ends.size(); i++) {
            Duration between = Duration.between(ends.get(i - 1), ends.get(i));
            soonest = between.compareTo(soonest) < 0 ? between : soonest;
        }
        return soonest;
    }

    /** Waits; should the account have to be connected anew meanwhile, somebody does. */
    private void untilMended(BooleanSupplier condition, String otherwise) throws IOException, InterruptedException {
        long end = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            reconnectIfParked();
            if (System.nanoTime() > end) {
                throw new IllegalStateException(otherwise + " within " + LONG.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static void until(BooleanSupplier condition, String otherwise) throws InterruptedException {
        long end = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(otherwise + " within " + LONG.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private void killHubs() {
        hubs.forEach(HubProcess::close);
    }

    @Override
    public void close() {
        killHubs();
        store.close();
        simulator.close();
        Runtime.getRuntime().removeShutdownHook(lastResort);
    }
}
