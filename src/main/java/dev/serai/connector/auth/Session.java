package dev.serai.connector.auth;

import dev.serai.connector.ConnectorRefused;
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
 */
public record Session(Text url, Map<String, Text> headers, JsonTemplate body, boolean form, Places places)
        implements TokenSource {

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
        return true;
    }

    @Override
    public Request ask(Values values, Optional<Token> had, Auth.Moment moment) {
        Map<String, String> sent = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        sent.put("Accept", "application/json");
        sent.put("User-Agent", "Serai");
        sent.put("Content-Type", form ? "application/x-www-form-urlencoded" : "application/json");
        headers.forEach((name, text) -> sent.put(name, values.fill(text)));
        URI address = OAuth2.address(values, url, "login.url");
        String text = form
                ? dev.serai.connector.Form.encode(body.fill(values))
                : body.fill(values).toString();
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
        return Stream.concat(Stream.of(url), secretTexts());
    }

    /** Nobody marks which member is the password, so all are kept secret. */
    @Override
    public Stream<Text> secretTexts() {
        return Stream.concat(headers.values().stream(), body.texts().stream());
    }
}
