package dev.serai.connector.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Request;
import dev.serai.connector.auth.Token.ConsentEnd;
import dev.serai.connector.auth.TokenRefused.Why;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each kind of credential adds to a request, and how tokens are asked for and read. */
class AuthTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Auth.Moment MOMENT = new Auth.Moment(NOW, "n0nce");
    private static final OAuth2.Consent CONSENT =
            new OAuth2.Consent("a-state", "a".repeat(43), "https://hub.example/oauth/callback");

    private final Map<String, String> settings = new TreeMap<>(Map.of(
            "shop.client-secret", "s3cret/+",
            "shop.refresh-token", "first",
            "shop.user", "ada",
            "shop.password", "p&w",
            "shop.key", "unset"));

    private Connector shop(String auth) {
        return shop("https://shop.example", auth);
    }

    private Connector shop(String base, String auth) {
        String file = "connector: shop\nbase_url: \"" + base + "\"\nauth: " + auth
                + "\nreads: { ping: { path: /ping, query: { a: \"b c\" } } }\n";
        return Connector.read("f", "shop", file, name -> Optional.ofNullable(settings.get(name)));
    }

    private static String oauth2(String rest) {
        return "{ type: oauth2, token_url: https://login.example/token, client_id: serai,"
                + " client_secret: \"{{shop.client-secret}}\", " + rest + " }";
    }

    private static Request ask(Connector shop) {
        return shop.tokens().orElseThrow().ask(shop.signIn().values(), MOMENT);
    }

    private static Map<String, String> form(Request request) {
        var form = new TreeMap<String, String>();
        Arrays.stream(new String(request.body(), StandardCharsets.UTF_8).split("&"))
                .map(pair -> pair.split("=", 2))
                .forEach(pair -> form.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
        return form;
    }

    private static Answer answer(int status, String json) {
        return new Answer(status, Map.of("Content-Type", "application/json"), json.getBytes(StandardCharsets.UTF_8));
    }

    private static Token token(Connector shop, String json) throws TokenRefused {
        return shop.tokens().orElseThrow().read(answer(200, json), NOW, Duration.ZERO);
    }

    @Test
    void aClientByItselfSendsIdAndSecretInABasicHeader() {
        Request request = ask(shop(oauth2("grant: client_credentials, scopes: [a, b], parameters: { tenant: 7 }")));

        assertThat(request.url()).hasToString("https://login.example/token");
        assertThat(request.headers())
                .containsEntry(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString("serai:s3cret%2F%2B".getBytes()));
        assertThat(form(request)).isEqualTo(Map.of("grant_type", "client_credentials", "scope", "a b", "tenant", "7"));
    }

    @Test
    void orInTheFormWhereTheVendorWantsItThere() {
        Request request = ask(shop(oauth2("grant: client_credentials, client_auth: post")));

        assertThat(request.headers()).doesNotContainKey("Authorization");
        assertThat(form(request))
                .isEqualTo(
                        Map.of("grant_type", "client_credentials", "client_id", "serai", "client_secret", "s3cret/+"));
    }

    @Test
    void aUsersPasswordGoesInTheForm() {
        Request request =
                ask(shop(oauth2("grant: password, user: \"{{shop.user}}\", password: \"{{shop.password}}\"")));

        assertThat(form(request)).isEqualTo(Map.of("grant_type", "password", "username", "ada", "password", "p&w"));
    }

    @Test
    void theFirstRefreshTokenIsASettingAndTheNextOnesComeWithTheAnswers() throws TokenRefused {
        Connector shop = shop(oauth2("grant: refresh_token, refresh_token: \"{{shop.refresh-token}}\""));
        assertThat(form(ask(shop))).isEqualTo(Map.of("grant_type", "refresh_token", "refresh_token", "first"));

        Token second = token(shop, "{\"access_token\":\"at-2\",\"refresh_token\":\"rt-2\",\"expires_in\":1800}");
        Connector live = shop.with(second);
        assertThat(form(ask(live))).containsEntry("refresh_token", "rt-2");
        Token third = live.tokens().orElseThrow().read(answer(200, "{\"access_token\":\"at-3\"}"), NOW, Duration.ZERO);
        assertThat(third.refresh())
                .as("a vendor that does not rotate says it once")
                .contains("rt-2");
    }

    @Test
    void consentIsAskedForWithStateAndAChallengeAndItsCodeExchangedWithTheVerifier() {
        Connector shop = shop(oauth2("grant: authorization_code, authorize_url: https://login.example/consent,"
                + " scopes: [contacts], authorize_parameters: { access_type: offline }"));
        var oauth2 = (OAuth2) shop.tokens().orElseThrow().source();

        URI page = oauth2.authorize(shop.signIn().values(), CONSENT);

        assertThat(page.toString())
                .startsWith("https://login.example/consent?")
                .contains("response_type=code", "client_id=serai", "state=a-state", "scope=contacts")
                .contains("access_type=offline", "code_challenge_method=S256")
                .contains("redirect_uri=https%3A%2F%2Fhub.example%2Foauth%2Fcallback")
                // SHA-256 of 43 times the letter a, base64url
                .contains("code_challenge=ZtNPunH49FD35FWYhT5Tv8I7vRKQJ8uxMaL0_9eHjNA")
                .doesNotContain("s3cret", CONSENT.verifier());
        assertThat(form(oauth2.exchange(shop.signIn().values(), "c0de", CONSENT, MOMENT)))
                .isEqualTo(Map.of(
                        "grant_type",
                        "authorization_code",
                        "code",
                        "c0de",
                        "code_verifier",
                        CONSENT.verifier(),
                        "redirect_uri",
                        CONSENT.redirect()));
        assertThatThrownBy(() -> ask(shop)).hasMessageContaining("serai connections connect shop");
    }

    @Test
    void anAssertionIsSignedForTheVendorsClock() throws Exception {
        KeyPair keys = rsa();
        String pem = pem(keys);
        String auth = "{ type: oauth2, grant: jwt_bearer, token_url: https://login.example/token, scopes: [crm],"
                + " assertion: { key: \"{{shop.key}}\", key_id: k1, issuer: serai, subject: ada@example.com,"
                + " audience: https://login.example } }";
        for (String given : new String[] {pem, pem.replace("\r\n", "\n").replace("\n", "\\n")}) {
            settings.put("shop.key", given);
            Map<String, String> form = form(ask(shop(auth)));

            var jwt = SignedJWT.parse(form.get("assertion"));
            assertThat(jwt.verify(new RSASSAVerifier((RSAPublicKey) keys.getPublic())))
                    .isTrue();
            assertThat(form).containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
            assertThat(jwt.getHeader().getKeyID()).isEqualTo("k1");
            var claims = jwt.getJWTClaimsSet();
            assertThat(claims.getIssuer()).isEqualTo("serai");
            assertThat(claims.getSubject()).isEqualTo("ada@example.com");
            assertThat(claims.getAudience()).containsExactly("https://login.example");
            assertThat(claims.getIssueTime()).isEqualTo(NOW);
            assertThat(claims.getExpirationTime()).isEqualTo(NOW.plusSeconds(180));
            assertThat(claims.getStringClaim("scope")).isEqualTo("crm");
            assertThat(claims.getJWTID()).isEqualTo("n0nce");
        }
        settings.put("shop.key", "not a key");
        assertThatThrownBy(() -> ask(shop(auth)))
                .hasMessageStartingWith(
                        "shop: setting shop.key holds no private RSA key of 2048 bits or more, as RS256 needs it");
    }

    /** As NetSuite and Microsoft have it: no secret goes over the line, and a captured request is good for minutes. */
    @Test
    void aClientMayProveItselfWithASignatureOfEachKind() throws Exception {
        KeyPair rsa = rsa();
        KeyPair ec = ec("secp256r1");
        String auth =
                "{ type: oauth2, grant: client_credentials, token_url: https://login.example/token, client_id: serai,"
                        + " scopes: [rest], client_auth: assertion, assertion: { key: \"{{shop.key}}\", key_id: cert-1%s } }";
        Map<String, JWSVerifier> verifiers = Map.of(
                "RS256", new RSASSAVerifier((RSAPublicKey) rsa.getPublic()),
                "PS256", new RSASSAVerifier((RSAPublicKey) rsa.getPublic()),
                "ES256", new ECDSAVerifier((ECPublicKey) ec.getPublic()));
        for (var each : verifiers.entrySet()) {
            settings.put("shop.key", pem(each.getKey().equals("ES256") ? ec : rsa));
            Connector shop = shop(auth.formatted(", algorithm: " + each.getKey()));
            Request request = ask(shop);
            Map<String, String> form = form(request);

            assertThat(request.headers()).doesNotContainKey("Authorization");
            assertThat(form)
                    .containsEntry("grant_type", "client_credentials")
                    .containsEntry("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                    .containsEntry("client_id", "serai")
                    .doesNotContainKey("client_secret");
            var jwt = SignedJWT.parse(form.get("client_assertion"));
            assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo(each.getKey());
            assertThat(jwt.getHeader().getKeyID()).isEqualTo("cert-1");
            assertThat(jwt.verify(each.getValue())).isTrue();
            var claims = jwt.getJWTClaimsSet();
            assertThat(claims.getIssuer()).isEqualTo("serai");
            assertThat(claims.getSubject()).isEqualTo("serai");
            assertThat(claims.getAudience()).containsExactly("https://login.example/token");
            assertThat(claims.getJWTID()).isEqualTo("n0nce");
        }
        Connector named = shop(auth.formatted(", issuer: me, subject: them, audience: https://aud.example"));
        settings.put("shop.key", pem(rsa));
        var claims = SignedJWT.parse(form(ask(named)).get("client_assertion")).getJWTClaimsSet();
        assertThat(claims.getIssuer() + " " + claims.getSubject() + " " + claims.getAudience())
                .isEqualTo("me them [https://aud.example]");
    }

    @Test
    void aKeyThatDoesNotFitItsAlgorithmIsToldBeforeAnythingIsSent() throws Exception {
        String auth =
                "{ type: oauth2, grant: client_credentials, token_url: https://login.example/token, client_id: serai,"
                        + " client_auth: assertion, assertion: { key: \"{{shop.key}}\", algorithm: ES256 } }";
        for (KeyPair wrong : List.of(rsa(), ec("secp384r1"))) {
            settings.put("shop.key", pem(wrong));
            assertThatThrownBy(() -> ask(shop(auth)))
                    .hasMessageStartingWith(
                            "shop: setting shop.key holds no private EC key of the curve P-256, as ES256");
        }
    }

    private static String pem(KeyPair keys) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(keys.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    private static KeyPair ec(String curve) throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    private static KeyPair rsa() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    @Test
    void aTokenGoesInItsHeaderAndItsAnswerSaysWhereTheSystemIs() throws TokenRefused {
        Connector shop = shop("{token.api_domain}/v8", oauth2("grant: client_credentials, prefix: Zoho-oauthtoken"));
        assertThatThrownBy(() -> shop.build("ping", MissingNode.getInstance(), Map.of(), ""))
                .hasMessageContaining("there is no token yet");

        Token token = token(shop, """
                {"access_token":"at-1","api_domain":"https://www.zohoapis.eu","expires_in":"3600",
                 "id_token":"not kept","signature":"nor this"}""");
        Request request =
                shop.with(token).build("ping", MissingNode.getInstance(), Map.of("token.api_domain", "x"), "");

        assertThat(request.url()).hasToString("https://www.zohoapis.eu/v8/ping?a=b%20c");
        assertThat(request.headers()).containsEntry("Authorization", "Zoho-oauthtoken at-1");
        assertThat(token.expiresAt()).contains(NOW.plusSeconds(3600));
        assertThat(token.fields()).containsOnlyKeys("api_domain", "expires_in");
        assertThat(shop.with(token).mask("at-1 s3cret/+ s3cret%2F%2B")).isEqualTo("*** *** ***");
        assertThat(token.toString()).doesNotContain("at-1");
    }

    @Test
    void whatWasGrantedIsKeptHoweverTheVendorWritesIt() throws TokenRefused {
        Connector shop = shop(oauth2("grant: client_credentials"));
        String many = "scope-of-a-long-name ".repeat(100).strip();
        assertThat(token(shop, "{\"access_token\":\"at\",\"scope\":\"" + many + "\"}")
                        .fields())
                .containsEntry("scope", many);
        Token first = token(shop, "{\"access_token\":\"at\",\"scope\":[\"read\",\"write\"]}");
        assertThat(first.fields()).containsEntry("scope", "read write");
        Token second = shop.with(first)
                .tokens()
                .orElseThrow()
                .read(answer(200, "{\"access_token\":\"at-2\"}"), NOW, Duration.ZERO);
        assertThat(second.fields()).as("not said again, it holds on").containsEntry("scope", "read write");
    }

    @Test
    void aTokenIsDueAMinuteBeforeItsEndAndAShortOneAtHalfItsLife() throws TokenRefused {
        Connector shop = shop(oauth2("grant: client_credentials"));
        Duration before = shop.tokens().orElseThrow().life().refreshBefore();
        Token hour = token(shop, "{\"access_token\":\"at-1\",\"expires_in\":3600}");
        assertThat(hour.due(NOW.plusSeconds(3539), before)).isFalse();
        assertThat(hour.due(NOW.plusSeconds(3540), before)).isTrue();
        assertThat(hour.ended(NOW.plusSeconds(3599))).isFalse();
        assertThat(hour.ended(NOW.plusSeconds(3600))).isTrue();

        Token minute = token(shop, "{\"access_token\":\"at-1\",\"expires_in\":60}");
        assertThat(minute.renewAt(before)).contains(NOW.plusSeconds(30));
        assertThat(token(shop, "{\"access_token\":\"at-1\"}").due(NOW.plusSeconds(99_999), before))
                .isFalse();
        Connector told = shop(oauth2("grant: client_credentials, expires_in: 2h"));
        assertThat(token(told, "{\"access_token\":\"at-1\"}").expiresAt()).contains(NOW.plusSeconds(7200));
    }

    @Test
    void aRefusalIsForAPersonAndTroubleIsNot() {
        Connector shop = shop(oauth2("grant: client_credentials"));
        assertThat(refused(shop, 400, "{\"error\":\"invalid_grant\",\"error_description\":\"expired\"}"))
                .isEqualTo("REFUSED answered 400: invalid_grant, expired");
        assertThat(refused(shop, 401, "{\"error\":\"invalid_client\"}"))
                .isEqualTo("REFUSED answered 401: invalid_client");
        assertThat(refused(shop, 200, "{\"ok\":false,\"error\":\"invalid_refresh_token\"}"))
                .isEqualTo("REFUSED answered 200: invalid_refresh_token");
        assertThat(refused(shop, 401, "")).isEqualTo("REFUSED answered 401");
        assertThat(refused(shop, 403, "{\"error\":\"access_denied\"}"))
                .isEqualTo("REFUSED answered 403: access_denied");
        assertThat(refused(shop, 400, "{\"message\":\"wrong password\"}"))
                .as("of a log-in that knows no OAuth")
                .isEqualTo("REFUSED answered 400: wrong password");
        assertThat(refused(shop, 429, "{}")).isEqualTo("LIMITED answered 429");
        assertThat(refused(shop, 503, "<html><title>Maintenance</title>")).isEqualTo("AGAIN answered 503: Maintenance");
        assertThat(refused(shop, 400, "{\"error\":\"temporarily_unavailable\"}"))
                .isEqualTo("AGAIN answered 400: temporarily_unavailable");
    }

    /** What stands in front of a token endpoint says nothing of the credential. */
    @Test
    void whatIsNotTheVendorsOwnNoIsAskedAgain() {
        Connector shop = shop(oauth2("grant: client_credentials"));
        assertThat(refused(shop, 200, "{}"))
                .isEqualTo("AGAIN answered 200, and no token stands in the answer where the connector file says");
        String page = "<html><title>Maintenance</title>";
        for (int status : new int[] {200, 302, 400, 403, 404, 500}) {
            assertThat(refused(shop, status, page)).startsWith("AGAIN answered " + status + ": Maintenance");
        }
        assertThat(refused(shop, 404, "{\"status\":404,\"error\":\"Not Found\"}"))
                .isEqualTo("AGAIN answered 404: Not Found");
        assertThat(refused(shop, 403, "{\"message\":\"blocked\"}")).isEqualTo("AGAIN answered 403: blocked");
    }

    /** The same password again and again, and the vendor locks the account. */
    @Test
    void aLogInThatWasAnsweredWithoutATokenIsNotTriedAgain() {
        Connector session = shop("{ type: session, login: { url: \"https://shop.example/login\","
                + " body: { user: ada, password: \"{{shop.password}}\" } } }");
        Connector password = shop(oauth2("grant: password, user: \"{{shop.user}}\", password: \"{{shop.password}}\""));
        for (Connector shop : List.of(session, password)) {
            assertThat(refused(shop, 200, "{\"success\":false,\"message\":\"wrong password\"}"))
                    .startsWith("REFUSED answered 200: wrong password");
            assertThat(refused(shop, 403, "{\"message\":\"wrong password\"}"))
                    .isEqualTo("REFUSED answered 403: wrong password");
            assertThat(refused(shop, 404, "{\"error\":\"no such user\"}"))
                    .isEqualTo("REFUSED answered 404: no such user");
            for (int status : new int[] {200, 302, 403, 404}) {
                assertThat(refused(shop, status, "<html><title>Maintenance</title>"))
                        .startsWith("AGAIN answered " + status);
            }
            assertThat(refused(shop, 408, "{}")).startsWith("AGAIN");
            assertThat(refused(shop, 429, "{}")).startsWith("LIMITED");
            assertThat(refused(shop, 503, "{\"message\":\"later\"}")).startsWith("AGAIN");
        }
    }

    @Test
    void aSettingIsNoLessSecretThanTheOneThatIsItsDefault() {
        settings.put("vault.key", "from-vault-1");
        Connector shop = Connector.read("f", "shop", """
                connector: shop
                base_url: https://shop.example
                headers:
                  X-Key: "{{shop.key-of-app:{{vault.key}}}}"
                  X-Site: "{{shop.site:https://{{shop.host}}/}}"
                  X-Version: "{{shop.version:{{all.version:2025-01-01}}}}"
                reads: { ping: { path: /ping } }
                """, name -> Optional.ofNullable(settings.get(name)));

        assertThat(shop.secretSettings()).containsExactly("shop.host", "shop.key-of-app", "vault.key");
        assertThat(shop.mask("with from-vault-1")).isEqualTo("with ***");
        settings.put("shop.key-of-app", "own-key-1");
        assertThat(shop.mask("with own-key-1")).isEqualTo("with ***");
    }

    @Test
    void whatStandsInHeadersAndQueriesIsNoLessSecret() {
        settings.putAll(Map.of(
                "shop.app-key",
                "app-key-1",
                "shop.api-key",
                "api-key-1",
                "shop.tenant-key",
                "tenant-1",
                "shop.version",
                "2026-01-01",
                "shop.size",
                "50"));
        Connector shop = Connector.read("f", "shop", """
                connector: shop
                base_url: https://shop.example
                headers: { X-App-Key: "{{shop.app-key}}", X-Version: "{{shop.version:2025-01-01}}" }
                auth: { type: oauth2, grant: client_credentials, token_url: https://login.example/token, client_id: serai, client_secret: "{{shop.client-secret}}", parameters: { tenant_key: "{{shop.tenant-key}}" } }
                reads: { ping: { path: /ping, query: { api_key: "{{shop.api-key}}", size: "{{shop.size}}" } } }
                """, name -> Optional.ofNullable(settings.get(name)));

        assertThat(shop.mask("app-key-1 api-key-1 tenant-1 2026-01-01 50"))
                .as("a default shows that it is none, and what is short hides too much")
                .isEqualTo("*** *** *** 2026-01-01 50");
        assertThat(shop.secretSettings())
                .containsExactly("shop.api-key", "shop.app-key", "shop.client-secret", "shop.size", "shop.tenant-key");
        var before = shop.signIn().credential();
        var asked = shop.signIn().asked();
        settings.put("shop.api-key", "api-key-2");
        assertThat(shop.signIn().credential()).as("another credential").isNotEqualTo(before);
        assertThat(shop.signIn().asked()).as("and the same token").isEqualTo(asked);
    }

    /** As any other answer may: in seconds, parts of one, or as a date by the vendor's clock. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            120                            | PT2M
            1.5                            | PT1.5S
            %1$s                           | PT3M
            soon                           | PT0S
            """)
    void aTokenEndpointMayNameTheTimeToComeBackAsADate(String told, Duration expected) {
        var http = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);
        Instant theirs = NOW.minusSeconds(600).truncatedTo(ChronoUnit.SECONDS);
        var headers = Map.of(
                "Date", http.format(theirs), "Retry-After", told.formatted(http.format(theirs.plusSeconds(180))));
        for (int status : new int[] {429, 503}) {
            var refused = catchThrowableOfType(TokenRefused.class, () -> shop(oauth2("grant: client_credentials"))
                    .tokens()
                    .orElseThrow()
                    .read(new Answer(status, headers, new byte[0]), NOW, Duration.ZERO));
            assertThat(refused.patience()).isEqualTo(expected);
        }
    }

    @Test
    void theEndOfARefreshTokenIsKeptUntilARenewalPutsItOff() throws TokenRefused {
        Connector shop = shop(
                oauth2(
                        "grant: authorization_code, authorize_url: \"https://login.example/authorize\", refresh_life: ends.refresh"));
        Token first = token(shop, "{\"access_token\":\"a1\",\"refresh_token\":\"r1\",\"ends\":{\"refresh\":864000}}");
        Instant end = NOW.plus(Duration.ofDays(10));
        assertThat(first.consentEnd()).contains(new ConsentEnd(end, false));

        assertThat(token(shop.with(first), "{\"access_token\":\"a2\",\"refresh_token\":\"r1\"}")
                        .consentEnd())
                .as("of the same one")
                .contains(new ConsentEnd(end, true));
        assertThat(token(shop.with(first), "{\"access_token\":\"a2\",\"refresh_token\":\"r2\"}")
                        .consentEnd())
                .as("of another one nothing is said")
                .isEmpty();
        assertThat(token(
                                shop.with(first),
                                "{\"access_token\":\"a2\",\"refresh_token\":\"r2\",\"ends\":{\"refresh\":863990}}")
                        .consentEnd())
                .contains(new ConsentEnd(end.minusSeconds(10), true));
        assertThat(token(
                                shop.with(first),
                                "{\"access_token\":\"a2\",\"refresh_token\":\"r2\",\"ends\":{\"refresh\":950400}}")
                        .consentEnd())
                .contains(new ConsentEnd(end.plus(Duration.ofDays(1)), false));
        Connector usual = shop(oauth2("grant: refresh_token, refresh_token: \"{{shop.refresh-token}}\""));
        assertThat(token(usual, "{\"access_token\":\"a1\",\"refresh_token_expires_in\":\"86400\"}")
                        .consentEnd())
                .map(ConsentEnd::at)
                .contains(NOW.plus(Duration.ofDays(1)));
    }

    private static String refused(Connector shop, int status, String body) {
        var refused = catchThrowableOfType(
                TokenRefused.class, () -> shop.tokens().orElseThrow().read(answer(status, body), NOW, Duration.ZERO));
        assertThat(refused.why()).isIn((Object[]) Why.values());
        return refused.why() + " " + refused.getMessage();
    }

    @Test
    void aLogInOfTheVendorsOwnIsDescribedByTheFile() throws TokenRefused {
        Connector shop = shop("""
                { type: session, header: OAuth-Token, token: data.session, life: data.until,
                  login: { url: "https://shop.example/login", headers: { X-Platform: api },
                           body: { user: ada, password: "{{shop.password}}", remember: true } } }""");

        Request request = ask(shop);
        assertThat(new String(request.body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"user\":\"ada\",\"password\":\"p&w\",\"remember\":true}");
        assertThat(request.headers()).containsEntry("X-Platform", "api");

        Instant end = NOW.plusSeconds(600);
        var answer = answer(200, "{\"data\":{\"session\":\"s-1\",\"until\":" + end.toEpochMilli() + "}}");
        Token token = shop.tokens().orElseThrow().read(answer, NOW, Duration.ofSeconds(90));
        assertThat(token.expiresAt()).as("by our clock, which is 90 s late").contains(end.minusSeconds(90));
        assertThat(shop.with(token)
                        .build("ping", MissingNode.getInstance(), Map.of(), "")
                        .headers())
                .containsEntry("OAuth-Token", "s-1");
        assertThat(shop.mask("p&w")).isEqualTo("***");

        Connector bare =
                shop("{ type: session, prefix: Bearer, expires_in: 4h, login: { url: \"https://shop.example/login\","
                        + " form: { username: ada, password: \"{{shop.password}}\" } } }");
        assertThat(form(ask(bare))).isEqualTo(Map.of("username", "ada", "password", "p&w"));
        assertThat(token(bare, "\"t-1\"").access()).isEqualTo("t-1");
    }

    @Test
    void netSuitesSignatureCoversMethodAddressAndQuery() throws Exception {
        settings.putAll(Map.of("shop.consumer-secret", "cs", "shop.token", "tk", "shop.token-secret", "ts"));
        Connector shop = shop("{ type: oauth1, consumer_key: ck, consumer_secret: \"{{shop.consumer-secret}}\","
                + " token: \"{{shop.token}}\", token_secret: \"{{shop.token-secret}}\", realm: 123_SB1 }");
        Request built = shop.build("ping", MissingNode.getInstance(), Map.of(), "");

        String header = shop.signIn()
                .sign(built, new Auth.Moment(NOW, "n0nce"))
                .headers()
                .get("Authorization");

        String base =
                "GET&https%3A%2F%2Fshop.example%2Fping&a%3Db%2520c%26oauth_consumer_key%3Dck%26oauth_nonce%3Dn0nce"
                        + "%26oauth_signature_method%3DHMAC-SHA256%26oauth_timestamp%3D" + NOW.getEpochSecond()
                        + "%26oauth_token%3Dtk%26oauth_version%3D1.0";
        String signature = Base64.getEncoder().encodeToString(mac("cs&ts", base));
        assertThat(URLDecoder.decode(header, StandardCharsets.UTF_8))
                .startsWith("OAuth realm=\"123_SB1\"")
                .contains("oauth_signature=\"" + signature + "\"");
        assertThat(built.headers()).as("signed when it is sent, not before").doesNotContainKey("Authorization");
    }

    @Test
    void aRequestCarriesAnHmacOfItself() throws Exception {
        settings.put("shop.secret", "hush");
        Connector shop = shop("{ type: hmac, secret: \"{{shop.secret}}\", header: X-Signature, prefix: \"v1=\","
                + " timestamp_header: X-Time, signs: \"{timestamp}.{method}.{path}.{body}\" }");

        Request sent = shop.signIn()
                .sign(shop.build("ping", MissingNode.getInstance(), Map.of(), ""), new Auth.Moment(NOW, "n"));

        String signed = NOW.getEpochSecond() + ".GET./ping?a=b%20c.";
        assertThat(sent.headers())
                .containsEntry("X-Signature", "v1=" + HexFormat.of().formatHex(mac("hush", signed)))
                .containsEntry("X-Time", Long.toString(NOW.getEpochSecond()));
        byte[] binary = {(byte) 0xff, 0, 7};
        Request upload = new Request("POST", URI.create("https://shop.example/f"), Map.of(), binary);
        byte[] head = (NOW.getEpochSecond() + ".POST./f.").getBytes();
        byte[] all = Arrays.copyOf(head, head.length + binary.length);
        System.arraycopy(binary, 0, all, head.length, binary.length);
        assertThat(shop.signIn().sign(upload, new Auth.Moment(NOW, "n")).headers())
                .containsEntry("X-Signature", "v1=" + HexFormat.of().formatHex(mac("hush", all)));
    }

    @Test
    void anHmacStandsBehindTheIdOfItsKeyAndItsTimeIsWrittenAsTheFileSays() throws Exception {
        settings.put("shop.secret", "hush");
        settings.put("shop.key-id", "k7");
        String auth =
                "{ type: hmac, secret: \"{{shop.secret}}\", prefix: \"HMAC {{shop.key-id}}:\", header: Authorization,"
                        + " timestamp_header: X-Time, timestamp_unit: %s, signs: \"{timestamp}\" }";
        Instant now = Instant.parse("2026-02-03T04:05:06.789012Z");
        for (var unit : Map.of("s", "1770091506", "ms", "1770091506789", "rfc3339", "2026-02-03T04:05:06Z")
                .entrySet()) {
            Connector shop = shop(auth.formatted(unit.getKey()));
            Request sent = shop.signIn()
                    .sign(shop.build("ping", MissingNode.getInstance(), Map.of(), ""), new Auth.Moment(now, "n"));
            assertThat(sent.headers())
                    .containsEntry("X-Time", unit.getValue())
                    .containsEntry(
                            "Authorization", "HMAC k7:" + HexFormat.of().formatHex(mac("hush", unit.getValue())));
        }

        settings.remove("shop.key-id");
        assertThat(shop(auth.formatted("s")).missingSettings()).containsExactly("shop.key-id");
        assertThatThrownBy(() -> shop(auth.formatted("s")).build("ping", MissingNode.getInstance(), Map.of(), ""))
                .hasMessage("shop: setting shop.key-id is not set; set it, then resume");
    }

    @Test
    void aSecretOfTheBodyIsPutThereWhenItIsSent() {
        settings.put("shop.secret", "hush");
        Connector shop = shop("{ type: body, name: routing_key, value: \"{{shop.secret}}\" }");
        Request built = new Request(
                "POST", URI.create("https://shop.example/e"), Map.of(), "{\"a\":1,\"routing_key\":\"x\"}".getBytes());

        Request sent = shop.signIn().sign(built, new Auth.Moment(NOW, "n"));

        assertThat(new String(sent.body())).isEqualTo("{\"a\":1,\"routing_key\":\"hush\"}");
        assertThat(shop.mask("no hush here")).isEqualTo("no *** here");
        Request list = new Request("POST", built.url(), Map.of(), "[1]".getBytes());
        assertThat(shop.signIn().sign(list, new Auth.Moment(NOW, "n"))).isSameAs(list);
        assertThat(shop.signIn()
                        .sign(shop.build("ping", MissingNode.getInstance(), Map.of(), ""), new Auth.Moment(NOW, "n"))
                        .body())
                .isEmpty();
    }

    @Test
    void theDataCentreIsTakenFromTheKey() {
        settings.put("shop.api-key", "0123abc-us21");
        String auth = "{ type: bearer, token: \"{{shop.api-key}}\" }";
        assertThat(shop("https://{{tail(shop.api-key)}}.api.shop.example", auth)
                        .build("ping", MissingNode.getInstance(), Map.of(), "")
                        .url())
                .hasHost("us21.api.shop.example");

        settings.put("shop.api-key", "0123abc");
        assertThatThrownBy(() -> shop("https://{{tail(shop.api-key)}}.api.shop.example", auth)
                        .build("ping", MissingNode.getInstance(), Map.of(), ""))
                .hasMessage("shop: setting shop.api-key has no part that tail could take; correct it, then resume");
    }

    @Test
    void anotherUserOrSecretIsAnotherCredentialAndAnotherTokenIsNot() throws TokenRefused {
        Connector shop = shop("{ type: basic, user: \"{{shop.user}}\", password: \"{{shop.password}}\" }");
        var before = shop.signIn().credential();
        settings.put("shop.user", "grace");
        assertThat(shop.signIn().credential()).isNotEqualTo(before);

        Connector tokens = shop(oauth2("grant: client_credentials"));
        assertThat(tokens.with(token(tokens, "{\"access_token\":\"at-1\"}"))
                        .signIn()
                        .credential())
                .isEqualTo(tokens.signIn().credential());
    }

    private static byte[] mac(String key, String text) throws Exception {
        return mac(key, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] mac(String key, byte[] text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return mac.doFinal(text);
    }

    @Test
    void aHashOfTheBodyIsOfItsBytes() throws Exception {
        settings.put("shop.secret", "hush");
        Connector shop = shop(
                "{ type: hmac, secret: \"{{shop.secret}}\", header: X-Signature,"
                        + " timestamp_header: X-Time, nonce_header: X-Nonce, signs: \"{method}{nonce}{timestamp}{sha256(body)}\" }");
        String head = "n0nce" + NOW.getEpochSecond();

        byte[] umlaut = "{\"name\":\"M\u00fcller\"}".getBytes(StandardCharsets.UTF_8);
        for (byte[] body : List.of(umlaut, new byte[] {(byte) 0xff, 0}, new byte[0])) {
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(body));
            Request sent = shop.signIn()
                    .sign(
                            new Request("POST", URI.create("https://shop.example/e"), Map.of(), body),
                            new Auth.Moment(NOW, "n0nce"));
            assertThat(sent.headers())
                    .containsEntry("X-Nonce", "n0nce")
                    .containsEntry("X-Signature", HexFormat.of().formatHex(mac("hush", "POST" + head + hash)));
        }
    }

    @Test
    void aHeaderThatIsSignedAndNotThereIsTold() {
        settings.put("shop.secret", "hush");
        Connector shop = shop(
                "{ type: hmac, secret: \"{{shop.secret}}\", header: X-Signature, signs: \"{header.Accept}.{body}\" }");
        Request built = new Request("POST", URI.create("https://shop.example/e"), Map.of(), new byte[0]);

        assertThatThrownBy(() -> shop.signIn().sign(built, new Auth.Moment(NOW, "n")))
                .isInstanceOf(ConnectorRefused.class)
                .hasMessageContaining("the signature is over {header.Accept}, and the request has no such header");
    }

    @Test
    void aLogInMayCarryAnAssertionInItsHeaders() throws Exception {
        KeyPair keys = rsa();
        settings.put("shop.key", pem(keys));
        Connector app = shop("{ type: session, prefix: Bearer, token: token, life: expires_at,"
                + " assertion: { key: \"{{shop.key}}\", issuer: \"12345\", life: 9m },"
                + " login: { url: https://shop.example/app/installations/7/access_tokens,"
                + " headers: { Authorization: \"Bearer {assertion}\" }, body: {} } }");

        Request request = ask(app);

        var jwt = SignedJWT.parse(request.headers().get("Authorization").replaceFirst("^Bearer ", ""));
        assertThat(jwt.verify(new RSASSAVerifier((RSAPublicKey) keys.getPublic())))
                .isTrue();
        assertThat(jwt.getJWTClaimsSet().getIssuer()).isEqualTo("12345");
        assertThat(jwt.getJWTClaimsSet().getAudience()).isEmpty();
        assertThat(request.body()).asString().isEqualTo("{}");
        assertThat(app.tokens().orElseThrow().source().logsIn())
                .as("no password is tried")
                .isFalse();
        Token token = token(app, "{\"token\":\"ghs_1\",\"expires_at\":\"" + NOW.plusSeconds(3600) + "\"}");
        assertThat(token.access()).isEqualTo("ghs_1");
        assertThat(token.expiresAt()).contains(NOW.plusSeconds(3600));
    }
}
