package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.record.Countries;
import dev.serai.record.Normalizer;
import dev.serai.record.Normalizer.Option;
import java.util.List;

/**
 * One normalizer of a field.
 *
 * @param options parameters or paths of input fields; the first that has a value gives the normalizer's option
 */
record Step(Normalizer normalizer, List<FieldPath> options) {

    JsonNode apply(JsonNode value, Given given) {
        return normalizer.apply(value, option(given));
    }

    private String option(Given given) {
        for (int i = 0; i < options.size(); i++) {
            String text = given.text(options.get(i).text(), options.get(i));
            // people write anything into a country field; what is no country must not hide the next
            if (text != null
                    && (normalizer.option() != Option.REGION
                            || Countries.code(text).isPresent())) {
                return text;
            }
        }
        return null;
    }
}
