package dev.serai.connector.auth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connector.Answer;
import dev.serai.connector.RetryAfter;
import dev.serai.connector.VendorMessage;
import dev.serai.connector.auth.Token.ConsentEnd;
import dev.serai.connector.auth.TokenRefused.Why;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads what a token endpoint answers. Vendors bend RFC 6749: no {@code token_type}, a refusal as 200, numbers as text; so
 * only what is used is asked for.
 *
 * @param logIn see {@link TokenSource#logsIn}
 */
record TokenAnswer(TokenSource.Places places, TokenAuth.Life life, boolean logIn) {
    /** A life of a year and more is a mistake or a word for "for ever". */
    private static final Duration LONGEST = Duration.ofDays(3650);

    /** An end that is told as seconds from now differs by a little each time. */
    private static final Duration MOVED = Duration.ofMinutes(5);

    private static final int LONGEST_FIELD = 500;
    /** What was granted: some vendors have many, and some write a list. */
    private static final String SCOPE = "scope";

    private static final int LONGEST_SCOPE = 10_000;

    /**
     * Words of RFC 6749 (5.2) and OpenID Connect (3.1.2.6) by which only a person gets further; vendors add words of their
     * own that begin like the first.
     */
    private static final Pattern NO = Pattern.compile("invalid_\\w+|access_denied|unauthorized_client"
            + "|unsupported_grant_type|(interaction|login|consent|account_selection)_required");

    Token read(Answer answer, Optional<Token> had, Instant asked, Duration skew) throws TokenRefused {
        JsonNode json = answer.json();
        JsonNode access = TokenSource.at(json, places.access());
        boolean fine = answer.status() >= 200 && answer.status() < 300;
        if (!fine || !access.isTextual() || access.asText().isBlank()) {
            throw refused(answer, fine, asked);
        }
        Map<String, String> fields = new TreeMap<>(had.map(Token::fields).orElse(Map.of()));
        fields.putAll(fields(json));
        Optional<String> refresh = text(json, "refresh_token");
        return new Token(
                access.asText(),
                refresh.or(() -> had.flatMap(Token::refresh)),
                asked,
                expiry(json, asked, skew),
                consentEnd(json, had, refresh, asked, skew),
                fields);
    }

    /** What is not said again holds on, unless it was said of another refresh token. */
    private Optional<ConsentEnd> consentEnd(
            JsonNode json, Optional<Token> had, Optional<String> refresh, Instant asked, Duration skew) {
        Optional<ConsentEnd> before = had.flatMap(Token::consentEnd);
        Optional<Instant> told = told(TokenSource.at(json, life.refreshLife()), asked, skew);
        if (told.isPresent()) {
            boolean stands = before.filter(end -> !end.at().plus(MOVED).isBefore(told.get()))
                    .isPresent();
            return Optional.of(new ConsentEnd(told.get(), stands));
        }
        return before.filter(end -> refresh.isEmpty() || refresh.equals(had.flatMap(Token::refresh)))
                .map(end -> new ConsentEnd(end.at(), true));
    }

    private Optional<Instant> expiry(JsonNode json, Instant asked, Duration skew) {
        JsonNode said = places.life().isEmpty() ? json.path("expires_in") : TokenSource.at(json, places.life());
        return told(said, asked, skew).or(() -> life.expiresIn().map(asked::plus));
    }

    private static Optional<Instant> told(JsonNode said, Instant asked, Duration skew) {
        return said.isValueNode() && !said.isNull() ? instant(said.asText(), asked, skew) : Optional.empty();
    }

    /** Seconds from now, a second or millisecond of the epoch, or a time of ISO 8601; the last three by the remote's clock. */
    private static Optional<Instant> instant(String said, Instant asked, Duration skew) {
        try {
            if (!said.matches("\\d{1,15}(\\.\\d+)?")) {
                return Optional.of(OffsetDateTime.parse(said).toInstant().minus(skew));
            }
            long number = Long.parseLong(said.replaceAll("\\..*", ""));
            if (number > 100_000_000_000L) {
                return Optional.of(Instant.ofEpochMilli(number).minus(skew));
            }
            if (number > LONGEST.toSeconds()) {
                return Optional.of(Instant.ofEpochSecond(number).minus(skew));
            }
            return number == 0 ? Optional.empty() : Optional.of(asked.plusSeconds(number));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** What else is there, for {@code {token.instance_url}}; nothing that may be a secret. */
    private static Map<String, String> fields(JsonNode json) {
        var fields = new TreeMap<String, String>();
        json.properties().forEach(field -> {
            String name = field.getKey();
            JsonNode value = field.getValue();
            if (name.equals(SCOPE)) {
                scope(value).filter(text -> text.length() <= LONGEST_SCOPE).ifPresent(text -> fields.put(SCOPE, text));
                return;
            }
            boolean plain = !name.contains("token") && !name.contains("secret") && !name.contains("signature");
            if (plain
                    && value.isValueNode()
                    && !value.isNull()
                    && value.asText().length() <= LONGEST_FIELD) {
                fields.put(name, value.asText());
            }
        });
        return fields;
    }

    private static Optional<String> scope(JsonNode value) {
        if (value.isArray()) {
            var words = new ArrayList<String>();
            value.forEach(each -> words.add(each.asText()));
            return Optional.of(String.join(" ", words));
        }
        return Optional.of(value).filter(JsonNode::isTextual).map(JsonNode::asText);
    }

    private TokenRefused refused(Answer answer, boolean fine, Instant asked) {
        String code = text(answer.json(), "error").orElse("");
        String words = VendorMessage.whole(answer);
        String said = code.isEmpty() || words.contains(code) ? words : words.isEmpty() ? code : code + ", " + words;
        String message = "answered " + answer.status() + (said.isEmpty() ? "" : ": " + said);
        Duration wait = RetryAfter.of(answer, asked).orElse(Duration.ZERO);
        if (answer.status() == 429) {
            return new TokenRefused(Why.LIMITED, message, wait);
        }
        if (fine && code.isEmpty()) {
            message += ", and no token stands in the answer where the connector file says";
        }
        return new TokenRefused(isNo(answer, code) ? Why.REFUSED : Why.AGAIN, message, wait);
    }

    /**
     * Whether the vendor's own words say no. A page of maintenance, a firewall's 403, the 404 of a vendor that is being
     * deployed and an address that moved are none: they go by, and a connection that is parked waits for a person. Of a
     * log-in every JSON object without a token is one, as the same password again may lock the account.
     */
    private boolean isNo(Answer answer, String code) {
        if (answer.status() == 408 || answer.status() >= 500) {
            return false;
        }
        boolean object = answer.json().isObject();
        return answer.status() == 401
                || logIn && object
                || NO.matcher(code).matches()
                || (answer.status() == 400 || answer.status() == 422) && object && code.isEmpty();
    }

    private static Optional<String> text(JsonNode json, String name) {
        return Optional.of(json.path(name))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .filter(value -> !value.isBlank());
    }
}
