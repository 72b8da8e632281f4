package dev.serai.console;

import dev.serai.api.Role;
import dev.serai.oidc.SignIn;
import java.net.URI;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The accounts people have elsewhere, which open this console.
 *
 * @param opens by role, what an account must have one of
 * @param home where browsers reach this console, without a slash at the end
 */
public record Accounts(SignIn issuer, Map<Role, Set<String>> opens, Supplier<String> home) {

    String name() {
        return issuer.terms().name();
    }

    /** Where the issuer sends people back to; it must know the address. */
    URI back() {
        return URI.create(home.get() + SignInPages.BACK);
    }

    /** Where it sends them when they have logged out there. */
    URI left() {
        return URI.create(home.get() + "/login");
    }

    /** The highest role that one of these opens. */
    Optional<Role> role(Set<String> values) {
        return opens.entrySet().stream()
                .filter(role -> role.getValue().stream().anyMatch(values::contains))
                .map(Map.Entry::getKey)
                .max(Comparator.naturalOrder());
    }
}
