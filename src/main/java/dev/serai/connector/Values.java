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
 * @param operation its name, for messages
 * @param places gives the value of a place, or null
 */
record Values(String connector, String operation, Settings settings, Function<String, String> places) {

    /** Arguments come first, then the fields of the body by dotted path. */
    static Function<String, String> places(Map<String, String> args, JsonNode body) {
        Function<String, String> fields = Template.in(body);
        return name -> args.containsKey(name) ? args.get(name) : fields.apply(name);
    }

    String fill(Text text) {
        return fill(text, UnaryOperator.identity());
    }

    /** @throws ConnectorRefused naming the setting or the place that has no value, and what to do */
    String fill(Text text, UnaryOperator<String> encode) {
        try {
            return text.fill(settings, places, encode);
        } catch (Text.Unsettled e) {
            throw new ConnectorRefused(connector + ": " + e.getMessage());
        } catch (Template.MissingValue e) {
            throw refused("\"" + e.name() + "\" has no value and \"" + text
                    + "\" needs it; give it as a field of the body or as an argument (connector:" + connector + "/"
                    + operation + "?" + e.name() + "=...)");
        }
    }

    ConnectorRefused refused(String what) {
        return new ConnectorRefused(connector + "/" + operation + ": " + what);
    }
}
