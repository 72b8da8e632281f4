package dev.serai.connector.auth;

import dev.serai.connector.Request;
import dev.serai.connector.Text;
import dev.serai.connector.Values;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import oauth.signpost.AbstractOAuthConsumer;
import oauth.signpost.exception.OAuthException;
import oauth.signpost.http.HttpParameters;
import oauth.signpost.http.HttpRequest;
import oauth.signpost.signature.HmacSha256MessageSigner;

/**
 * OAuth 1.0a with HMAC-SHA256 (RFC 5849), as NetSuite's token-based authentication has it.
 *
 * @param realm NetSuite's account id; empty when there is none
 */
public record OAuth1(Text consumerKey, Text consumerSecret, Text token, Text tokenSecret, Text realm) implements Auth {

    @Override
    public Stream<Text> texts() {
        return Stream.concat(Stream.of(consumerKey, token, realm), secretTexts());
    }

    @Override
    public Stream<Text> secretTexts() {
        return Stream.of(consumerSecret, tokenSecret, token);
    }

    @Override
    public void apply(Values values, Map<String, String> headers, Map<String, String> query) {
        // what is missing is said before the request goes anywhere; the signature itself needs the whole of it
        texts().forEach(values::fill);
    }

    @Override
    public Request sign(Request request, Values values, Moment moment) {
        var consumer = new Consumer(values.fill(consumerKey), values.fill(consumerSecret), moment);
        // the signer first: one that is set later knows nothing of the token's secret
        consumer.setMessageSigner(new HmacSha256MessageSigner());
        consumer.setTokenWithSecret(values.fill(token), values.fill(tokenSecret));
        String account = values.fill(realm);
        if (!account.isEmpty()) {
            var more = new HttpParameters();
            more.put("realm", account);
            consumer.setAdditionalParameters(more);
        }
        var signed = new Unsigned(request);
        try {
            consumer.sign((HttpRequest) signed);
        } catch (OAuthException e) {
            throw values.refused("the request can't be signed: " + e.getMessage());
        }
        return new Request(request.method(), request.url(), signed.headers, request.body());
    }

    @Override
    public Set<String> secrets(Values values) {
        return Auth.shownAs(secretTexts(), values);
    }

    /** With time and chance as they are given. */
    private static final class Consumer extends AbstractOAuthConsumer {
        private static final long serialVersionUID = 1;
        private final transient Moment moment;

        Consumer(String key, String secret, Moment moment) {
            super(key, secret);
            this.moment = moment;
        }

        @Override
        protected HttpRequest wrap(Object request) {
            return (HttpRequest) request;
        }

        @Override
        protected String generateTimestamp() {
            return Long.toString(moment.now().getEpochSecond());
        }

        @Override
        protected String generateNonce() {
            return moment.nonce();
        }
    }

    /** A request as the library wants to see it. */
    private static final class Unsigned implements HttpRequest {
        private final Request request;
        private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

        Unsigned(Request request) {
            this.request = request;
            headers.putAll(request.headers());
        }

        @Override
        public String getMethod() {
            return request.method();
        }

        @Override
        public String getRequestUrl() {
            return request.url().toString();
        }

        @Override
        public void setRequestUrl(String url) {
            throw new UnsupportedOperationException("the signature stands in a header");
        }

        @Override
        public void setHeader(String name, String value) {
            headers.put(name, value);
        }

        @Override
        public String getHeader(String name) {
            return headers.get(name);
        }

        @Override
        public Map<String, String> getAllHeaders() {
            return new HashMap<>(headers);
        }

        @Override
        public InputStream getMessagePayload() {
            return new ByteArrayInputStream(request.body());
        }

        @Override
        public String getContentType() {
            return headers.get("Content-Type");
        }

        @Override
        public Object unwrap() {
            return request;
        }
    }
}
