package dev.serai.connector.auth;

import dev.serai.connector.FileParts;
import dev.serai.connector.JsonTemplate;
import dev.serai.connector.Text;
import dev.serai.connector.auth.OAuth2.ClientAuth;
import dev.serai.connector.auth.OAuth2.Grant;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads what a connector file says of tokens: OAuth 2.0 and log-ins of a vendor's own. */
final class TokenAuthFile {
    private static final Duration REFRESH_BEFORE = Duration.ofSeconds(60); // N-16
    private static final Duration ASSERTION_LIFE = Duration.ofMinutes(3);

    /** What each grant cannot do without, and which of the others' fields would mean nothing to it. */
    private static final Map<Grant, List<String>> NEEDS = Map.of(
            Grant.AUTHORIZATION_CODE, List.of("authorize_url", "client_id"),
            Grant.CLIENT_CREDENTIALS, List.of("client_id", "client_secret"),
            Grant.REFRESH_TOKEN, List.of("refresh_token", "client_id"),
            Grant.JWT_BEARER, List.of("assertion"),
            Grant.PASSWORD, List.of("user", "password"));

    private static final Map<String, List<Grant>> ONLY_FOR = Map.of(
            "authorize_url", List.of(Grant.AUTHORIZATION_CODE),
            "authorize_parameters", List.of(Grant.AUTHORIZATION_CODE),
            "refresh_token", List.of(Grant.REFRESH_TOKEN),
            "assertion", List.of(Grant.JWT_BEARER),
            "user", List.of(Grant.PASSWORD),
            "password", List.of(Grant.PASSWORD));

    private final AuthFile file;
    private final Yaml auth;
    private final Problems problems;

    TokenAuthFile(AuthFile file, Yaml auth, Problems problems) {
        this.file = file;
        this.auth = auth;
        this.problems = problems;
    }

    Auth oauth2() {
        Grant grant = FileParts.oneOf(auth, "grant", Grant.CLIENT_CREDENTIALS);
        if (auth.text("grant").filter(given -> given.equals(lower(grant))).isPresent()) {
            checkGrant(grant);
        }
        var oauth2 = new OAuth2(
                grant,
                new OAuth2.Endpoints(address(auth, "token_url"), address(auth, "authorize_url")),
                new OAuth2.Client(
                        file.secretOrId(auth, "client_id"),
                        file.secret(auth, "client_secret"),
                        FileParts.oneOf(auth, "client_auth", ClientAuth.BASIC)),
                new OAuth2.Owner(
                        file.secretOrId(auth, "user"),
                        file.secret(auth, "password"),
                        file.secret(auth, "refresh_token")),
                new OAuth2.Extras(
                        scopes(), file.settled(auth, "parameters"), file.settled(auth, "authorize_parameters")),
                auth.get("assertion").map(this::assertion));
        return tokens(oauth2, "Bearer");
    }

    Auth session() {
        Yaml login = auth.get("login").orElse(null);
        if (login == null) {
            return Fixed.NONE; // the schema has said so
        }
        boolean form = login.get("form").isPresent();
        if (form == login.get("body").isPresent()) {
            problems.add(
                    login,
                    "\"auth.login\" needs either \"body\", sent as JSON, or \"form\", and has "
                            + (form ? "both" : "neither"));
        }
        Optional<Yaml> sent = login.get(form ? "form" : "body");
        JsonTemplate body =
                sent.map(at -> JsonTemplate.of(at, problems)).orElseGet(() -> JsonTemplate.of(login, problems));
        sent.ifPresent(at ->
                body.texts().forEach(text -> file.settingsOnly(at, "auth.login." + (form ? "form" : "body"), text)));
        var places = new TokenSource.Places(
                auth.text("token").orElse(""), auth.text("life").orElse(""));
        var session = new Session(address(login, "url"), file.settled(login, "headers"), body, form, places);
        return tokens(session, "");
    }

    private TokenAuth tokens(TokenSource source, String prefix) {
        var carrier = new TokenAuth.Carrier(
                auth.text("header").orElse("Authorization"),
                auth.text("prefix").orElse(prefix).strip());
        Optional<Duration> expiresIn = auth.get("expires_in")
                .map(at -> FileParts.span(auth, "expires_in", Duration.ZERO, problems))
                .filter(life -> !life.isZero());
        var life = new TokenAuth.Life(FileParts.duration(auth, "refresh_before", REFRESH_BEFORE, problems), expiresIn);
        return new TokenAuth(source, carrier, life, Optional.empty());
    }

    private void checkGrant(Grant grant) {
        String name = lower(grant);
        for (String key : NEEDS.get(grant)) {
            if (auth.get(key).isEmpty()) {
                problems.add(auth, "\"auth." + key + "\" is missing; the grant " + name + " needs it");
            }
        }
        ONLY_FOR.forEach((key, grants) -> auth.get(key)
                .filter(at -> !grants.contains(grant))
                .ifPresent(at -> problems.addAtKey(
                        auth,
                        key,
                        "\"auth." + key + "\" means nothing to the grant " + name + "; it belongs to "
                                + lower(grants.get(0)) + ": remove one")));
    }

    private static String lower(Grant grant) {
        return grant.name().toLowerCase(Locale.ROOT);
    }

    private Assertion assertion(Yaml at) {
        Duration life = FileParts.span(at, "life", ASSERTION_LIFE, problems);
        if (life.compareTo(Duration.ofHours(1)) > 0) {
            problems.add(
                    at.get("life").orElse(at),
                    "\"auth.assertion.life\" is \"" + at.text("life").orElse("")
                            + "\"; no vendor takes an assertion for longer than 1h, and minutes are enough");
        }
        return new Assertion(
                file.secret(at, "key"),
                file.secretOrId(at, "key_id"),
                file.secretOrId(at, "issuer"),
                file.secretOrId(at, "subject"),
                file.secretOrId(at, "audience"),
                life);
    }

    private List<Text> scopes() {
        var scopes = new ArrayList<Text>();
        for (Yaml at : auth.get("scopes").map(Yaml::items).orElse(List.of())) {
            Text scope = FileParts.text(at, problems);
            file.settingsOnly(at, "auth.scopes", scope);
            if (at.text().contains(" ")) {
                problems.add(at, "\"" + at.text() + "\" holds several scopes; write each as an item of its own");
            }
            scopes.add(scope);
        }
        return scopes;
    }

    /** An address that is written out must be one; one that waits for its setting is judged when it is used. */
    private Text address(Yaml map, String key) {
        Text text = file.secretOrId(map, key);
        map.get(key)
                .filter(at -> text.settings().isEmpty() && !at.text().matches("https?://[^/?#@\\s]+[^?#\\s]*"))
                .ifPresent(at -> problems.add(
                        at,
                        "\"" + key + "\" is \"" + at.text()
                                + "\"; an address like https://login.example.com/oauth/token is needed, without user,"
                                + " query and fragment"));
        return text;
    }
}
