package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.file.Template;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What is filled into the texts of one request.
 *
 * @param connector its name
 * @param operation its name, for messages; empty for what all have
 * @param places gives the value of a place, or null
 */
public record Values(String connector, String operation, Settings settings, Function<String, String> places) {

    /** Places that begin like this are fields of the token's answer. */
    public static final String TOKEN = "token.";

    /** Arguments come first, then the fields of the body by dotted path. */
    public static Function<String, String> places(Map<String, String> args, JsonNode body) {
        Function<String, String> fields = Template.in(body);
        return name -> args.containsKey(name) ? args.get(name) : fields.apply(name);
    }

    /** The same, and a place more. */
    public Values with(String place, String value) {
        return new Values(connector, operation, settings, name -> name.equals(place) ? value : places.apply(name));
    }

    public String fill(Text text) {
        return fill(text, UnaryOperator.identity());
    }

    /** @throws ConnectorRefused naming the setting or the place that has no value, and what to do */
    public String fill(Text text, UnaryOperator<String> encode) {
        try {
            return text.fill(settings, places, encode);
        } catch (Text.Unsettled e) {
            throw new ConnectorRefused(connector + ": " + e.getMessage());
        } catch (Template.MissingValue e) {
            if (e.name().startsWith(TOKEN)) {
                throw refused("the vendor gave no \"" + e.name().substring(TOKEN.length()) + "\" with its token and \""
                        + text + "\" needs it; connect it, or correct the file");
            }
            throw refused("\"" + e.name() + "\" has no value and \"" + text
                    + "\" needs it; give it as a field of the body or as an argument (connector:" + connector + "/"
                    + operation + "?" + e.name() + "=...)");
        }
    }

    /** As {@link #fill}, of a text that may hold line breaks, as a key does. */
    public String fillLines(Text text) {
        try {
            return text.fillLines(settings);
        } catch (Text.Unsettled e) {
            throw new ConnectorRefused(connector + ": " + e.getMessage());
        }
    }

    public ConnectorRefused refused(String what) {
        return new ConnectorRefused(connector + (operation.isEmpty() ? "" : "/" + operation) + ": " + what);
    }
}
