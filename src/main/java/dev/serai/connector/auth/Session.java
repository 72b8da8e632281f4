package dev.serai.connector.auth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Form;
import dev.serai.connector.JsonTemplate;
import dev.serai.connector.Request;
import dev.serai.connector.Text;
import dev.serai.connector.Values;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A vendor's own log-in: one call with name and password, whose answer holds a token.
 *
 * @param url of the log-in
 * @param body what it sends, as JSON or as a form
 * @param assertion what stands for {@code {assertion}} in its headers and body
 */
public record Session(Text url, Map<String, Text> headers, Body body, Places places, Optional<Assertion> assertion)
        implements TokenSource {
    static final String ASSERTION = "assertion";

    /** What it sends. */
    public record Body(JsonTemplate json, boolean form) {}

    @Override
    public boolean needsConsent() {
        return false;
    }

    @Override
    public boolean uses(Optional<Token> had) {
        return false;
    }

    @Override
    public boolean logsIn() {
        return assertion.isEmpty();
    }

    @Override
    public Request ask(Values given, Optional<Token> had, Auth.Moment moment) {
        Values values = assertion
                .map(each -> given.with(ASSERTION, each.sign(given, "", moment)))
                .orElse(given);
        Map<String, String> sent = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        sent.put("Accept", "application/json");
        sent.put("User-Agent", "Serai");
        sent.put("Content-Type", body.form ? "application/x-www-form-urlencoded" : "application/json");
        headers.forEach((name, text) -> sent.put(name, values.fill(text)));
        URI address = OAuth2.address(values, url, "login.url");
        JsonNode sends = body.json.fill(values);
        String text = body.form ? Form.encode(sends) : sends.toString();
        sent.forEach((name, value) -> {
            if (value.chars().anyMatch(c -> c < 0x20 || c > 0x7E)) {
                throw new ConnectorRefused(values.connector() + ": header " + name
                        + " of the log-in would hold a character no header may carry; correct its value");
            }
        });
        return new Request("POST", address, sent, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Text address() {
        return url;
    }

    @Override
    public Stream<Text> texts() {
        return Stream.of(Stream.of(url), assertion.stream().flatMap(Assertion::texts), secretTexts())
                .flatMap(texts -> texts);
    }

    /** Nobody marks which member is the password, so all are kept secret. */
    @Override
    public Stream<Text> secretTexts() {
        Stream<Text> sent = Stream.concat(headers.values().stream(), body.json.texts().stream());
        return Stream.concat(sent, assertion.stream().map(each -> each.key().pem()));
    }
}
