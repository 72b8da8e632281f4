package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serai.connector.Connector;
import dev.serai.connector.auth.Auth;
import dev.serai.connector.auth.Token;
import dev.serai.library.Library;
import dev.serai.metric.Metrics;
import dev.serai.metric.Traces;
import dev.serai.run.Allowance.Thresholds;
import dev.serai.run.Verdict;
import dev.serai.simulator.Fault;
import dev.serai.simulator.Simulator;
import dev.serai.store.Breakers;
import dev.serai.store.Buckets;
import dev.serai.store.Database;
import dev.serai.store.Inbox;
import dev.serai.store.ParkedConnections;
import dev.serai.store.ParkedRuns;
import dev.serai.store.Seal;
import dev.serai.store.Secrets;
import dev.serai.store.TestDatabase;
import dev.serai.store.Tokens;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens of several hubs on one database, against a vendor whose refresh tokens count once, under a clock that is moved. */
class TokenKeeperTest {
    private static final Duration LIFE = Duration.ofSeconds(60);
    private static final String KEY = "ab".repeat(32);
    private static final String ALERTS =
            "SELECT convert_from(payload, 'UTF8') FROM event WHERE type = 'serai.alert' ORDER BY id";

    private final Map<String, String> settings = new HashMap<>();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private volatile Instant now = Instant.parse("2026-11-21T10:00:00Z");
    private final InstantSource clock = () -> now;
    private Simulator simulator;
    private static Database database;
    private static CamelContext camel;

    /** A hub as far as tokens go. */
    private record Node(TokenKeeper keeper, Gate gate, HttpCalls http) {}

    @BeforeAll
    static void once() {
        database = TestDatabase.open();
        camel = HttpCalls.bareContext();
    }

    @AfterAll
    static void end() {
        camel.stop();
        database.close();
    }

    @BeforeEach
    void start() throws SQLException {
        simulator = open(Simulator.start(0, clock));
        simulator.tokens("hubspot", LIFE, true, Duration.ZERO);
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("TRUNCATE token, audit, event, event_key, breaker, parked_connection");
        }
        settings.put("crm.client-secret", simulator.secret("hubspot"));
        settings.put("crm.refresh-token", simulator.consent("hubspot"));
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private <T extends AutoCloseable> T open(T part) {
        opened.add(part);
        return part;
    }

    private Connector crm() {
        return crm("grant: refresh_token, refresh_token: \"{{crm.refresh-token}}\"");
    }

    private Connector crm(String grant) {
        return crm(grant, settings);
    }

    private Connector crm(String grant, Map<String, String> settings) {
        String url = simulator.url("hubspot");
        return Connector.read(
                "f", "crm", """
                connector: crm
                base_url: %s
                auth: { type: oauth2, token_url: "%s/oauth/v3/token", client_id: client, client_secret: "{{crm.client-secret}}", %s }
                reads: { contact: { path: "/crm/v3/objects/contacts/{id}" }, contacts: { path: /crm/v3/objects/contacts } }
                """.formatted(url, url, grant), name -> Optional.ofNullable(settings.get(name)));
    }

    private Node node(String name, String key) {
        return node(name, key, clock);
    }

    private Node node(String name, String key, InstantSource clock) {
        return node(name, key, clock, database.dataSource());
    }

    /** @param clock of that hub @param ofTokens by which it reaches its tokens */
    private Node node(String name, String key, InstantSource clock, DataSource ofTokens) {
        var data = database.dataSource();
        var subscribers = new Subscribers();
        var inbox = open(new Inbox(database.intake(), clock, 100));
        var alerts = new Alerts(
                new Intake(inbox, subscribers, Duration.ofMinutes(1), Traces.off(), new Metrics()),
                "https://hub.example");
        var seal = Seal.of(key);
        var tokens = new Tokens(ofTokens, seal);
        var stores = new Gate.Stores(
                new Breakers(data),
                new ParkedConnections(data),
                new ParkedRuns(data, clock),
                tokens,
                new Secrets(data, seal),
                new Buckets(data, Thresholds.USUAL));
        var library = new Library(Map.of(), Map.of("crm", crm()), Map.of());
        var gate =
                open(new Gate(stores, () -> library, new Gate.Tells(alerts, open(new Metrics())), subscribers, clock));
        return new Node(
                open(new TokenKeeper(tokens, gate, clock, name)),
                gate,
                open(new HttpCalls(camel, HttpCallsTest.settings(Map.of()))));
    }

