package dev.serai.mapping;

import dev.serai.file.Yaml;
import java.util.List;
import java.util.Map;

/**
 * What another mapping file gives to the one that includes it.
 *
 * @param at where it is included
 * @param parameters those the including file does not give a value, which become its own
 */
record Included(Yaml at, List<Rule> rules, Map<String, Parameter> parameters) {

    /** Whether a parameter is used by a field that came from there and was not replaced. @param kept those of the file */
    boolean uses(String parameter, List<Rule> kept) {
        return kept.stream()
                .filter(rule -> rules.stream().anyMatch(own -> own == rule))
                .anyMatch(rule -> Uses.of(rule).contains(parameter));
    }
}
