package dev.serai.route;

import dev.serai.connector.SecretAway;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.vault.AwsVaultConfiguration;
import org.apache.camel.vault.VaultConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Secrets that lie in a {@link Vault}: the value of a setting may be {@code {{aws:crm}}}, or {@code {{aws:crm#token}}} for a
 * field of a secret that is JSON. Camel's own property function asks, with the credentials that the cloud's own tools would use.
 * What was got is kept for five minutes, and for longer while the vault does not answer. What was never got is asked for again
 * every quarter of a minute, as long as somebody needs it. A vault that hangs is waited for once; from then on one question at a
 * time finds out, behind everybody's back, whether it answers again.
 */
public final class Vaults {
    private static final Logger LOG = LoggerFactory.getLogger(Vaults.class);
    private static final Duration FRESH = Duration.ofMinutes(5);
    /** How long a vault that gave nothing is left alone. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(15);
    /** How long one waits for an answer: clients of vaults try for a minute and more. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String region;
    private final String endpoint;
    private final InstantSource clock;
    private final Duration patience;
    private final Map<String, Got> got = new ConcurrentHashMap<>();
    private final Map<String, SecretAway> silent = new ConcurrentHashMap<>();
    private final Set<Vault> hanging = ConcurrentHashMap.newKeySet();
    /** What is under way; a client of a vault gives up by itself after some time. */
    private final Map<String, Future<?>> asking = new ConcurrentHashMap<>();

    private final ExecutorService asks = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "serai-vaults");
        thread.setDaemon(true);
        return thread;
    });
    private CamelContext context;

    private record Got(String secret, Instant at) {}

    /** @param region such as eu-central-1; empty for the one AWS' own tools would take @param endpoint empty for AWS itself */
    public Vaults(String region, String endpoint, InstantSource clock) {
        this(region, endpoint, clock, PATIENCE);
    }

    Vaults(String region, String endpoint, InstantSource clock, Duration patience) {
        this.region = region;
        this.endpoint = endpoint;
        this.clock = clock;
        this.patience = patience;
    }

    /** The secret that a value stands for; the value itself when it stands for none. @throws SecretAway without it */
    public String secret(String value) {
        Optional<Vault> vault = Vault.of(value);
        if (vault.isEmpty()) {
            return value;
        }
        Got known = got.get(value);
        // one waits for what is asked anew, and everybody else goes on with what is known
        if (known != null && (known.at.plus(FRESH).isAfter(clock.instant()) || asking.containsKey(value))) {
            return known.secret;
        }
        if (known == null) {
            refuseIfAway(value);
        }
        if (!vault.get().isThere()) {
            throw away(value, vault.get().missing());
        }
        Optional<String> why =
                hanging.contains(vault.get()) ? askedAgain(vault.get(), value) : asked(vault.get(), value);
        if (why.isEmpty()) {
            return got.get(value).secret;
        }
        if (known == null) {
            throw away(value, vault.get().silent(why.get()));
        }
        LOG.warn("vault.not_asked {}: {}; the secret of before stays", value, why.get());
        got.replace(value, known, new Got(known.secret, clock.instant()));
        return got.get(value).secret;
    }

    /** Asks, on a thread that may hang, and waits for a moment; what comes later counts then. @return why nothing came */
    private Optional<String> asked(Vault vault, String value) {
        try {
            begin(vault, value).get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(String.valueOf(Failures.innermost(e.getCause()).getMessage()));
        } catch (TimeoutException e) {
            hanging.add(vault);
            return Optional.of("no answer within " + patience.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("the hub stops");
        }
    }

    /** Of a vault that hangs: not while another question to it is under way, and nobody waits for the answer. */
    private Optional<String> askedAgain(Vault vault, String value) {
        if (asking.keySet().stream().noneMatch(other -> Vault.of(other).equals(Optional.of(vault)))) {
            begin(vault, value);
        }
        return Optional.of("it has not answered in time of late, and is asked again");
    }

    private Future<?> begin(Vault vault, String value) {
        return asking.computeIfAbsent(value, key -> asks.submit(() -> ask(vault, key)));
    }

    private void ask(Vault vault, String value) {
        long began = System.nanoTime();
        try {
            got.put(value, new Got(context().resolvePropertyPlaceholders(value), clock.instant()));
            silent.remove(value);
        } finally {
            if (System.nanoTime() - began < patience.toNanos()) {
                hanging.remove(vault); // it answers again, if only with a no
            }
            asking.remove(value);
        }
    }

    private void refuseIfAway(String value) {
        SecretAway away = silent.get(value);
        if (away != null && clock.instant().isBefore(away.again())) {
            throw away;
        }
    }

    private SecretAway away(String value, String why) {
        Instant now = clock.instant();
        return silent.compute(value, (key, before) -> {
            Instant since = before == null ? now : before.since();
            LOG.warn("vault.silent {}: {}", key, why);
            return new SecretAway(key + ": " + why, since, now.plus(ASK_AGAIN));
        });
    }

    private synchronized CamelContext context() {
        if (context == null) {
            CamelContext started = HttpCalls.bareContext();
            var vaults = new VaultConfiguration();
            AwsVaultConfiguration aws = vaults.aws();
            aws.setDefaultCredentialsProvider(true);
            aws.setRegion(region.isEmpty() ? System.getenv("AWS_REGION") : region);
            if (!endpoint.isEmpty()) {
                aws.setOverrideEndpoint(true);
                aws.setUriEndpointOverride(endpoint);
            }
            started.setVaultConfiguration(vaults);
            context = started;
        }
        return context;
    }
}
