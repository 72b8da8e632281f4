package dev.serai.oidc;

import java.net.URI;
import java.util.List;
import java.util.function.Supplier;

/**
 * Whom we believe, and as whom we ask.
 *
 * @param name as people call the issuer
 * @param issuer as its documents and tokens say it, to the letter
 * @param secret of the client; empty for a public one. Asked for at each sign-in: it may have been changed
 * @param roles the claim of the ID token that says what somebody may do: {@code groups}, {@code realm_access.roles}
 */
public record Terms(
        String name, URI issuer, String client, Supplier<String> secret, List<String> scopes, String roles) {}
