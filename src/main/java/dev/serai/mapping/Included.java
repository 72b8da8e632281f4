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
record Included(Yaml at, List<Rule> rules, Map<String, Parameter> parameters) {}