    private static Token token(Connector connector) {
        return connector.tokens().orElseThrow().token().orElseThrow();
    }

    private Token ready(Node node) {
        return token(node.keeper.ready(crm(), node.http));
    }

    private List<String> column(String sql) {
        return TestDatabase.column(database.dataSource(), sql);
    }

    @Test
    void manyThreadsOfThreeHubsRefreshOncePerExpiryWhoeverIsKilled() throws Exception {
        simulator.tokens("hubspot", LIFE, true, Duration.ofMinutes(10));
        var random = new Random(7);
        var nodes = new ArrayList<>(List.of(node("a", KEY), node("b", KEY), node("c", KEY)));
        Set<String> seen = ConcurrentHashMap.newKeySet();
        int rounds = 12;
        var threads = Executors.newFixedThreadPool(24);
        opened.add(threads::shutdownNow);
        for (int round = 0; round < rounds; round++) {
            if (round % 3 == 2) {
                killInTheMiddle(random.nextBoolean());
                int victim = random.nextInt(nodes.size());
                nodes.set(victim, node("again-" + round, KEY));
            }
            var asked = new ArrayList<Future<Token>>();
            for (int i = 0; i < 24; i++) {
                Node node = nodes.get(i % nodes.size());
                asked.add(threads.submit(() -> eventually(() -> ready(node))));
            }
            var tokens = ConcurrentHashMap.<String>newKeySet();
            for (Future<Token> token : asked) {
                tokens.add(token.get().access());
            }
            assertThat(tokens).as("all have the same one in round " + round).hasSize(1);
            seen.addAll(tokens);
            now = now.plus(LIFE);
        }

        assertThat(seen).hasSize(rounds);
        assertThat(simulator.refreshed("hubspot")).isEqualTo(rounds);
        assertThat(simulator.refusedTokens("hubspot")).isZero();
        assertThat(column("SELECT count(*) FROM audit WHERE what = 'token renewed'"))
                .containsExactly("" + rounds);
    }

    /** A hub took the lease and died: before it sent anything, or when it had sent and not stored. */
    private void killInTheMiddle(boolean sent) throws SQLException {
        var tokens = new Tokens(database.dataSource(), Seal.of(KEY));
        var row = tokens.read("crm");
        var lease = tokens.lease("crm", row.version(), "killed", Duration.ofMinutes(10))
                .orElseThrow();
        if (sent) {
            tokens.sending(lease, now);
            TokenText known = TokenText.read(row.text().orElseThrow());
            var request = crm().with(known.token())
                    .tokens()
                    .orElseThrow()
                    .ask(crm().signIn().values(), new Auth.Moment(now, "n"));
            try (var http = new HttpCalls(camel, HttpCallsTest.settings(Map.of()))) {
                http.send(request, crm().signingIn());
            } catch (java.io.IOException e) {
                throw new IllegalStateException(e);
            }
        }
        now = now.plusSeconds(31);
        leaseEnds();
    }

