package dev.serai.simulator;

import dev.serai.file.Yaml;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How a client says at the token endpoint who it is (RFC 6749, 2.3; RFC 7523, 2.2). */
final class Clients {
    private static final String NONE = "none";

    /** Where somebody else's word lets a client in, its own may be missing. */
    private static final Set<String> BY_ANOTHERS_WORD = Set.of("password", "jwt_bearer");

    private final List<String> ways;
    private final Assertions assertions;

    /** @param ways {@code client_auth} of the vendor's file */
    Clients(Optional<Yaml> ways, Assertions assertions) {
        this.ways = ways.map(Assertions::texts).orElse(List.of("basic", "post", "assertion"));
        this.assertions = assertions;
    }

    /** @throws Refusal of kind {@code bad_credential} that says why it is not known */
    void check(Attempt attempt, Map<String, String> form, String grant) {
        String way = way(attempt.asked(), form);
        boolean free = way.equals(NONE) && BY_ANOTHERS_WORD.contains(grant);
        Assertions.require(
                free || ways.contains(way) && !(way.equals(NONE) && grant.equals("client_credentials")),
                "a client does not say here who it is by " + way);
        String client = attempt.known().client();
        String secret = attempt.known().secret();
        Assertions.require(form.getOrDefault("client_id", client).equals(client), "the client is not known by this id");
        boolean right =
                switch (way) {
                    case "basic" -> basic(attempt.asked(), client, secret);
                    case "post" -> form.containsKey("client_id") && secret.equals(form.get("client_secret"));
                    case "assertion" -> assertion(attempt, form, client);
                    default -> free || form.containsKey("client_id");
                };
        Assertions.require(right, "the client is not known by this id and secret");
    }

    private static String way(Asked asked, Map<String, String> form) {
        if (form.containsKey("client_assertion")) {
            return "assertion";
        }
        return !asked.header("Authorization").isEmpty() ? "basic" : form.containsKey("client_secret") ? "post" : NONE;
    }

    /** Id and secret are encoded as in a form before they go into the header. */
    private static boolean basic(Asked asked, String client, String secret) {
        try {
            return Carried.pair(asked.header("Authorization"))
                    .filter(pair -> pair.length == 2)
                    .filter(pair ->
                            decode(pair[0]).equals(client) && decode(pair[1]).equals(secret))
                    .isPresent();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private boolean assertion(Attempt attempt, Map<String, String> form, String client) {
        return "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".equals(form.get("client_assertion_type"))
                && client.equals(
                        assertions.check(form.get("client_assertion"), attempt).getSubject());
    }
}
