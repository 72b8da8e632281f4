package dev.serai.connector.auth;

import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Request;
import dev.serai.connector.Text;
import dev.serai.connector.Urls;
import dev.serai.connector.Values;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * OAuth 2.0 (RFC 6749, 7523, 7636): the request of each grant.
 *
 * @param assertion for the grant {@code jwt_bearer}, and for a client that proves itself with one
 */
public record OAuth2(
        Grant grant, Endpoints endpoints, Client client, Owner owner, Extras extras, Optional<Assertion> assertion)
        implements TokenSource {

    /** How a token is asked for. */
    public enum Grant {
        AUTHORIZATION_CODE,
        CLIENT_CREDENTIALS,
        REFRESH_TOKEN,
        JWT_BEARER,
        PASSWORD
    }

    /** How the client says who it is: in a header, in the form (without a secret by its id alone), or signed with its key. */
    public enum ClientAuth {
        BASIC,
        POST,
        ASSERTION
    }

    /** Where tokens are asked for, and where people consent. */
    public record Endpoints(Text token, Text authorize) {}

    /** @param secret empty for a public client */
    public record Client(Text id, Text secret, ClientAuth how) {}

    /** What somebody gave us to act for them: a user with a password, or a first refresh token. */
    public record Owner(Text user, Text password, Text refreshToken) {}

    /** @param authorize parameters of the consent page only */
    public record Extras(List<Text> scopes, Map<String, Text> token, Map<String, Text> authorize) {}

    /** What the browser is sent to the vendor with, and what proves at the end that it was us. */
    public record Consent(String state, String verifier, String redirect) {}

    @Override
    public boolean needsConsent() {
        return grant == Grant.AUTHORIZATION_CODE;
    }

    @Override
    public boolean uses(Optional<Token> had) {
        return grant == Grant.AUTHORIZATION_CODE || grant == Grant.REFRESH_TOKEN;
    }

    @Override
    public boolean logsIn() {
        return grant == Grant.PASSWORD;
    }

    @Override
    public Request ask(Values values, Optional<Token> had, Auth.Moment moment) {
        Map<String, String> form = new LinkedHashMap<>();
        switch (grant) {
            case AUTHORIZATION_CODE -> refresh(form, refreshToken(values, had));
            case REFRESH_TOKEN ->
                refresh(form, had.flatMap(Token::refresh).orElseGet(() -> values.fill(owner.refreshToken)));
            case CLIENT_CREDENTIALS -> {
                form.put("grant_type", "client_credentials");
                scope(form, values);
            }
            case JWT_BEARER -> {
                form.put("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
                form.put("assertion", assertion.orElseThrow().sign(values, scopes(values), moment));
            }
            case PASSWORD -> {
                form.put("grant_type", "password");
                form.put("username", values.fill(owner.user));
                form.put("password", values.fill(owner.password));
                scope(form, values);
            }
        }
        return post(form, values, moment);
    }

    private static void refresh(Map<String, String> form, String token) {
        form.put("grant_type", "refresh_token");
        form.put("refresh_token", token);
    }

    private static String refreshToken(Values values, Optional<Token> had) {
        return had.flatMap(Token::refresh)
                .orElseThrow(() -> new ConnectorRefused(values.connector() + ": "
                        + (had.isEmpty()
                                ? "it was not connected yet"
                                : "the vendor gave no refresh token with its token")
                        + "; connect it: serai connections connect " + values.connector()));
    }

    /** The page of the vendor where a person consents. */
    public URI authorize(Values values, Consent consent) {
        URI page = address(values, endpoints.authorize, "authorize_url");
        var request = new com.nimbusds.oauth2.sdk.AuthorizationRequest.Builder(
                        ResponseType.CODE, new ClientID(values.fill(client.id)))
                .endpointURI(page)
                .redirectionURI(URI.create(consent.redirect))
                .state(new State(consent.state))
                .codeChallenge(new CodeVerifier(consent.verifier), CodeChallengeMethod.S256);
        String scopes = scopes(values);
        if (!scopes.isEmpty()) {
            request.customParameter("scope", scopes);
        }
        extras.authorize.forEach((name, text) -> request.customParameter(name, values.fill(text)));
        return request.build().toURI();
    }

    /** The request that turns the code of a consent into the first token. */
    public Request exchange(Values values, String code, Consent consent, Auth.Moment moment) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", consent.redirect);
        form.put("code_verifier", consent.verifier);
        return post(form, values, moment);
    }

    private String scopes(Values values) {
        return String.join(" ", extras.scopes.stream().map(values::fill).toList());
    }

    private void scope(Map<String, String> form, Values values) {
        String scopes = scopes(values);
        if (!scopes.isEmpty()) {
            form.put("scope", scopes);
        }
    }

    private Request post(Map<String, String> form, Values values, Auth.Moment moment) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Accept", "application/json");
        headers.put("User-Agent", "Serai");
        headers.put("Content-Type", "application/x-www-form-urlencoded");
        String id = values.fill(client.id);
        String secret = client.secret.settings().isEmpty() ? "" : values.fill(client.secret);
        if (!secret.isEmpty() && client.how == ClientAuth.BASIC) {
            headers.put(
                    "Authorization",
                    new ClientSecretBasic(new ClientID(id), new Secret(secret)).toHTTPAuthorizationHeader());
        } else if (!id.isEmpty()) {
            form.put("client_id", id);
            if (!secret.isEmpty()) {
                form.put("client_secret", secret);
            }
        }
        if (client.how == ClientAuth.ASSERTION) {
            form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
            form.put("client_assertion", assertion.orElseThrow().sign(values, scopes(values), moment));
        }
        extras.token.forEach((name, text) -> form.put(name, values.fill(text)));
        byte[] body = Urls.query(form).getBytes(StandardCharsets.UTF_8);
        return new Request("POST", address(values, endpoints.token, "token_url"), headers, body);
    }

    static URI address(Values values, Text text, String key) {
        String address = values.fill(text);
        Urls.problem("auth." + key, address, text).ifPresent(problem -> {
            throw new ConnectorRefused(values.connector() + ": " + problem);
        });
        return URI.create(address);
    }

    @Override
    public Places places() {
        return new Places("access_token", "");
    }

    @Override
    public Text address() {
        return endpoints.token;
    }

    @Override
    public Stream<Text> texts() {
        Stream<Text> own = Stream.of(endpoints.token, endpoints.authorize, client.id, owner.user);
        Stream<Text> more = Stream.of(
                        extras.scopes.stream(), extras.token.values().stream(), extras.authorize.values().stream())
                .flatMap(texts -> texts);
        Stream<Text> claims = assertion.stream().flatMap(Assertion::texts);
        return Stream.of(own, more, claims, secretTexts()).flatMap(texts -> texts);
    }

    @Override
    public Stream<Text> secretTexts() {
        return Stream.concat(
                Stream.of(client.secret, owner.password, owner.refreshToken),
                Stream.concat(
                        extras.token.values().stream()
                                .filter(text -> !text.undisclosed().isEmpty()),
                        assertion.stream().map(each -> each.key().pem())));
    }
}
