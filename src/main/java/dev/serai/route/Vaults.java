package dev.serai.route;

import dev.serai.config.SettingsRefused;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.vault.AwsVaultConfiguration;
import org.apache.camel.vault.VaultConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Secrets that lie in AWS Secrets Manager: the value of a setting may be {@code {{aws:crm}}}, or {@code {{aws:crm#token}}}
 * for a field of a secret that is JSON. Camel's own property function asks, with the credentials that AWS' own tools would
 * use. What was got is kept for five minutes, and for longer while the vault does not answer.
 */
public final class Vaults {
    private static final Logger LOG = LoggerFactory.getLogger(Vaults.class);
    private static final Pattern ASKS = Pattern.compile("\\{\\{aws:[^{}]+}}");
    private static final Duration FRESH = Duration.ofMinutes(5);

    private final String region;
    private final String endpoint;
    private final InstantSource clock;
    private final Map<String, Got> got = new HashMap<>();
    private CamelContext context;

    private record Got(String secret, Instant at) {}

    /** @param region such as eu-central-1; empty for the one AWS' own tools would take @param endpoint empty for AWS itself */
    public Vaults(String region, String endpoint, InstantSource clock) {
        this.region = region;
        this.endpoint = endpoint;
        this.clock = clock;
    }

    /** The secret that a value stands for; the value itself when it stands for none. @throws SettingsRefused without it */
    public synchronized String secret(String value) {
        if (!ASKS.matcher(value).matches()) {
            return value;
        }
        Instant now = clock.instant();
        Got before = got.get(value);
        if (before != null && before.at.plus(FRESH).isAfter(now)) {
            return before.secret;
        }
        try {
            got.put(value, new Got(context().resolvePropertyPlaceholders(value), now));
        } catch (RuntimeException e) {
            String why = Failures.innermost(e).getMessage();
            if (before == null) {
                throw new SettingsRefused(value + ": AWS Secrets Manager did not give it: " + why
                        + "; is the name right, serai.vault.aws.region set, and may this hub read it?");
            }
            LOG.warn("vault.not_asked {}: {}; the secret of before stays", value, why);
            got.put(value, new Got(before.secret, now));
        }
        return got.get(value).secret;
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
