package dev.serai.oidc;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Resource;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPRequestSender;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderConfigurationRequest;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import dev.serai.oidc.NotSignedIn.Why;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the issuer publishes of itself: where to go, and its keys. Kept for an hour; a key that is new is asked for at once, twice
 * within half a minute at most.
 */
final class Discovery {
    private static final Duration KEPT = Duration.ofHours(1);
    /** While an issuer is away, those who wait for it do not wait one after the other. */
    private static final Duration LEFT_ALONE = Duration.ofSeconds(5);

    private static final int CLOCKS_DIFFER_SECONDS = 60;
    /** Of public keys only: with a shared secret, whoever checks a token could have made it. */
    private static final List<JWSAlgorithm> ALGORITHMS = List.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private final Terms terms;
    private final HTTPRequestSender http;
    private final InstantSource clock;
    private Known known;
    private NotSignedIn failure;
    private Instant failedAt;

    /** @param tokens judges ID tokens by the issuer's keys */
    record Known(OIDCProviderMetadata metadata, IDTokenValidator tokens, Instant at) {}

    Discovery(Terms terms, HTTPRequestSender http, InstantSource clock) {
        this.terms = terms;
        this.http = http;
        this.clock = clock;
    }

    /** What is kept; when that is old, or nothing is, what the issuer says now. */
    synchronized Known read() throws NotSignedIn {
        Instant now = clock.instant();
        if (known != null && known.at.plus(KEPT).isAfter(now)) {
            return known;
        }
        if (failure != null && failedAt.plus(LEFT_ALONE).isAfter(now)) {
            throw failure;
        }
        try {
            OIDCProviderMetadata metadata = fetch();
            known = new Known(metadata, validator(metadata), now);
            failure = null;
            return known;
        } catch (NotSignedIn e) {
            failure = e;
            failedAt = clock.instant();
            throw e;
        }
    }

    private OIDCProviderMetadata fetch() throws NotSignedIn {
        var issuer = new Issuer(terms.issuer());
        OIDCProviderMetadata metadata;
        try {
            HTTPResponse answer =
                    new OIDCProviderConfigurationRequest(issuer).toHTTPRequest().send(http);
            answer.ensureStatusCode(200);
            metadata = OIDCProviderMetadata.parse(answer.getBodyAsJSONObject());
        } catch (IOException e) {
            throw away(terms, e);
        } catch (ParseException e) {
            throw notBelieved("can't be used: " + e.getMessage() + ". Whoever runs this hub has to look at"
                    + " serai.oidc.issuer = \"" + issuer + "\".");
        }
        if (!metadata.getIssuer().equals(issuer)) {
            throw notBelieved("says that its issuer is \"" + metadata.getIssuer() + "\", and serai.oidc.issuer is \""
                    + issuer + "\". Whoever runs this hub has to write the same there, to the letter.");
        }
        for (URI address : Arrays.asList(
                metadata.getAuthorizationEndpointURI(), metadata.getTokenEndpointURI(), metadata.getJWKSetURI())) {
            if (!isSafe(address)) {
                throw notBelieved("leads to \"" + address + "\", where an address with https is needed. Whoever runs "
                        + terms.name() + " has to correct it.");
            }
        }
        return metadata;
    }

    static NotSignedIn away(Terms terms, IOException e) {
        return new NotSignedIn(
                Why.AWAY,
                terms.name()
                        + " can't be asked now. Try again in a moment, or log in with a token; the log of this hub says"
                        + " why.",
                String.valueOf(e.getMessage()));
    }

    private NotSignedIn notBelieved(String words) {
        return new NotSignedIn(Why.NOT_BELIEVED, "What " + terms.name() + " publishes of itself " + words);
    }

    /** An issuer on this machine may speak plainly of itself, and of nobody else. */
    boolean isSafe(URI address) {
        return address != null
                && ("https".equals(address.getScheme())
                        || String.valueOf(address.getRawAuthority())
                                .equals(terms.issuer().getRawAuthority()));
    }

    private IDTokenValidator validator(OIDCProviderMetadata metadata) throws NotSignedIn {
        Set<JWSAlgorithm> algorithms = new HashSet<>(ALGORITHMS);
        if (metadata.getIDTokenJWSAlgs() != null) {
            algorithms.retainAll(metadata.getIDTokenJWSAlgs());
        }
        if (algorithms.isEmpty()) {
            throw notBelieved("names no way to sign ID tokens that is believed here; one of " + ALGORITHMS
                    + " is needed. Whoever runs " + terms.name() + " has to choose one for this client.");
        }
        try {
            var keys = JWKSourceBuilder.<SecurityContext>create(
                            metadata.getJWKSetURI().toURL(), this::keys)
                    .refreshAheadCache(false)
                    .build();
            var validator = new IDTokenValidator(
                    metadata.getIssuer(),
                    new ClientID(terms.client()),
                    new JWSVerificationKeySelector<>(algorithms, keys),
                    null);
            validator.setMaxClockSkew(CLOCKS_DIFFER_SECONDS);
            return validator;
        } catch (MalformedURLException e) {
            throw notBelieved("leads to \"" + metadata.getJWKSetURI() + "\", which is no address");
        }
    }

    private Resource keys(URL address) throws IOException {
        HTTPResponse answer = new HTTPRequest(HTTPRequest.Method.GET, address).send(http);
        if (answer.getStatusCode() != 200) {
            throw new IOException(address.getPath() + " answered " + answer.getStatusCode());
        }
        return new Resource(answer.getBody(), answer.getHeaderValue("Content-Type"));
    }
}
