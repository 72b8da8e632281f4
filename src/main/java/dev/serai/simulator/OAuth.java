package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.schibsted.spt.data.jslt.Expression;
import dev.serai.file.Durations;
import dev.serai.file.Yaml;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where a vendor gives out tokens: a token endpoint with a consent page where everybody agrees at once, or a log-in of the
 * vendor's own. It takes one client, the vendor's {@link Credential}.
 */
final class OAuth {
    static final String TOKEN = "oauth.token";
    static final String AUTHORIZE = "oauth.authorize";

    private static final List<String> GRANTS =
            List.of("authorization_code", "client_credentials", "refresh_token", "jwt_bearer", "password");

    private final String tokenPath;
    private final String authorizePath;
    private final Duration usualLife;
    private final boolean usuallyRotates;
    private final boolean tellsLife;
    private final boolean alone;
    private final Optional<Expression> fields;
    private final List<String> grants;
    private final Assertions assertions;
    private final Clients clients;
    private final Optional<LogIn> logIn;
    private Duration life;
    private boolean rotates;
    private Duration grace = Duration.ZERO;

    private final Map<String, Instant> access = new HashMap<>();
    private final Map<String, Used> refresh = new HashMap<>();
    private final Map<String, Code> codes = new HashMap<>();
    private int issued;
    private int refreshed;
    private int refused;
    private boolean withdrawn;

    /** A refresh token. @param at when it was used; null when it was not @param answer what it got */
    private record Used(Instant at, Answer answer) {
        static final Used NOT = new Used(null, null);
    }

    private record Code(String challenge, String redirect) {}

    /** @param oauth2 or {@code session}, of a vendor's file */
    OAuth(Yaml oauth2, Expressions expressions) {
        boolean own = oauth2.get("login").isPresent();
        tokenPath = oauth2.text("login").or(() -> oauth2.text("token")).orElseThrow();
        authorizePath = oauth2.text("authorize").orElse("");
        usualLife = Durations.of(oauth2.text("life").orElseThrow());
        usuallyRotates = oauth2.text("rotates").orElse("false").equals("true");
        tellsLife = oauth2.text("tells_life").orElse("true").equals("true");
        alone = own || oauth2.text("alone").orElse("false").equals("true");
        fields = oauth2.get("fields").map(expressions::compile);
        grants = oauth2.get("grants").map(Assertions::texts).orElse(GRANTS);
        assertions = new Assertions(tokenPath, !own, oauth2.get("assertion"));
        clients = new Clients(oauth2.get("client_auth"), assertions);
        logIn = own ? Optional.of(new LogIn(oauth2, expressions, assertions)) : Optional.empty();
        reset();
    }

    void reset() {
        assertions.reset();
        life = usualLife;
        rotates = usuallyRotates;
        grace = Duration.ZERO;
        access.clear();
        refresh.clear();
        codes.clear();
        withdrawn = false;
        refreshed = 0;
        refused = 0;
    }

    /** @param grace how long a refresh token that counts once gets the same answer again */
    void terms(Duration life, boolean rotates, Duration grace) {
        this.life = life;
        this.rotates = rotates;
        this.grace = grace;
    }

    /** The operation a request means, or empty. */
    String operation(Asked asked) {
        if (asked.method().equals("POST") && asked.path().equals(tokenPath)) {
            return TOKEN;
        }
        return asked.method().equals("GET") && asked.path().equals(authorizePath) ? AUTHORIZE : "";
    }

    /** Whether its tokens alone are taken, and the vendor's secret opens nothing by itself. */
    boolean alone() {
        return alone;
    }

    boolean takes(String token, Instant now) {
        return access.containsKey(token) && now.isBefore(access.get(token));
    }

    /** Every token given out so far is good for nothing, as after a person withdrew the consent. */
    void revoke() {
        access.clear();
        refresh.clear();
        withdrawn = true;
    }

    /** The access tokens alone: what they refresh from stays. */
    void end() {
        access.clear();
    }

    /** A refresh token as if somebody had consented. */
    String consent() {
        String token = "simulated-refresh-" + ++issued;
        refresh.put(token, Used.NOT);
        return token;
    }

    int refreshed() {
        return refreshed;
    }

    int refused() {
        return refused;
    }

    /** @param variables what its expressions see @throws Refusal of a log-in that is not right */
    Answer answer(String operation, Attempt attempt, Map<String, JsonNode> variables) {
        if (operation.equals(AUTHORIZE)) {
            return authorize(attempt.asked());
        }
        if (logIn.isPresent()) {
            return logIn(logIn.get(), attempt, variables);
        }
        Answer answer = grant(attempt);
        if (fields.isEmpty() || answer.status() != 200) {
            return answer;
        }
        JsonNode more = fields.get().apply(variables, NullNode.getInstance());
        return Answer.json(200, Expressions.merge(Json.parse(new String(answer.body(), StandardCharsets.UTF_8)), more));
    }

