package dev.serai.connector.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connector.Request;
import dev.serai.connector.Text;
import dev.serai.connector.Values;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The same secret in the JSON body of every request, as PagerDuty has its routing key. It is put there when the request is
 * sent, so that no body that is shown holds it. A body that is no JSON object stays as it is.
 *
 * @param name of the field
 */
public record InBody(String name, Text secret) implements Auth {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public Stream<Text> texts() {
        return Stream.of(secret);
    }

    @Override
    public Stream<Text> secretTexts() {
        return Stream.of(secret);
    }

    @Override
    public void apply(Values values, Map<String, String> headers, Map<String, String> query) {
        values.fill(secret);
    }

    @Override
    public Request sign(Request request, Values values, Moment moment) {
        try {
            if (JSON.readTree(request.body()) instanceof ObjectNode body) {
                body.put(name, values.fill(secret));
                return new Request(request.method(), request.url(), request.headers(), JSON.writeValueAsBytes(body));
            }
            return request;
        } catch (JsonProcessingException e) {
            return request;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Set<String> secrets(Values values) {
        return Auth.shownAs(secretTexts(), values);
    }
}