    /** As when its time is over, by the database's clock. */
    private void leaseEnds() throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("UPDATE token SET lease_until = clock_timestamp()");
        }
    }

    private static <T> T eventually(Callable<T> call) throws Exception {
        for (int tried = 0; ; tried++) {
            try {
                return call.call();
            } catch (StepFailed e) {
                if (tried == 5 || e instanceof StepFailed.Parked) {
                    throw e;
                }
            }
        }
    }

    @Test
    void aTokenIsRenewedAheadAndTheOldOneServesWhileAnotherHubIsAtIt() throws SQLException {
        Node here = node("here", KEY);
        simulator.tokens("hubspot", Duration.ofMinutes(30), true, Duration.ZERO);
        Token first = ready(here);
        now = now.plus(Duration.ofMinutes(29)).minusSeconds(1);
        assertThat(ready(here).access()).isEqualTo(first.access());
        now = now.plusSeconds(1);
        var tokens = new Tokens(database.dataSource(), Seal.of(KEY));
        var lease = tokens.lease("crm", 1, "there", Duration.ofMinutes(10)).orElseThrow();
        assertThat(ready(here).access()).as("good for another minute").isEqualTo(first.access());
        tokens.release(lease, false);
        assertThat(ready(here).access()).isNotEqualTo(first.access());
        assertThat(simulator.refreshed("hubspot")).isEqualTo(2);
    }

    @Test
    void aLateHolderOfALeaseCanNotStoreWhatItGot() throws SQLException {
        Node here = node("here", KEY);
        ready(here);
        var tokens = new Tokens(database.dataSource(), Seal.of(KEY));
        var late = tokens.lease("crm", 1, "late", Duration.ofMinutes(10)).orElseThrow();
        leaseEnds();
        now = now.plusSeconds(61);
        Token fresh = ready(here);

        assertThat(tokens.sending(late, now)).isFalse();
        assertThat(tokens.store(late, "{}", now, Optional.empty(), "late")).isEmpty();
        tokens.release(late, true);
        assertThat(TokenText.read(tokens.read("crm").text().orElseThrow())
                        .token()
                        .access())
                .isEqualTo(fresh.access());
    }

    @Test
    void anAnswerThatNeverCameIsToldWhenTheRefreshTokenTurnsOutToBeUsedUp() {
        Node here = node("here", KEY);
        ready(here);
        Instant lost = now = now.plusSeconds(61);
        simulator.fault("hubspot", "oauth.token", Fault.drop().afterTheWork().times(1));
        assertThatThrownBy(() -> ready(here))
                .isInstanceOf(StepFailed.class)
                .hasMessage("crm gave no token: crm broke the connection before it answered");

        now = now.plusSeconds(5);
        var parked = catchThrowableOfType(StepFailed.Parked.class, () -> ready(node("other", KEY)));

        assertThat(parked.waitsFor()).isEqualTo("crm/*");
        assertThat(parked)
                .hasMessage("crm gave no token: answered 400: invalid_grant, the refresh token was used before; at "
                        + lost.truncatedTo(ChronoUnit.SECONDS)
                        + " a token was asked for and its answer never stored, so its refresh token may be used up");
    }

    @Test
    void withinTheVendorsGraceNothingIsLost() {
        simulator.tokens("hubspot", LIFE, true, Duration.ofSeconds(30));
        Node here = node("here", KEY);
        ready(here);
        now = now.plusSeconds(61);
        simulator.fault("hubspot", "oauth.token", Fault.drop().afterTheWork().times(1));
        assertThatThrownBy(() -> ready(here)).isInstanceOf(StepFailed.class);

        now = now.plusSeconds(5);
        assertThat(ready(here).access()).isNotBlank();
        assertThat(simulator.refreshed("hubspot")).isEqualTo(2);
        assertThat(simulator.refusedTokens("hubspot")).isZero();
    }

    @Test
    void aRefusedGrantParksTheConnectionOnceForAllAndNothingLoops() throws Exception {
        Node here = node("here", KEY);
        Node there = node("there", KEY);
        here.gate.start();
        there.gate.start();
        ready(here);
        simulator.revoke("hubspot", true);
        now = now.plusSeconds(61);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> ready(here)).isInstanceOf(StepFailed.Parked.class);
        }
        assertThatThrownBy(() -> ready(there)).isInstanceOf(StepFailed.Parked.class);

        assertThat(simulator.refusedTokens("hubspot")).isEqualTo(1);
        assertThat(column("SELECT what FROM audit WHERE what LIKE '%refused'")).containsExactly("token refused");
        assertThat(column(ALERTS)).singleElement().satisfies(alert -> assertThat(alert)
                .contains("connection.parked", "invalid_grant", "(setting crm.client-secret, crm.refresh-token)")
                .doesNotContain(settings.get("crm.refresh-token")));

        settings.put("crm.refresh-token", simulator.consent("hubspot"));
        assertThat(eventuallyFine(here))
                .as("another refresh token is another credential")
                .isNotBlank();
        assertThat(simulator.refusedTokens("hubspot")).isEqualTo(1);
    }

    private String eventuallyFine(Node node) throws Exception {
        return org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(StepFailed.class)
                .until(() -> ready(node).access(), access -> true);
    }

    /** A person connects the account again just while the answer to the old refresh token is on its way. */
    @Test
    void aCredentialThatCameDuringTheCallIsNotBlamedForTheOneBefore() throws Exception {
        Node here = node("here", KEY);
        here.gate.start();
        ready(here);
        simulator.revoke("hubspot", true);
        now = now.plusSeconds(61);
        simulator.fault(
                "hubspot", "oauth.token", Fault.delay(Duration.ofSeconds(9)).times(1));
        int calls = simulator.ledger().calls("hubspot").size();
        var threads = Executors.newSingleThreadExecutor();
        opened.add(threads::shutdownNow);
        Future<Token> refused = threads.submit(() -> ready(here));
        org.awaitility.Awaitility.await()
                .until(() -> column("SELECT sent_at FROM token WHERE sent_at IS NOT NULL")
                                        .size()
                                == 1
                        || simulator.ledger().calls("hubspot").size() > calls);

        settings.put("crm.refresh-token", simulator.consent("hubspot"));
        simulator.answerNow();

        assertThatThrownBy(refused::get).hasCauseInstanceOf(StepFailed.Parked.class);
        assertThat(column("SELECT connection FROM parked_connection")).isEmpty();
        assertThat(ready(here).access()).isNotBlank();
    }

    @Test
    void aTokenThatIsRefusedBeforeItsEndIsRenewedOnceForAllWhoHeldIt() {
        Node here = node("here", KEY);
        Node there = node("there", KEY);
        Connector held = here.keeper.ready(crm(), here.http);
        Connector alsoHeld = there.keeper.ready(crm(), there.http);
        simulator.revoke("hubspot", false);

        Connector other = here.keeper.renewed(held, here.http).orElseThrow();
        Connector same = there.keeper.renewed(alsoHeld, there.http).orElseThrow();

        assertThat(token(other).access())
                .isNotEqualTo(token(held).access())
                .isEqualTo(token(same).access());
        assertThat(simulator.refreshed("hubspot")).isEqualTo(2);
    }

    /** A deploy at the vendor: tokens of before are refused, and its token endpoint shows anything but tokens. */
    @Test
    void aTokenThatWasRefusedIsNeverGivenAgainHoweverLongItLasts() {
        simulator.tokens("hubspot", Duration.ofMinutes(30), true, Duration.ZERO);
        Node here = node("here", KEY);
        Connector held = here.keeper.ready(crm(), here.http);
        simulator.revoke("hubspot", false);
        for (Fault trouble : List.of(Fault.status(503), Fault.html(200), Fault.html(403), Fault.drop())) {
            simulator.fault("hubspot", "oauth.token", trouble.times(1));
            var waits = catchThrowableOfType(StepFailed.Parked.class, () -> here.keeper.renewed(held, here.http));

            assertThat(waits.outcome().verdict()).isEqualTo(Verdict.RETRY);
            assertThat(waits.waitsFor()).as("nobody has to act").isEqualTo("token of crm");
            assertThat(waits.until()).contains(now.plusSeconds(5));
            now = now.plusSeconds(5);
        }
        assertThat(column("SELECT connection FROM parked_connection")).isEmpty();
        assertThat(column(ALERTS)).isEmpty();

        Connector other = here.keeper.renewed(held, here.http).orElseThrow();
        assertThat(token(other).access()).isNotEqualTo(token(held).access());
        assertThat(simulator.refreshed("hubspot")).isEqualTo(2);
    }

    /** A person connects another account at another hub: what this one holds is of the account before. */
    @Test
    void theAccountThatWasConnectedLastIsCalledByAllHubs() throws SQLException {
        simulator.tokens("hubspot", Duration.ofMinutes(30), true, Duration.ZERO);
        Node here = node("here", KEY);
        Connector held = here.keeper.ready(crm(), here.http);
        String before = here.keeper.account(held).mark();
        assertThat(here.keeper.account(held).is(before)).isTrue();
        var another = new Token(
                "another", Optional.empty(), now, Optional.of(now.plusSeconds(1800)), Optional.empty(), Map.of());
        new Tokens(database.dataSource(), Seal.of(KEY))
                .consented("crm", TokenText.of(crm(), another).write(), now, another.expiresAt(), "ada");

        here.gate.look();
        Connector live = here.keeper.ready(crm(), here.http);

        assertThat(token(live).access()).isEqualTo("another");
        assertThat(here.keeper.account(live).is(before)).isFalse();
        assertThat(here.keeper.account(live).is(here.keeper.account(live).mark()))
                .isTrue();
        assertThat(here.keeper.account(held).mark())
                .as("of a token that nobody holds any more")
                .isEmpty();
    }

    /** The refresh token counts once: who takes a lease over because his own clock is ahead, uses it a second time. */
    @Test
    void aHubWhoseClockIsAheadDoesNotRenewWhileAnotherIsAtIt() throws SQLException {
        simulator.tokens("hubspot", Duration.ofMinutes(30), true, Duration.ZERO);
        Token first = ready(node("here", KEY));
        now = now.plus(Duration.ofMinutes(29));
        var tokens = new Tokens(database.dataSource(), Seal.of(KEY));
        var lease = tokens.lease("crm", 1, "there", Duration.ofSeconds(30)).orElseThrow();
        Node ahead = node("ahead", KEY, () -> now.plusSeconds(35));

        assertThat(token(ahead.keeper.ready(crm(), ahead.http)).access()).isEqualTo(first.access());
        assertThat(tokens.sending(lease, now)).as("it is still there's").isTrue();
        assertThat(simulator.refreshed("hubspot")).isEqualTo(1);
    }

    @Test
    void aTokenThatEndedBeforeItsTimeIsRenewedByACheckTooAndParksNothing() throws Exception {
        Node here = node("here", KEY);
        ready(here);
        simulator.revoke("hubspot", false);

        var found = new ConnectionCheck(here.gate, here.keeper, here.http, clock).check(crm());

        assertThat(found).isEqualTo(new ConnectionCheck.Found(true, true, "it answered contacts"));
        assertThat(column("SELECT connection FROM parked_connection")).isEmpty();
        assertThat(simulator.refreshed("hubspot")).isEqualTo(2);
    }

    @Test
    void aVendorInTroubleIsAskedLessAndTheOldTokenServes() {
        simulator.tokens("hubspot", Duration.ofMinutes(30), true, Duration.ZERO);
        Node here = node("here", KEY);
        Token first = ready(here);
        simulator.fault("hubspot", "oauth.token", Fault.status(503));
        now = now.plus(Duration.ofMinutes(29)).plusSeconds(1);
        for (int i = 0; i < 8; i++) {
            assertThat(ready(here).access())
                    .as("it lasts, whether it can be renewed or not")
                    .isEqualTo(first.access());
            now = now.plusSeconds(5);
        }
        assertThat(column("SELECT operation || ' ' || state FROM breaker")).containsExactly("sign-in open");

        now = now.plusSeconds(60);
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> ready(here)).isInstanceOf(StepFailed.class);
        }
        assertThat(simulator.ledger().calls("hubspot")).hasSizeLessThan(8);
    }

    /** What twenty runs that have no token come to, at the same moment. */
    private List<StepFailed.Parked> twentyAsk(Node node) throws Exception {
        var threads = Executors.newFixedThreadPool(20);
        opened.add(threads::shutdownNow);
        Callable<StepFailed.Parked> run = () -> catchThrowableOfType(StepFailed.Parked.class, () -> ready(node));
        var parked = new ArrayList<StepFailed.Parked>();
        for (Future<StepFailed.Parked> each : threads.invokeAll(Collections.nCopies(20, run))) {
            parked.add(each.get());
        }
        return parked;
    }

    @Test
    void aVendorThatAsksToWaitIsAskedOnceInThatTimeForAllRuns() throws Exception {
        Node here = node("here", KEY);
        ready(here);
        now = now.plusSeconds(61);
        simulator.fault("hubspot", "oauth.token", Fault.status(429));
        for (int window = 1; window <= 3; window++) {
            Instant until = now.plusSeconds(5);

            assertThat(twentyAsk(here)).allSatisfy(parked -> {
                assertThat(parked.outcome().verdict()).isEqualTo(Verdict.RATE_LIMITED);
                assertThat(parked.until()).contains(until);
            });

            assertThat(simulator.ledger().calls("hubspot")).hasSize(1 + window);
            now = until;
        }
        simulator.clearFaults("hubspot");
        simulator.fault(
                "hubspot",
                "oauth.token",
                Fault.status(429).retryAfter(Duration.ofMinutes(2)).times(1));
        Instant until = now.plusSeconds(120);
        assertThat(twentyAsk(here))
                .allSatisfy(parked -> assertThat(parked.until()).contains(until));
        now = until.minusSeconds(1);
        assertThat(twentyAsk(here))
                .allSatisfy(parked -> assertThat(parked.until()).contains(until));
        assertThat(simulator.ledger().calls("hubspot")).hasSize(5);

        now = until;
        assertThat(ready(here).access()).isNotBlank();
    }

    @Test
    void whoWaitedForATokenComesWhenThereIsOneOnWhateverHub() throws Exception {
        Node here = node("here", KEY);
        Node there = node("there", KEY);
        simulator.fault(
                "hubspot",
                "oauth.token",
                Fault.status(429).retryAfter(Duration.ofHours(1)).times(1));
        StepFailed.Parked parked = catchThrowableOfType(StepFailed.Parked.class, () -> ready(here));
        column(
                "INSERT INTO event (source, type, key, record, payload) VALUES ('crm', 't', 'k', 'r:1', '{}') RETURNING id");
        column(
                "INSERT INTO open_run (event_id, flow, lane, state, due_at, waits_for) SELECT id, 'f', 'f r:1', 'waiting', '"
                        + parked.until().orElseThrow() + "', '" + parked.waitsFor() + "' FROM event RETURNING id");

        ready(there);
        there.gate.look();
        assertThat(column("SELECT due_at = '" + now + "' FROM open_run")).containsExactly("t");

        column("UPDATE open_run SET due_at = due_at + interval '1 hour', waits_for = 'token of crm' RETURNING id");
        connects(crm(CONSENT), "of somebody");
        here.gate.look();
        assertThat(column("SELECT due_at = '" + now + "' FROM open_run")).containsExactly("t");
    }

    @Test
    void whileAVendorAsksToWaitATokenThatIsDueServesUnlessItWasRefused() {
        simulator.tokens("hubspot", Duration.ofMinutes(30), true, Duration.ZERO);
        Node here = node("here", KEY);
        Connector held = here.keeper.ready(crm(), here.http);
        now = now.plus(Duration.ofMinutes(29)).plusSeconds(1);
        simulator.fault("hubspot", "oauth.token", Fault.status(429).times(1));
        for (int i = 0; i < 20; i++) {
            assertThat(ready(here).access()).isEqualTo(token(held).access());
        }
        assertThatThrownBy(() -> here.keeper.renewed(held, here.http)).isInstanceOf(StepFailed.Parked.class);
        assertThat(simulator.ledger().calls("hubspot")).hasSize(2);

        assertThat(ready(node("there", KEY)).access())
                .as("of a hub that was not asked to wait")
                .isNotEqualTo(token(held).access());
        assertThat(here.keeper.renewed(held, here.http).orElseThrow())
                .as("what another hub got counts at once")
                .satisfies(live -> assertThat(token(live).access())
                        .isNotEqualTo(token(held).access()));
        assertThat(simulator.ledger().calls("hubspot")).hasSize(3);
    }

    @Test
    void otherSecretsAreTriedAtOnceThoughAVendorAskedToWait() {
        Node here = node("here", KEY);
        simulator.fault(
                "hubspot",
                "oauth.token",
                Fault.status(429).retryAfter(Duration.ofHours(1)).times(1));
        assertThatThrownBy(() -> ready(here)).isInstanceOf(StepFailed.Parked.class);

        settings.put("crm.refresh-token", simulator.consent("hubspot"));

        assertThat(ready(here).access()).isNotBlank();
    }

    /** A check renews it early, so that trouble shows before it is missed; until then it is as good as any. */
    @Test
    void aCheckGoesOnWithAnOldTokenWhileThereIsNoOther() throws SQLException {
        simulator.tokens("hubspot", Duration.ofDays(30), true, Duration.ZERO);
        Node here = node("here", KEY);
        ready(here);
        now = now.plus(Duration.ofHours(25));
        var check = new ConnectionCheck(here.gate, here.keeper, here.http, clock);
        var works = new ConnectionCheck.Found(true, true, "it answered contacts");
        simulator.fault("hubspot", "oauth.token", Fault.status(503).times(1));
        assertThat(check.check(crm())).isEqualTo(works);

        now = now.plusSeconds(5);
        var tokens = new Tokens(database.dataSource(), Seal.of(KEY));
        var lease = tokens.lease("crm", 1, "there", Duration.ofMinutes(10)).orElseThrow();
        assertThat(check.check(crm())).as("another hub is at it").isEqualTo(works);
        tokens.release(lease, false);
        assertThat(simulator.refreshed("hubspot")).isEqualTo(1);

        assertThat(check.check(crm())).isEqualTo(works);
        assertThat(simulator.refreshed("hubspot")).isEqualTo(2);
    }

    @Test
    void withoutAKeyNothingIsKeptAndTheMessageSaysWhatToDo() {
        Node here = node("here", "");
        assertThatThrownBy(() -> ready(here))
                .isInstanceOf(StepFailed.class)
                .hasMessage(
                        "crm: secrets and tokens are kept encrypted and no key is set: put one into serai.secrets.key"
                                + " (make it: openssl rand -hex 32), on all hubs the same, and restart");
        assertThat(column("SELECT count(*) FROM token")).containsExactly("0");
    }

    @Test
    void aConnectionNobodyConsentedToSaysHowToConnectIt() {
        Node here = node("here", KEY);
        Connector crm = crm("grant: authorization_code, authorize_url: https://login.example");
        assertThatThrownBy(() -> here.keeper.ready(crm, here.http))
                .isInstanceOf(StepFailed.Parked.class)
                .hasMessageContaining("it was not connected yet; connect it: serai connections connect crm");
        assertThat(column(ALERTS).get(0))
                .contains("Reconnect at https://hub.example/connections, or serai connections connect crm");
    }

    private static final String CONSENT = "grant: authorization_code, authorize_url: https://login.example";

    private String access(Node node, Connector connector) {
        return token(node.keeper.ready(connector, node.http)).access();
    }

    /** Somebody connects an account, whose token lasts for an hour. @return how often people have by now */
    private long connects(Connector connector, String access) throws SQLException {
        var token = new Token(
                access, Optional.of("r"), now, Optional.of(now.plus(Duration.ofHours(1))), Optional.empty(), Map.of());
        return new Tokens(database.dataSource(), Seal.of(KEY))
                .consented("crm", TokenText.of(connector, token).write(), now, token.expiresAt(), "ada");
    }

    @Test
    void aNewConsentCountsOnAllHubsThoughTheOldTokenLasts() throws SQLException {
        Connector crm = crm(CONSENT);
        Node here = node("here", KEY);
        Node there = node("there", KEY);
        connects(crm, "of the old account");
        assertThat(List.of(access(here, crm), access(there, crm))).containsOnly("of the old account");

        here.keeper.consented("crm", connects(crm, "of the new account"));
        there.gate.look();

        assertThat(List.of(access(here, crm), access(there, crm))).containsOnly("of the new account");
    }

    @Test
    void aTokenThatWasReadBeforeAConsentIsNotKeptAfterIt() throws SQLException {
        Connector crm = crm(CONSENT);
        connects(crm, "of the old account");
        var asked = new AtomicInteger();
        var keeper = new AtomicReference<TokenKeeper>();
        // a hub looks at its clock when it begins, and again when it has read the token
        Node here = node("here", KEY, () -> {
            if (keeper.get() != null && asked.incrementAndGet() == 2) {
                try {
                    keeper.get().consented("crm", connects(crm, "of the new account"));
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
            return now;
        });
        keeper.set(here.keeper);

        assertThat(access(here, crm)).as("read before").isEqualTo("of the old account");
        assertThat(access(here, crm)).isEqualTo("of the new account");
    }

    private static DataSource awayWhile(BooleanSupplier away) {
        DataSource real = database.dataSource();
        return (DataSource) Proxy.newProxyInstance(
                TokenKeeperTest.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, args) -> {
                    if (away.getAsBoolean()) {
                        throw new SQLException("the database is away", "08001");
                    }
                    return method.invoke(real, args);
                });
    }

    @Test
    void aTokenGotWhileTheDatabaseIsAwayForMinutesIsStoredAfterwards() {
        simulator.tokens("hubspot", Duration.ofMinutes(30), true, Duration.ZERO);
        var back = new AtomicBoolean();
        Node here = node("here", KEY, clock, awayWhile(() -> simulator.refreshed("hubspot") == 2 && !back.get()));
        Token first = ready(here);
        now = now.plus(Duration.ofMinutes(29));

        Token fresh = ready(here);
        assertThat(fresh.access()).isNotEqualTo(first.access());
        for (Duration later : List.of(Duration.ofMinutes(5), Duration.ofMinutes(24))) {
            now = now.plus(later);
            assertThat(ready(here).access()).as("as long as it lasts").isEqualTo(fresh.access());
        }
        assertThat(column("SELECT version FROM token")).containsExactly("1");

        back.set(true);
        org.awaitility.Awaitility.await()
                .until(() -> column("SELECT version FROM token").equals(List.of("2")));
        assertThat(ready(node("there", KEY)).access())
                .as("renewed by what was stored")
                .isNotEqualTo(fresh.access());
        assertThat(simulator.refreshed("hubspot")).isEqualTo(3);
        assertThat(simulator.refusedTokens("hubspot")).isZero();
    }

    @Test
    void aTokenThatCouldNotBeStoredIsGivenUpWhenSomebodyHasConnectedTheAccountMeanwhile() throws SQLException {
        simulator.tokens("hubspot", Duration.ofMinutes(30), true, Duration.ZERO);
        var back = new AtomicBoolean();
        Node here = node("here", KEY, clock, awayWhile(() -> simulator.refreshed("hubspot") == 1 && !back.get()));
        Token held = ready(here);
        connects(crm(), "of the new account");
        assertThat(ready(here).access()).isEqualTo(held.access());

        back.set(true);
        here.gate.look();

        assertThat(ready(here).access()).isEqualTo("of the new account");
        assertThat(column("SELECT version FROM token")).containsExactly("1");
    }

    /** A replaced file of secrets reaches two hubs one after the other. */
    @Test
    void aHubWhoseSettingsAreLateGoesOnWithTheTokenOfTheNewerOnes() {
        simulator.tokens("hubspot", Duration.ofMinutes(30), true, Duration.ZERO);
        String grant = "grant: refresh_token, refresh_token: \"{{crm.refresh-token}}\"";
        var older = Map.copyOf(settings);
        Node here = node("here", KEY);
        ready(here);
        settings.put("crm.refresh-token", simulator.consent("hubspot"));
        Token fresh = ready(here);

        Node late = node("late", KEY);
        assertThat(access(late, crm(grant, older))).isEqualTo(fresh.access());
        assertThat(simulator.refusedTokens("hubspot")).isZero();
        assertThat(column("SELECT connection FROM parked_connection")).isEmpty();
        assertThat(ready(here).access()).isEqualTo(fresh.access());

        now = now.plus(Duration.ofMinutes(11));
        assertThatThrownBy(() -> access(late, crm(grant, older)))
                .as("settings that stay older are meant")
                .isInstanceOf(StepFailed.Parked.class)
                .hasMessageContaining("invalid_grant");
    }

    @Test
    void settingsThatAreGivenBackCountAtOnce() {
        simulator.tokens("hubspot", Duration.ofMinutes(30), false, Duration.ZERO);
        var older = settings.get("crm.refresh-token");
        Node here = node("here", KEY);
        ready(here);
        settings.put("crm.refresh-token", simulator.consent("hubspot"));
        Token wrong = ready(here);

        settings.put("crm.refresh-token", older);

        assertThat(ready(here).access()).isNotEqualTo(wrong.access());
        assertThat(simulator.refreshed("hubspot")).isEqualTo(3);
    }
}
