package dev.serai.route;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * Values a route's author gives to a step: {@code ?list={{lists.de}}&id=${header.SeraiRecordId}}. They are Simple
 * expressions of the file; a value from a message is only ever data, never an expression.
 */
final class Arguments {
    private Arguments() {}

    static Optional<String> evaluate(Exchange exchange, String expression) {
        if (expression.isEmpty()) {
            return Optional.empty();
        }
        String value = expression.contains("${")
                ? exchange.getContext()
                        .resolveLanguage("simple")
                        .createExpression(expression)
                        .evaluate(exchange, String.class)
                : expression;
        return Optional.ofNullable(value).filter(v -> !v.isBlank());
    }

    /** The arguments that have a value. */
    static Map<String, String> evaluate(Exchange exchange, Map<String, String> expressions) {
        var values = new HashMap<String, String>();
        expressions.forEach(
                (name, expression) -> evaluate(exchange, expression).ifPresent(value -> values.put(name, value)));
        return values;
    }
}
