package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.record.Countries;
import dev.serai.record.Normalizer;
import dev.serai.record.Normalizer.Option;
import dev.serai.record.Normalizer.Options;
import java.util.List;
import java.util.Map;

/**
 * One normalizer of a field.
 *
 * @param options what it is told, as far as the field says
 */
record Step(Normalizer normalizer, Map<Option, Told> options) implements Act {

    /**
     * The value of an option.
     *
     * @param written as it stands in the file; null when it is read
     * @param names else parameters or paths of input fields, of which the first that has a value counts
     */
    record Told(String written, List<FieldPath> names) {}

    @Override
    public String name() {
        return normalizer.name();
    }

    @Override
    public JsonNode apply(JsonNode value, Given given) {
        return normalizer.apply(value, options.isEmpty() ? Options.NONE : option -> option(option, given));
    }

    private String option(Option option, Given given) {
        Told told = options.get(option);
        if (told == null || told.written != null) {
            return told == null ? null : told.written;
        }
        for (int i = 0; i < told.names.size(); i++) {
            String text = given.text(told.names.get(i).text(), told.names.get(i));
            // people write anything into a country field; what is no country must not hide the next
            if (text != null && (option != Option.REGION || Countries.code(text).isPresent())) {
                return text;
            }
        }
        return null;
    }
}
