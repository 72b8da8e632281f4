package dev.serai.route;

import dev.serai.connector.SecretAway;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
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
    /** How long one waits while somebody else asks. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String region;
    private final String endpoint;
    private final InstantSource clock;
    private final Map<String, Got> got = new ConcurrentHashMap<>();
    private final Map<String, SecretAway> silent = new ConcurrentHashMap<>();
    private final ReentrantLock asking = new ReentrantLock();
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
        if (known == null) {
            return first(value, vault.get());
        }
        // one asks anew, and everybody else goes on with what is known
        if (!known.at.plus(FRESH).isAfter(clock.instant()) && asking.tryLock()) {
            try {
                got.put(value, again(value, known));
            } finally {
                asking.unlock();
            }
        }
        return got.get(value).secret;
    }

    /** Nothing is known yet: without it, nothing that needs it can go on. */
    private String first(String value, Vault vault) {
        refuseIfAway(value);
        if (!vault.isThere()) {
            throw away(value, vault.missing());
        }
        takeTurn(value, vault);
        try {
            Got known = got.get(value);
            if (known == null) {
                refuseIfAway(value);
                known = new Got(asked(value), clock.instant());
                got.put(value, known);
                silent.remove(value);
            }
            return known.secret;
        } catch (SecretAway e) {
            throw e;
        } catch (RuntimeException e) {
            throw away(value, vault.silent(Failures.innermost(e).getMessage()));
        } finally {
            asking.unlock();
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

    /** A vault that hangs holds up one who asks, and no more. */
    private void takeTurn(String value, Vault vault) {
        try {
            if (asking.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw away(value, vault.silent("it takes its time"));
    }

    private Got again(String value, Got before) {
        Instant now = clock.instant();
        try {
            return new Got(asked(value), now);
        } catch (RuntimeException e) {
            String why = Failures.innermost(e).getMessage();
            LOG.warn("vault.not_asked {}: {}; the secret of before stays", value, why);
            return new Got(before.secret, now);
        }
    }

    private String asked(String value) {
        return context().resolvePropertyPlaceholders(value);
    }

    private CamelContext context() {
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
