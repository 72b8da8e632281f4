package dev.serai.connector.auth;

import dev.serai.connector.Request;
import dev.serai.connector.Text;
import dev.serai.connector.Values;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a request proves who sends it. */
public sealed interface Auth permits Fixed, InBody, TokenAuth, OAuth1, Hmac {

    /**
     * When a request is signed, and the chance in it.
     *
     * @param now as the remote's clock shows it
     * @param nonce never the same twice
     */
    record Moment(Instant now, String nonce) {}

    /** Every text it fills in; their settings must be set before a request can be built. */
    Stream<Text> texts();

    /** Those of them whose settings are secret. */
    Stream<Text> secretTexts();

    /** Adds what the remote asks for, as far as it does not depend on the rest of the request. */
    void apply(Values values, Map<String, String> headers, Map<String, String> query);

    /** The finished request with its signature, where there is one. */
    default Request sign(Request request, Values values, Moment moment) {
        return request;
    }

    /** What must not be shown, as it is set now and as it looks inside a request; what is not set is left out. */
    Set<String> secrets(Values values);

    /** The names of the settings whose values are secret. */
    default Set<String> secretSettings() {
        return secretTexts().flatMap(text -> text.settings().stream()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The values of the secret settings, as they are and percent-encoded. */
    static Set<String> shownAs(Stream<Text> texts, Values values) {
        var secrets = new TreeSet<String>();
        texts.flatMap(text -> text.settings().stream())
                .forEach(name -> values.settings().get(name).ifPresent(value -> Secrecy.add(secrets, value)));
        return secrets;
    }
}
