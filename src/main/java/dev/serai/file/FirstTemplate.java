package dev.serai.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One template, or several of which the first counts whose places all have a value. That is how a file says "if there":
 * {@code ["{header.X-GitHub-Event}.{action}", "{header.X-GitHub-Event}"]}.
 */
public record FirstTemplate(List<Template> templates) {

    /** @return empty when the section has no such option, or when a problem was noted */
    public static Optional<FirstTemplate> read(Yaml section, String option, Problems problems) {
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

    /** The names that the places of any of them ask for. */
    public Set<String> names() {
        var names = new TreeSet<String>();
        templates.forEach(template -> names.addAll(template.names()));
        return names;
    }

    /** @return empty when none of them has a value for each of its places */
    public Optional<String> fill(Function<String, String> values) {
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
