package dev.serai.route;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The vaults a setting may point into, each by a property function of Camel: {@code {{azure:crm}}}. */
enum Vault {
    AWS("aws", "AWS Secrets Manager", "is serai.vault.aws.region set", ""),
    GOOGLE("gcp", "Google Secret Manager", "is CAMEL_VAULT_GCP_PROJECT_ID set", "vault-google"),
    AZURE("azure", "Azure Key Vault", "is CAMEL_VAULT_AZURE_VAULT_NAME set", "vault-azure"),
    KUBERNETES_SECRET("secret", "Kubernetes", "is it in this namespace", "vault-kubernetes"),
    KUBERNETES_CONFIGMAP("configmap", "Kubernetes", "is it in this namespace", "vault-kubernetes");

    private static final Pattern ASKS = Pattern.compile("\\{\\{([a-z]+):[^{}]+}}");

    private final String function;
    private final String title;
    private final String question;
    private final String profile;

    /** @param profile of the build that adds its library; empty when that is always there */
    Vault(String function, String title, String question, String profile) {
        this.function = function;
        this.title = title;
        this.question = question;
        this.profile = profile;
    }

    /** The one that the value of a setting asks; empty when it is a value like any other. */
    static Optional<Vault> of(String value) {
        Matcher asks = ASKS.matcher(value);
        return asks.matches()
                ? Arrays.stream(values())
                        .filter(vault -> vault.function.equals(asks.group(1)))
                        .findFirst()
                : Optional.empty();
    }

    /** Whether its library is beside the hub. */
    boolean isThere() {
        return Vault.class.getResource("/META-INF/services/org/apache/camel/properties-function/" + function) != null;
    }

    /** What to do when its library is not there. */
    String missing() {
        return "its library is not beside the hub; build it in: ./mvnw package -DskipTests -P " + profile;
    }

    /** Why it did not give a secret. */
    String silent(String why) {
        return title + " did not give it: " + why + "; is the name right, " + question + ", and may this hub read it?";
    }
}
