package dev.serai.oidc;

import java.util.Set;

/**
 * Somebody, as an issuer vouched for.
 *
 * @param name as people know it: {@code preferred_username}, else {@code email}, else the subject; one line of 100 characters at most
 * @param subject what the issuer calls the account, for ever
 * @param values of the claim that says what somebody may do; empty when the token has none
 * @param nonce of the sign-in; no other has it
 */
public record Identity(String name, String subject, Set<String> values, String nonce) {}
