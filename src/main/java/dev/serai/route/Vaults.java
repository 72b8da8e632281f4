package dev.serai.route;

import dev.serai.connector.SecretAway;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
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
 * every quarter of a minute, as long as somebody needs it.
 */
public final class Vaults {
    private static final Logger LOG = LoggerFactory.getLogger(Vaults.class);
    private static final Duration FRESH = Duration.ofMinutes(5);
    /** How long a vault that gave nothing is left alone. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(15);
    /** How long one waits for an answer: clients of vaults try for a minute and more. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** How long nobody waits again for a vault that did not answer: each of its secrets would take as long. */
    private static final Duration HANGS = Duration.ofMinutes(2);

    private final String region;
    private final String endpoint;
    private final InstantSource clock;
    private final Map<String, Got> got = new ConcurrentHashMap<>();
    private final Map<String, SecretAway> silent = new ConcurrentHashMap<>();
    private final Map<Vault, Instant> hanging = new ConcurrentHashMap<>();
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
        this.region = region;
        this.endpoint = endpoint;
        this.clock = clock;
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
        if (known == null && clock.instant().isBefore(hanging.getOrDefault(vault.get(), Instant.MIN))) {
            throw away(value, vault.get().silent("it did not answer a moment ago"));
        }
        if (!vault.get().isThere()) {
            throw away(value, vault.get().missing());
        }
        Optional<String> why = asked(value);
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
    private Optional<String> asked(String value) {
        try {
            asking.computeIfAbsent(value, key -> asks.submit(() -> ask(key)))
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(String.valueOf(Failures.innermost(e.getCause()).getMessage()));
        } catch (TimeoutException e) {
            hanging.put(Vault.of(value).orElseThrow(), clock.instant().plus(HANGS));
            return Optional.of("no answer within " + PATIENCE.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("the hub stops");
        }
    }

    private void ask(String value) {
        try {
            got.put(value, new Got(context().resolvePropertyPlaceholders(value), clock.instant()));
            silent.remove(value);
            hanging.remove(Vault.of(value).orElseThrow());
        } finally {
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
