package dev.serai.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequestSender;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.LogoutRequest;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import dev.serai.oidc.Discovery.Known;
import dev.serai.oidc.NotSignedIn.Why;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Signing in with an issuer: the authorization code flow of OpenID Connect Core 1.0 with PKCE (RFC 7636). It remembers nobody:
 * what it must know of the way there, the browser brings back in its {@link Ticket}.
 */
public final class SignIn {
    private static final int LONGEST_WORDS = 200;

    private final Terms terms;
    private final HTTPRequestSender http;
    private final Discovery discovery;

    public SignIn(Terms terms, HTTPRequestSender http, InstantSource clock) {
        this.terms = terms;
        this.http = http;
        this.discovery = new Discovery(terms, http, clock);
    }

    public Terms terms() {
        return terms;
    }

    /** Where the browser goes. @param back where the issuer sends it afterwards, as it is registered there */
    public URI begin(Ticket ticket, URI back) throws NotSignedIn {
        return new AuthenticationRequest.Builder(
                        ResponseType.CODE, Scope.parse(terms.scopes()), new ClientID(terms.client()), back)
                .endpointURI(discovery.read().metadata().getAuthorizationEndpointURI())
                .state(ticket.state())
                .nonce(ticket.nonce())
                .codeChallenge(ticket.verifier(), CodeChallengeMethod.S256)
                .build()
                .toURI();
    }

    /**
     * What a browser was sent back with; missing parts are empty.
     *
     * @param issuer {@code iss} of RFC 9207
     */
    public record Answer(String state, String code, String issuer, String error, String words) {}

    /**
     * Who came back.
     *
     * @param back the same as at the beginning
     * @throws NotSignedIn also when it was another browser that began, as when somebody is to be logged in as somebody else
     */
    public Identity finish(Ticket ticket, Answer answer, URI back) throws NotSignedIn {
        if (!ticket.state().getValue().equals(answer.state)) {
            throw notBegun();
        }
        // only now is it the issuer who speaks: before, the words could be of anybody who made a link
        if (!answer.error.isEmpty() || answer.code.isEmpty()) {
            throw saidNo(answer.error.isEmpty() ? "it sent no code" : answer.error, answer.words);
        }
        Known known = discovery.read();
        if (!answer.issuer.isEmpty() && !answer.issuer.equals(terms.issuer().toString())) {
            throw notBelieved("the answer is of another issuer, \"" + cut(answer.issuer) + "\"");
        }
        JWT token = token(known.metadata(), ticket, answer.code, back);
        try {
            IDTokenClaimsSet claims = known.tokens().validate(token, ticket.nonce());
            if (!isForUs(claims)) {
                throw notBelieved("its ID token is for others too, and was issued to one of them");
            }
            return Claims.identity(claims, terms.roles(), ticket.nonce().getValue());
        } catch (BadJOSEException e) {
            throw notBelieved("its ID token is refused: " + cut(e.getMessage()));
        } catch (JOSEException e) {
            // of a token that can't be judged, as while the keys can't be had
            throw Discovery.away(terms, new IOException(cut(e.getMessage())));
        }
    }

    /** Core 1.0, 3.1.3.7: of several who may take a token, each could show it to the others. */
    private boolean isForUs(IDTokenClaimsSet claims) {
        return claims.getAudience().size() == 1
                || claims.getAuthorizedParty() != null
                        && claims.getAuthorizedParty().getValue().equals(terms.client());
    }

    /** Nothing was begun in this browser, or it was too long ago. */
    public static NotSignedIn notBegun() {
        return new NotSignedIn(
                Why.NOT_BEGUN_HERE,
                "This sign-in was not begun in this browser, was ended before, or took longer than ten minutes."
                        + " Begin again; cookies are needed.");
    }

    private JWT token(OIDCProviderMetadata metadata, Ticket ticket, String code, URI back) throws NotSignedIn {
        var grant = new AuthorizationCodeGrant(new AuthorizationCode(code), back, ticket.verifier());
        TokenResponse answer;
        try {
            answer = OIDCTokenResponseParser.parse(
                    request(metadata, grant).toHTTPRequest().send(http));
        } catch (IOException e) {
            throw Discovery.away(terms, e);
        } catch (ParseException e) {
            throw notBelieved("its answer to the code can't be read: " + cut(e.getMessage()));
        }
        if (!answer.indicatesSuccess()) {
            ErrorObject error = answer.toErrorResponse().getErrorObject();
            throw saidNo(
                    error.getCode() == null ? "status " + error.getHTTPStatusCode() : error.getCode(),
                    error.getDescription() == null ? "" : error.getDescription());
        }
        return ((OIDCTokenResponse) answer.toSuccessResponse()).getOIDCTokens().getIDToken();
    }

    private TokenRequest request(OIDCProviderMetadata metadata, AuthorizationCodeGrant grant) {
        var client = new ClientID(terms.client());
        String secret = terms.secret().get();
        URI endpoint = metadata.getTokenEndpointURI();
        if (secret.isEmpty()) {
            return new TokenRequest.Builder(endpoint, client, grant).build();
        }
        // an issuer that does not say takes it in a header
        List<ClientAuthenticationMethod> ways = metadata.getTokenEndpointAuthMethods();
        boolean inBody = ways != null
                && !ways.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                && ways.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST);
        var known = inBody
                ? new ClientSecretPost(client, new Secret(secret))
                : new ClientSecretBasic(client, new Secret(secret));
        return new TokenRequest.Builder(endpoint, known, grant).build();
    }

    /** Where the browser goes to log out there too; empty when the issuer offers nothing, or can't be asked. @param back afterwards */
    public Optional<URI> farewell(URI back) {
        try {
            URI endpoint = discovery.read().metadata().getEndSessionEndpointURI();
            return discovery.isSafe(endpoint)
                    ? Optional.of(
                            new LogoutRequest(endpoint, null, null, new ClientID(terms.client()), back, null, null)
                                    .toURI())
                    : Optional.empty();
        } catch (NotSignedIn e) {
            return Optional.empty();
        }
    }

    private NotSignedIn saidNo(String error, String words) {
        return new NotSignedIn(
                Why.SAID_NO,
                terms.name() + " said no: " + cut(error) + (words.isBlank() ? "" : ", " + cut(words)) + ". Begin again;"
                        + " if it stays so, show this to whoever runs this hub.");
    }

    private NotSignedIn notBelieved(String words) {
        return new NotSignedIn(
                Why.NOT_BELIEVED,
                "What " + terms.name() + " says is not believed: " + words
                        + ". Begin again; if it stays so, show this to whoever runs this hub.");
    }

    private static String cut(String words) {
        return words.length() <= LONGEST_WORDS ? words : words.substring(0, LONGEST_WORDS) + "…";
    }
}
