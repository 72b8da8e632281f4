package dev.serai.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pebbletemplates.pebble.extension.AbstractExtension;
import io.pebbletemplates.pebble.extension.Filter;
import io.pebbletemplates.pebble.extension.escaper.SafeString;
import io.pebbletemplates.pebble.template.EvaluationContext;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** How values are shown: times, spans and JSON. */
final class Filters extends AbstractExtension {
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS 'UTC'").withZone(ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a state or verdict looks like beside its word. */
    static final Map<String, String> SHAPES = Map.ofEntries(
            Map.entry("on", "●"),
            Map.entry("paused", "‖"),
            Map.entry("off", "○"),
            Map.entry("fine", "●"),
            Map.entry("closed", "●"),
            Map.entry("half_open", "↻"),
            Map.entry("renewed", "↻"),
            Map.entry("resumed", "↻"),
            Map.entry("skipped", "●"),
            Map.entry("waiting", "○"),
            Map.entry("claimed", "◐"),
            Map.entry("done", "●"),
            Map.entry("dead", "✕"),
            Map.entry("current", "●"),
            Map.entry("behind", "✕"),
            Map.entry("never_written", "○"),
            Map.entry("in_doubt", "?"),
            Map.entry("intended", "○"),
            Map.entry("succeeded", "●"),
            Map.entry("failed", "✕"),
            Map.entry("success", "●"),
            Map.entry("ignore", "●"),
            Map.entry("retry", "↻"),
            Map.entry("rate_limited", "↻"),
            Map.entry("unauthorized", "✕"),
            Map.entry("fail", "✕"),
            Map.entry("parked", "✕"),
            Map.entry("open", "✕"),
            Map.entry("refused", "✕"),
            Map.entry("shut", "‖"),
            Map.entry("failing", "✕"),
            Map.entry("not_connected", "✕"),
            Map.entry("untried", "○"),
            Map.entry("silent", "?"),
            Map.entry("new", "○"));

    private static final Pattern COMMENT = Pattern.compile("<!--.*?-->", Pattern.DOTALL);
    private static final Pattern RUNBOOK = Pattern.compile("]\\(([a-z-]+)\\.md\\)");

    private final InstantSource clock;

    Filters(InstantSource clock) {
        this.clock = clock;
    }

    /** What a filter without arguments does with a value. */
    private interface Shown {
        Object of(Object value);
    }

    private record Plain(Shown shown) implements Filter {
        @Override
        public Object apply(
                Object input, Map<String, Object> args, PebbleTemplate self, EvaluationContext context, int line) {
            return input == null ? "" : shown.of(input);
        }

        @Override
        public List<String> getArgumentNames() {
            return List.of();
        }
    }

    @Override
    public Map<String, Filter> getFilters() {
        return Map.of(
                "ago", new Plain(this::ago),
                "span", new Plain(seconds -> span(Duration.ofSeconds(((Number) seconds).longValue()))),
                "count", new Plain(number -> String.format(Locale.ROOT, "%,d", ((Number) number).longValue())),
                "meter", new Plain(percent -> meter(((Number) percent).longValue())),
                "sum", new Plain(Filters::sum),
                "json", new Plain(Filters::json),
                "word", new Plain(Filters::word),
                "markdown", new Plain(Filters::markdown));
    }

    /** {@code 3 min ago}, the exact time behind it. @param time as the API writes it; nothing in it needs escaping */
    private SafeString ago(Object time) {
        Instant at = Instant.parse(time.toString());
        Duration age = Duration.between(at, clock.instant());
        String words = age.isNegative() ? "in " + span(age.negated()) : span(age) + " ago";
        return new SafeString("<time datetime=\"" + at + "\" title=\"" + UTC.format(at) + "\">" + words + "</time>");
    }

    static String span(Duration time) {
        if (time.toMinutes() < 1) {
            return time.toSeconds() + " s";
        }
        if (time.toHours() < 1) {
            return time.toMinutes() + " min";
        }
        return time.toDays() < 2 ? time.toHours() + " h" : time.toDays() + " d";
    }

    /** A state or a verdict as shape and word, never by colour alone. */
    private static Object word(Object word) {
        String shape = SHAPES.get(word.toString());
        return shape == null
                ? word
                : new SafeString("<span class=\"word " + word + "\"><b aria-hidden=\"true\">" + shape + "</b> "
                        + word.toString().replace('_', ' ') + "</span>");
    }

    /** A page of ours; comments are left out, HTML in it is escaped, and links to other runbooks lead to their pages here. */
    private static SafeString markdown(Object text) {
        String linked =
                RUNBOOK.matcher(COMMENT.matcher(text.toString()).replaceAll("")).replaceAll("](/runbooks/$1)");
        return new SafeString(HtmlRenderer.builder()
                .escapeHtml(true)
                .sanitizeUrls(true)
                .build()
                .render(Parser.builder().build().parse(linked)));
    }

    /** So many percent as a bar; beside it stands the number. */
    private static SafeString meter(long percent) {
        long width = Math.max(0, Math.min(100, percent));
        String style = percent >= 90 ? "fails" : percent >= 75 ? "warns" : "some";
        return new SafeString(
                "<svg class=\"meter\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
                        + "<rect class=\"none\" width=\"100\" height=\"8\"/><rect class=\"" + style + "\" width=\""
                        + width
                        + "\" height=\"8\"/></svg>");
    }

    /** Of the values of a map. */
    private static Object sum(Object numbers) {
        return ((Map<?, ?>) numbers)
                .values().stream()
                        .mapToLong(number -> ((Number) number).longValue())
                        .sum();
    }

    /** Over several lines; escaped like any text. */
    private static String json(Object value) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
