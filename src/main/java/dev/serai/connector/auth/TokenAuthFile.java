package dev.serai.connector.auth;

import dev.serai.connector.FileParts;
import dev.serai.connector.JsonTemplate;
import dev.serai.connector.Text;
import dev.serai.connector.WrittenOut;
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
            Grant.CLIENT_CREDENTIALS, List.of("client_id"),
            Grant.REFRESH_TOKEN, List.of("refresh_token", "client_id"),
            Grant.JWT_BEARER, List.of("assertion"),
            Grant.PASSWORD, List.of("user", "password"));

    private static final Map<String, List<Grant>> ONLY_FOR = Map.of(
            "authorize_url", List.of(Grant.AUTHORIZATION_CODE),
            "authorize_parameters", List.of(Grant.AUTHORIZATION_CODE),
            "refresh_token", List.of(Grant.REFRESH_TOKEN),
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
        ClientAuth how = FileParts.oneOf(auth, "client_auth", ClientAuth.BASIC);
        if (auth.text("grant").filter(given -> given.equals(lower(grant))).isPresent()) {
            checkGrant(grant);
            checkClient(grant, how);
        }
        WrittenOut.check(auth, "parameters", problems);
        var endpoints = new OAuth2.Endpoints(address(auth, "token_url"), address(auth, "authorize_url"));
        var client = new OAuth2.Client(file.secretOrId(auth, "client_id"), file.secret(auth, "client_secret"), how);
        Optional<Assertion> assertion = auth.get("assertion")
                .map(at -> how == ClientAuth.ASSERTION
                        ? ofClient(at, client, endpoints)
                        : assertion(at, grant == Grant.JWT_BEARER ? List.of("issuer", "audience") : List.of()));
        var oauth2 = new OAuth2(
                grant,
                endpoints,
                client,
                new OAuth2.Owner(
                        file.secretOrId(auth, "user"),
                        file.secret(auth, "password"),
                        file.secret(auth, "refresh_token")),
                new OAuth2.Extras(
                        scopes(), file.settled(auth, "parameters"), file.settled(auth, "authorize_parameters")),
                assertion);
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
        Map<String, Text> headers = FileParts.texts(login, "headers", problems);
        var texts = new ArrayList<>(body.texts());
        texts.addAll(headers.values());
        checkSent(login, texts);
        var places = new TokenSource.Places(
                auth.text("token").orElse(""), auth.text("life").orElse(""));
        WrittenOut.check(login, "headers", problems);
        WrittenOut.check(login, form ? "form" : "body", problems);
        Optional<Assertion> assertion = auth.get("assertion").map(at -> assertion(at, List.of("issuer")));
        var session = new Session(address(login, "url"), headers, new Session.Body(body, form), places, assertion);
        return tokens(session, "");
    }

    /** A log-in is made of settings, and of the assertion where there is one. */
    private void checkSent(Yaml login, List<Text> sent) {
        boolean signs = auth.get("assertion").isPresent();
        boolean sends = sent.stream().anyMatch(text -> text.places().contains(Session.ASSERTION));
        sent.stream()
                .flatMap(text -> text.places().stream())
                .filter(place -> !signs || !place.equals(Session.ASSERTION))
                .findFirst()
                .ifPresent(place -> problems.add(
                        login,
                        "\"auth.login\" has a place {" + place + "}; only settings {{name}} may stand there"
                                + (signs ? ", and {assertion}" : ", and {assertion} beside \"auth.assertion\"")));
        if (signs && !sends) {
            problems.addAtKey(
                    auth,
                    "assertion",
                    "\"auth.assertion\" is signed and nothing sends it; write {assertion} where it belongs, as in headers:"
                            + " { Authorization: \"Bearer {assertion}\" }");
        }
    }

    private TokenAuth tokens(TokenSource source, String prefix) {
        var carrier = new TokenAuth.Carrier(
                auth.text("header").orElse("Authorization"),
                auth.text("prefix").orElse(prefix).strip());
        Optional<Duration> expiresIn = auth.get("expires_in")
                .map(at -> FileParts.span(auth, "expires_in", Duration.ZERO, problems))
                .filter(life -> !life.isZero());
        var life = new TokenAuth.Life(
                FileParts.duration(auth, "refresh_before", REFRESH_BEFORE, problems),
                expiresIn,
                auth.text("refresh_life").orElse("refresh_token_expires_in"));
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

    /** Who asks must say so, with a secret or with a signature. */
    private void checkClient(Grant grant, ClientAuth how) {
        if (how == ClientAuth.ASSERTION && grant == Grant.JWT_BEARER) {
            problems.addAtKey(
                    auth,
                    "client_auth",
                    "\"auth.client_auth: assertion\" means nothing to the grant jwt_bearer, whose assertion says who asks;"
                            + " remove it");
        } else if (how == ClientAuth.ASSERTION) {
            if (auth.get("assertion").isEmpty()) {
                problems.add(auth, "\"auth.assertion\" is missing; client_auth: assertion needs it");
            }
            if (auth.get("client_secret").isPresent()) {
                problems.addAtKey(
                        auth,
                        "client_secret",
                        "\"auth.client_secret\" means nothing to client_auth: assertion, which signs instead: remove one");
            }
        } else {
            if (grant == Grant.CLIENT_CREDENTIALS && auth.get("client_secret").isEmpty()) {
                problems.add(
                        auth,
                        "\"auth.client_secret\" is missing; the grant client_credentials needs it, or client_auth:"
                                + " assertion");
            }
            if (grant != Grant.JWT_BEARER && auth.get("assertion").isPresent()) {
                problems.addAtKey(
                        auth,
                        "assertion",
                        "\"auth.assertion\" means nothing to the grant " + lower(grant)
                                + "; it belongs to jwt_bearer or client_auth: assertion: remove one");
            }
        }
    }

    /** That of a client speaks for the client, to the address where tokens are asked for, unless the file says otherwise. */
    private Assertion ofClient(Yaml at, OAuth2.Client client, OAuth2.Endpoints endpoints) {
        Assertion given = assertion(at, List.of());
        return new Assertion(
                given.key(),
                at.get("issuer").isPresent() ? given.issuer() : client.id(),
                at.get("subject").isPresent() ? given.subject() : client.id(),
                at.get("audience").isPresent() ? given.audience() : endpoints.token(),
                given.life());
    }

    private Assertion assertion(Yaml at, List<String> needed) {
        for (String key : needed) {
            if (at.get(key).isEmpty()) {
                problems.add(at, "\"auth.assertion." + key + "\" is missing; the grant jwt_bearer needs it");
            }
        }
        Duration life = FileParts.span(at, "life", ASSERTION_LIFE, problems);
        if (life.compareTo(Duration.ofHours(1)) > 0) {
            problems.add(
                    at.get("life").orElse(at),
                    "\"auth.assertion.life\" is \"" + at.text("life").orElse("")
                            + "\"; no vendor takes an assertion for longer than 1h, and minutes are enough");
        }
        return new Assertion(
                new Assertion.Key(
                        file.secret(at, "key"),
                        file.secretOrId(at, "key_id"),
                        FileParts.oneOf(at, "algorithm", Assertion.Algorithm.RS256)),
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
