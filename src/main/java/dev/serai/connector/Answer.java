package dev.serai.connector;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.serai.file.Template;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What a remote answered.
 *
 * @param status the HTTP status
 * @param headers by name, in any case
 * @param body as it arrived; empty when there was none
 */
public record Answer(int status, Map<String, String> headers, byte[] body) {
    private static final String HEADER = "header.";

    /** A date has no milliseconds, and an answer takes its time. */
    private static final Duration AS_GOOD_AS_OURS = Duration.ofSeconds(5);

    /** Keeps 19.90 as 19.90 and a twenty-digit id as it is. */
    static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build()
            .reader();

    /** {@code 1,2,3} is no JSON, although it begins as a number does. */
    private static final ObjectReader WHOLE = JSON.with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    public Answer {
        var anyCase = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(headers);
        headers = Collections.unmodifiableMap(anyCase);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /**
     * Now, by the clock that the remote counts its moments with: that of its {@code Date}, unless it is as good as ours.
     *
     * @param now by this machine's clock
     */
    public Instant moment(Instant now) {
        return header("Date")
                .flatMap(Answer::date)
                .filter(theirs -> Duration.between(now, theirs).abs().compareTo(AS_GOOD_AS_OURS) >= 0)
                .orElse(now);
    }

    /** An HTTP date (RFC 9110, 5.6.7); empty for anything else. */
    public static Optional<Instant> date(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The body as JSON; a missing node when it is something else. */
    public JsonNode json() {
        try {
            return body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    /** What places of a text about it mean: {@code header.Location}, else fields of the body by dotted path. */
    Function<String, String> places() {
        Function<String, String> fields = Template.in(json());
        return name -> name.startsWith(HEADER)
                ? header(name.substring(HEADER.length())).orElse(null)
                : fields.apply(name);
    }

    /** Whether there is something, and it is no JSON. */
    boolean isOtherThanJson() {
        if (new String(body, StandardCharsets.ISO_8859_1).isBlank()) {
            return false;
        }
        try {
            return WHOLE.readTree(body).isMissingNode();
        } catch (IOException e) {
            return true;
        }
    }

    /** Status and size, no content. */
    @Override
    public String toString() {
        return status + " " + body.length + " bytes";
    }
}
