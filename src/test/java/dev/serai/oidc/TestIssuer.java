package dev.serai.oidc;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jsoup.Jsoup;

/**
 * An issuer (OpenID Connect) on this machine, over real HTTP. It holds clients to the code flow with PKCE, and lies when it is told
 * to. Its page asks nothing: a link on it is the person's consent.
 */
public final class TestIssuer implements AutoCloseable {
    public static final String CLIENT = "serai-console";
    public static final String SECRET = "a-client-secret-for-tests";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient BROWSER = HttpClient.newHttpClient();

    private final HttpServer server;
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
    private volatile ECKey key = key("first");

    /** Every path it was asked for, in order; of the token endpoint with how the client said who it is. */
    public final List<String> asked = new CopyOnWriteArrayList<>();
    /** Who is in front of the browser. */
    public volatile Map<String, Object> person =
            Map.of("sub", "sub-7", "preferred_username", "ada", "email", "ada@example.com", "groups", List.of("ops"));
    /** What it publishes beside the usual, or in its place. */
    public final Map<String, Object> metadata = new ConcurrentHashMap<>();
    /** What becomes of a token's claims. */
    public volatile Consumer<JWTClaimsSet.Builder> lie = claims -> {};
    /** How it is written. */
    public volatile Function<JWTClaimsSet, String> written = this::signed;
    /** Whether a code is good a second time. */
    public volatile boolean codesLast;

    private final AtomicInteger calls = new AtomicInteger();
    /** Until when it keeps silent. */
    private volatile CountDownLatch silence = new CountDownLatch(0);
    /** Whether it ends every call without a word. */
    public volatile boolean gone;
    /** Whether its keys can be had. */
    public volatile boolean keysAway;

    public TestIssuer() {
        try {
            server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.createContext("/", this::handle);
        server.start();
    }

    /** Its name: another site than 127.0.0.1, as browsers see it. */
    public String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** The settings of a hub that believes it. */
    public Map<String, String> settings() {
        return Map.of(
                "serai.oidc.issuer", url(),
                "serai.oidc.name", "Keycloak",
                "serai.oidc.client-id", CLIENT,
                "serai.oidc.client-secret", SECRET,
                "serai.oidc.viewers", "staff",
                "serai.oidc.operators", "ops, second line",
                "serai.oidc.admins", "hub-admins");
    }

    /** Calls that came, answered or not, since it was told to keep silent. */
    public int heard() {
        return calls.get();
    }

    /** From now on it keeps silent. */
    public void hush() {
        calls.set(0);
        silence = new CountDownLatch(1);
    }

    public void speak() {
        silence.countDown();
    }

    /** From now on another key, without a word to anybody. */
    public void rotate() {
        key = key("next-" + UUID.randomUUID());
    }

    /** The person agrees. @param page where the browser was sent @return where it is sent back to */
    public URI consent(String page) {
        try {
            var answer = BROWSER.send(
                    HttpRequest.newBuilder(URI.create(page)).build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new AssertionError(answer.body());
            }
            return URI.create(Jsoup.parse(answer.body()).select("a").attr("href"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public String signed(JWTClaimsSet claims) {
        return signed(claims, key);
    }

    static String signed(JWTClaimsSet claims, ECKey key) {
        try {
            var token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .keyID(key.getKeyID())
                            .build(),
                    claims);
            token.sign(new ECDSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static ECKey key(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        calls.incrementAndGet();
        try {
            silence.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (gone) {
            exchange.close();
            return;
        }
        String path = exchange.getRequestURI().getPath();
        Map<String, String> given = exchange.getRequestMethod().equals("POST")
                ? fields(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))
                : fields(String.valueOf(exchange.getRequestURI().getRawQuery()));
        try (exchange) {
            switch (path) {
                case "/.well-known/openid-configuration" -> answer(exchange, path, 200, json(published()));
                case "/authorize" -> answer(exchange, path, 200, authorize(given));
                case "/token" -> token(exchange, given);
                case "/keys" -> answer(exchange, path, keysAway ? 503 : 200, new JWKSet(key.toPublicJWK()).toString());
                case "/logout" -> answer(exchange, path + "?" + given.get("post_logout_redirect_uri"), 200, "bye");
                case "/favicon.ico" -> answer(exchange, path, 204, "");
                default -> answer(exchange, path, 404, "");
            }
        }
    }

    private Map<String, Object> published() {
        var all = new HashMap<String, Object>(Map.of(
                "issuer",
                url(),
                "authorization_endpoint",
                url() + "/authorize",
                "token_endpoint",
                url() + "/token",
                "jwks_uri",
                url() + "/keys",
                "end_session_endpoint",
                url() + "/logout",
                "response_types_supported",
                List.of("code"),
                "subject_types_supported",
                List.of("public"),
                "id_token_signing_alg_values_supported",
                List.of("ES256", "HS256")));
        all.putAll(metadata);
        return all;
    }

    private String authorize(Map<String, String> given) {
        if (!given.getOrDefault("code_challenge_method", "").equals("S256")
                || !given.getOrDefault("client_id", "").equals(CLIENT)
                || !given.getOrDefault("scope", "").contains("openid")
                || !given.getOrDefault("response_type", "").equals("code")) {
            return "not as it should be: " + given;
        }
        String code = UUID.randomUUID().toString();
        codes.put(code, given);
        String back = given.get("redirect_uri") + "?code=" + code + "&iss=" + encoded(url()) + "&state="
                + encoded(given.get("state"));
        return "<title>Keycloak</title><h1>Keycloak</h1><a href=\"" + back.replace("&", "&amp;") + "\">I am Ada</a>";
    }

    private void token(HttpExchange exchange, Map<String, String> given) throws IOException {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        String client = authorization != null ? "basic" : given.containsKey("client_secret") ? "post" : "public";
        Map<String, String> begun = codes.get(given.getOrDefault("code", ""));
        if (!codesLast) {
            codes.remove(given.getOrDefault("code", ""));
        }
        if (begun == null
                || !given.get("redirect_uri").equals(begun.get("redirect_uri"))
                || !challenge(given.get("code_verifier")).equals(begun.get("code_challenge"))) {
            answer(
                    exchange,
                    "/token " + client,
                    400,
                    json(Map.of("error", "invalid_grant", "error_description", "Code not valid")));
            return;
        }
        Instant now = Instant.now();
        var claims = new JWTClaimsSet.Builder()
                .issuer(url())
                .audience(CLIENT)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)))
                .claim("nonce", begun.get("nonce"));
        person.forEach(claims::claim);
        lie.accept(claims);
        answer(
                exchange,
                "/token " + client,
                200,
                json(Map.of(
                        "access_token", "opaque", "token_type", "Bearer", "id_token", written.apply(claims.build()))));
    }

    private static String challenge(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange, String noted, int status, String body) throws IOException {
        asked.add(noted);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", body.startsWith("<") ? "text/html" : "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String json(Map<String, Object> document) throws IOException {
        return JSON.writeValueAsString(document);
    }

    private static Map<String, String> fields(String text) {
        var fields = new HashMap<String, String>();
        for (String pair : text.split("&")) {
            String[] parts = pair.split("=", 2);
            fields.put(parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return fields;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
