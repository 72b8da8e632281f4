package dev.serai.oidc;

import java.util.Set;

/**
 * Somebody, as an issuer vouched for.
 *
 * @param name as people know it: {@code preferred_username}, else {@code email}, else the subject; one line of 100 characters at
 *     most, without brackets; people may change it
 * @param subject what the issuer calls the account, for ever
 * @param mark of issuer and subject, twelve hexadecimal digits: of two who bear one name each has another, whatever they change
 * @param values of the claim that says what somebody may do; empty when the token has none
 * @param nonce of the sign-in; no other has it
 */
public record Identity(String name, String subject, String mark, Set<String> values, String nonce) {
    /** What is noted of it: {@code ada@example.com (Keycloak 5b2e0c91d7aa)}. @param issuer as people call it */
    public String noted(String issuer) {
        return name + " (" + issuer + " " + mark + ")";
    }
}
