package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.file.Suggest;
import dev.serai.file.Yaml;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All vendors in one process on one port of 127.0.0.1. A vendor is read when it is first used; until
 * {@link #limits} or {@link #fault} says otherwise it knows no quotas and does nothing wrong.
 *
 * <pre>{@code
 * try (var simulator = Simulator.start(0)) {
 *     simulator.fault("mailchimp", Fault.status(429).retryAfter(Duration.ofSeconds(1)).times(1));
 *     ... call simulator.url("mailchimp") with simulator.secret("mailchimp") ...
 *     assertThat(simulator.ledger().violations()).isEmpty();
 *     assertThat(simulator.records("mailchimp", "members")).hasSize(1);
 * }
 * }</pre>
 */
public final class Simulator implements AutoCloseable {
    /** The operation by which a vendor gives tokens, for faults. */
    public static final String TOKEN = OAuth.TOKEN;

    private static final int CALLS_KEPT = 100_000;

    private final InstantSource clock;
    private final Ledger ledger = new Ledger(CALLS_KEPT);
    private final Map<String, Vendor> vendors = new ConcurrentHashMap<>();
    private final Map<String, VendorDocument> documents = new ConcurrentHashMap<>();
    private final Path systems;
    private final Set<String> known;
    private final Door door;

    private Simulator(Path systems, int port, InstantSource clock) {
        this.systems = systems;
        this.known = VendorNames.in(systems);
        this.clock = clock;
        this.door = Door.open(port, this);
    }

    /** The systems of the folder {@code mappings} here. @param port 0 for any free one */
    public static Simulator start(int port) {
        return start(port, InstantSource.system());
    }

    /** With a clock of the caller's: it stamps records and moves quota windows and the ends of faults. */
    public static Simulator start(int port, InstantSource clock) {
        return start(Path.of("mappings"), port, clock);
    }

    /**
     * @param systems {@code mappings/}: each folder in it with a {@code simulator.yaml} is a vendor
     * @param port 0 for any free one
     * @throws IllegalStateException when the port is taken
     */
    public static Simulator start(Path systems, int port, InstantSource clock) {
        return new Simulator(systems, port, clock);
    }

    public int port() {
        return door.port();
    }

    /** What a connector's base URL is set to. */
    public String url(String vendor) {
        mustBeKnown(vendor);
        return "http://127.0.0.1:" + port() + "/" + vendor;
    }

    /** The token, key or password this vendor takes. */
    public String secret(String vendor) {
        return credential(vendor).secret();
    }

    /** All that the vendor's one caller proves itself with now. */
    public Credential credential(String vendor) {
        return vendor(vendor).credential();
    }

    /** From now on the vendor takes this secret, what is made of it, and nothing else: no key it knew before. */
    public void rotate(String vendor, String secret) {
        vendor(vendor).rotate(secret);
    }

    /** From now on its tokens live so long; a refresh token that counts once gets the same answer again within the grace. */
    public void tokens(String vendor, Duration life, boolean rotates, Duration grace) {
        vendor(vendor).oauth(oauth -> {
            oauth.terms(life, rotates, grace);
            return null;
        });
    }

    /** A refresh token of the vendor, as if somebody had consented. */
    public String consent(String vendor) {
        return vendor(vendor).oauth(OAuth::consent);
    }

    /** No token it gave out counts any more. @param all its refresh tokens too */
    public void revoke(String vendor, boolean all) {
        vendor(vendor).oauth(oauth -> {
            if (all) {
                oauth.revoke();
            } else {
                oauth.end();
            }
            return null;
        });
    }

    /** How many tokens were refreshed, each counted once. */
    public int refreshed(String vendor) {
        return vendor(vendor).oauth(OAuth::refreshed);
    }

    /** How many requests for tokens were refused. */
    public int refusedTokens(String vendor) {
        return vendor(vendor).oauth(OAuth::refused);
    }

    /** Names of the vendors that can be simulated. */
    public Set<String> vendors() {
        return new TreeSet<>(known);
    }

    public Ledger ledger() {
        return ledger;
    }

    /** Makes any operation of the vendor go wrong. */
    public void fault(String vendor, Fault fault) {
        vendor(vendor).add("", fault, clock.instant());
    }

    /** @param operation the contract's id of the operation that shall go wrong */
    public void fault(String vendor, String operation, Fault fault) {
        vendor(vendor).add(operation, fault, clock.instant());
    }

    public void clearFaults(String vendor) {
        vendor(vendor).clearFaults();
    }

    /** Sends the answers that a fault delays: nobody need wait for as long as they may be held back. */
    public void answerNow() {
        door.answerNow();
    }

    /** Faults that wait for a call, in words. */
    public List<String> faults(String vendor) {
        return vendor(vendor).faults(clock.instant());
    }

    /** The vendor's own quotas, as its file has them, hold from now on. */
    public void limits(String vendor) {
        vendor(vendor).limit(null);
    }

    /**
     * This quota holds in place of the vendor's own, for all its operations.
     *
     * @param per length of the rolling window; zero for requests at one time
     */
    public void limits(String vendor, int requests, Duration per) {
        vendor(vendor).limit(new Meter.Quota("", requests, per));
    }

    /** No quota holds any more. */
    public void noLimits(String vendor) {
        vendor(vendor).noLimits();
    }

    /**
     * From now on a search does not show what was made less than so long ago; where the vendor's file says that it lags longer,
     * it does.
     *
     * @param operation the contract's id of a list; any other operation shows at once what there is
     */
    public void lag(String vendor, String operation, Duration lag) {
        vendor(vendor).lag(operation, lag);
    }

    /** From now on the vendor forgets idempotency keys after so long, or as soon as its file says where that is sooner. */
    public void keepKeys(String vendor, Duration most) {
        vendor(vendor).keepKeys(most);
    }

    /** The records of a collection, oldest first. */
    public List<JsonNode> records(String vendor, String collection) {
        return vendor(vendor).records(collection);
    }

    /** Puts a record in place as if it had always been there. */
    public void seed(String vendor, String collection, JsonNode record) {
        vendor(vendor).seed(collection, record, clock.instant());
    }

    /**
     * Puts many records in place, a second apart.
     *
     * @param record JSLT over {@code $n} (from 1), {@code $at} (RFC 3339) and {@code $unix} (seconds)
     */
    public void seed(String vendor, String collection, Yaml record, int count, Instant first) {
        vendor(vendor).seed(collection, record, count, first);
    }

    /** How many records a vendor has, by collection; empty ones left out. */
    public Map<String, Integer> sizes(String vendor) {
        return vendor(vendor).sizes();
    }

    /** What the vendor's contract says of a request; nothing is sent or done. */
    public Promise promise(String vendor, Asked asked) {
        return vendor(vendor).promise(asked);
    }

    /** What the vendor's contract says beside the form of requests. */
    public VendorDocument document(String vendor) {
        return documents.computeIfAbsent(vendor, name -> new VendorDocument(Contract.document(systems.resolve(name))));
    }

    /** All vendors as on the first day, and an empty ledger. */
    public void reset() {
        vendors.values().forEach(vendor -> vendor.reset(clock.instant()));
        ledger.clear();
    }

    @Override
    public void close() {
        door.close();
    }

    Instant now() {
        return clock.instant();
    }

    /** The vendors used so far. */
    Map<String, Vendor> used() {
        return new TreeMap<>(vendors);
    }

    /** @throws IllegalArgumentException when no such vendor can be simulated */
    Vendor vendor(String name) {
        mustBeKnown(name);
        return vendors.computeIfAbsent(name, key -> Vendor.load(systems.resolve(key), clock.instant()));
    }

    private void mustBeKnown(String name) {
        if (!known.contains(name)) {
            throw new IllegalArgumentException("no vendor \"" + name + "\" is simulated; " + Suggest.hint(name, known));
        }
    }
}
