package dev.serai.connector.webhook;

import dev.serai.file.Problems;
import dev.serai.file.Template;
import dev.serai.file.Yaml;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One template, or several of which the first counts whose places all have a value. That is how a file says "if there":
 * {@code ["{header.X-GitHub-Event}.{action}", "{header.X-GitHub-Event}"]}.
 */
record FirstTemplate(List<Template> templates) {

    /** @return empty when the section has no such option, or when a problem was noted */
    static Optional<FirstTemplate> read(Yaml section, String option, Problems problems) {
        Optional<Yaml> at = section.get(option);
        if (at.isEmpty()) {
            return Optional.empty();
        }
        var templates = new ArrayList<Template>();
        for (Yaml text : at.get().isList() ? at.get().items() : List.of(at.get())) {
            try {
                templates.add(Template.of(text.text()));
            } catch (IllegalArgumentException e) {
                problems.add(text, "\"" + option + "\": " + e.getMessage());
            }
        }
        return templates.isEmpty() ? Optional.empty() : Optional.of(new FirstTemplate(List.copyOf(templates)));
    }

    /** The names its places ask for. */
    Set<String> names() {
        return templates.stream()
                .flatMap(template -> template.names().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    Optional<String> fill(Function<String, String> values) {
        for (Template template : templates) {
            try {
                return Optional.of(template.fill(values)).filter(text -> !text.isEmpty());
            } catch (Template.MissingValue e) {
                // the next one may have all it needs
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return templates.stream().map(t -> "\"" + t + "\"").collect(Collectors.joining(" or "));
    }
}