    private Answer logIn(LogIn own, Attempt attempt, Map<String, JsonNode> variables) {
        try {
            own.check(attempt, variables);
        } catch (Refusal e) {
            refused++;
            throw e;
        }
        return own.answer(access(attempt.now()), life, attempt, variables);
    }

    private Answer grant(Attempt attempt) {
        Map<String, String> form = Asked.pairs(attempt.asked().body()).stream()
                .collect(Collectors.toMap(Entry::getKey, Entry::getValue, (first, again) -> first));
        String grant = form.getOrDefault("grant_type", "")
                .replace("urn:ietf:params:oauth:grant-type:jwt-bearer", "jwt_bearer");
        try {
            clients.check(attempt, form, grant);
        } catch (Refusal e) {
            return refuse(401, "invalid_client", e.getMessage());
        }
        if (!grants.contains(grant)) {
            return refuse(400, "unsupported_grant_type", "this vendor knows no such grant");
        }
        Instant now = attempt.now();
        return switch (grant) {
            case "refresh_token" -> refresh(form.getOrDefault("refresh_token", ""), attempt);
            case "authorization_code" -> exchange(form, now);
            case "jwt_bearer" -> asserted(form.getOrDefault("assertion", ""), attempt);
            case "password" -> password(form, attempt);
            default -> token(now, "");
        };
    }

    private Answer asserted(String assertion, Attempt attempt) {
        try {
            assertions.check(assertion, attempt);
            return token(attempt.now(), "");
        } catch (Refusal e) {
            return refuse(400, "invalid_grant", e.getMessage());
        }
    }

    private Answer password(Map<String, String> form, Attempt attempt) {
        boolean right = !form.getOrDefault("username", "").isEmpty()
                && attempt.known().password().equals(form.get("password"));
        return right ? token(attempt.now(), "") : refuse(400, "invalid_grant", "no user has this password");
    }

    /** One that was made by hand is as one of a consent. */
    private Answer refresh(String token, Attempt attempt) {
        Instant now = attempt.now();
        boolean made = !withdrawn && token.equals(attempt.known().refreshToken());
        Used used = refresh.getOrDefault(token, made ? Used.NOT : null);
        if (used == null) {
            return refuse(400, "invalid_grant", "the refresh token is not valid");
        }
        if (used.at != null) {
            return now.isAfter(used.at.plus(grace))
                    ? refuse(400, "invalid_grant", "the refresh token was used before")
                    : used.answer;
        }
        refreshed++;
        Answer answer = token(now, rotates ? consent() : token);
        if (rotates) {
            refresh.put(token, new Used(now, answer));
        }
        return answer;
    }

    private Answer exchange(Map<String, String> form, Instant now) {
        Code code = codes.remove(form.getOrDefault("code", ""));
        boolean right = code != null
                && code.redirect.equals(form.get("redirect_uri"))
                && code.challenge.equals(challenge(form.getOrDefault("code_verifier", "")));
        return right ? token(now, consent()) : refuse(400, "invalid_grant", "the code is not valid");
    }

    private static String challenge(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String access(Instant now) {
        String token = "simulated-access-" + ++issued;
        access.put(token, now.plus(life));
        return token;
    }

    private Answer token(Instant now, String refreshToken) {
        var json = Json.MAKE.objectNode().put("access_token", access(now)).put("token_type", "bearer");
        if (tellsLife) {
            json.put("expires_in", life.toSeconds());
        }
        if (!refreshToken.isEmpty()) {
            json.put("refresh_token", refreshToken);
        }
        return Answer.json(200, json);
    }

    private Answer authorize(Asked asked) {
        String redirect = asked.query("redirect_uri").orElse("");
        if (!asked.query("code_challenge_method").orElse("").equals("S256")) {
            return refuse(400, "invalid_request", "PKCE with S256 is needed");
        }
        String code = "simulated-code-" + ++issued;
        codes.put(code, new Code(asked.query("code_challenge").orElse(""), redirect));
        return Answer.empty(302)
                .with(
                        "Location",
                        redirect + "?code=" + code + "&state="
                                + asked.query("state").orElse(""));
    }

    private Answer refuse(int status, String error, String words) {
        refused++;
        return Answer.json(status, Json.MAKE.objectNode().put("error", error).put("error_description", words));
    }
}
