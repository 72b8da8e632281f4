package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;

/**
 * What a remote says went wrong, found in the shapes remotes use: RFC 9457 problem details, {@code message},
 * {@code error.message}, {@code errors[].message}, a list of such objects, or the title of an HTML page. All else in the
 * body stays unread: it may be payload.
 */
public final class VendorMessage {
    private static final int LIMIT = 300;
    private static final int READ = 10_000; // bytes; a title stands at the beginning
    private static final int MAX_DETAILS = 5;
    private static final Pattern PAGE = Pattern.compile(
            "\\s*(<\\?xml[^>]*>\\s*)?(<!--.{0,500}?-->\\s*)?<(!doctype html|html|head|body)\\b.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern MARKUP = Pattern.compile("</?[a-zA-Z!][^>]*>?|&#?\\w+;");
    private static final List<String> SENTENCE =
            List.of("message", "error_description", "error_message", "description", "detail");

    private VendorMessage() {}

    /**
     * One line of at most 300 characters; empty when the remote says nothing we can read.
     *
     * @param masking hides secrets; before the line is cut, so that no half of one is left
     */
    public static String of(Answer answer, UnaryOperator<String> masking) {
        JsonNode json = answer.json();
        String text = json.isContainerNode() ? fromJson(json) : fromText(answer, masking);
        return oneLine(text, masking);
    }

    /** As {@link #of}, as long as it is: for whoever hides its secrets, and then cuts it. */
    public static String whole(Answer answer) {
        JsonNode json = answer.json();
        return line(json.isContainerNode() ? fromJson(json) : fromText(answer, UnaryOperator.identity()));
    }

    /** What stands at a dotted path of the body, as one line; empty when there is nothing. */
    static String field(Answer answer, String path, UnaryOperator<String> masking) {
        String text = Json.all(answer.json(), path).stream()
                .filter(found -> found.isValueNode() && !found.isNull())
                .map(JsonNode::asText)
                .distinct()
                .limit(MAX_DETAILS)
                .collect(Collectors.joining("; "));
        return oneLine(text, masking);
    }

    private static String fromJson(JsonNode json) {
        if (json.isArray()) {
            return json.isEmpty() ? "" : fromJson(json.get(0));
        }
        String head = headline(json);
        List<String> details = details(json.path("errors"));
        if (details.isEmpty()) {
            details = details(json.path("details"));
        }
        details = details.stream().filter(detail -> !detail.equals(head)).toList();
        if (head.isEmpty() || details.isEmpty()) {
            return head + String.join("; ", details);
        }
        return head + " (" + String.join("; ", details) + ")";
    }

    private static String headline(JsonNode json) {
        String title = text(json, "title");
        if (!title.isEmpty()) {
            String detail = text(json, "detail");
            // the details name the fields already; the sentence that refers to them adds nothing
            return detail.isEmpty() || !json.path("errors").isEmpty() ? title : title + ": " + detail;
        }
        String sentence = sentence(json);
        if (!sentence.isEmpty()) {
            return sentence;
        }
        JsonNode error = json.path("error");
        return error.isObject() ? sentence(error) : text(json, "error");
    }

    private static String sentence(JsonNode json) {
        return SENTENCE.stream()
                .map(name -> text(json, name))
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** Of {@code [{field, message}]}, {@code ["..."]} or {@code {field: [...]}}. */
    private static List<String> details(JsonNode errors) {
        var details = new ArrayList<String>();
        if (errors.isTextual()) {
            details.add(errors.asText());
        } else if (errors.isArray()) {
            errors.forEach(error -> details.add(detail(error)));
        } else {
            errors.properties().forEach(field -> {
                List<String> inner = details(field.getValue());
                details.add(inner.isEmpty() ? "" : field.getKey() + ": " + String.join(", ", inner));
            });
        }
        return details.stream()
                .filter(detail -> !detail.isEmpty())
                .limit(MAX_DETAILS)
                .collect(Collectors.toList());
    }

    private static String detail(JsonNode error) {
        if (error.isTextual()) {
            return error.asText();
        }
        String sentence = sentence(error);
        String said = sentence.isEmpty() ? text(error, "title") : sentence;
        String field = text(error, "field");
        return field.isEmpty() || said.isEmpty() ? said : field + ": " + said;
    }

    private static String text(JsonNode json, String name) {
        JsonNode value = json.path(name);
        return value.isTextual() ? value.asText() : "";
    }

    /** Whether a web page came, whatever its header says. */
    static boolean isPage(Answer answer) {
        return PAGE.matcher(beginning(answer)).matches();
    }

    private static String beginning(Answer answer) {
        return new String(answer.body(), 0, Math.min(answer.body().length, READ), StandardCharsets.UTF_8);
    }

    private static String fromText(Answer answer, UnaryOperator<String> masking) {
        String type = answer.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        boolean page = isPage(answer) || type.startsWith("text/html");
        if (!page && !type.startsWith("text/plain")) {
            return "";
        }
        String whole = masking.apply(new String(answer.body(), StandardCharsets.UTF_8));
        String body = whole.substring(0, Math.min(whole.length(), READ));
        if (!page) {
            return body;
        }
        Document parsed = Jsoup.parse(body);
        return parsed.title().isBlank() ? parsed.select("h1").text() : parsed.title();
    }

    /** One line, its secrets hidden as they came and as they read without markup, and cut then. */
    static String oneLine(String text, UnaryOperator<String> masking) {
        return cut(masking.apply(line(masking.apply(text))));
    }

    private static String line(String text) {
        String plain = MARKUP.matcher(text).find() ? Jsoup.parse(text).text() : text;
        return plain.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    }

    /** At most 300 characters of a line. */
    public static String cut(String line) {
        return line.length() <= LIMIT ? line : line.substring(0, LIMIT - 1) + "…";
    }
}
