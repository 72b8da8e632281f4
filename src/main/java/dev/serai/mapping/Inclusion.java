package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an included rule works on.
 *
 * @param base the part of the record; null when all of it
 * @param with the values of its parameters that the including file gives
 */
record Inclusion(FieldPath base, Map<String, Source> with) {
    static final Inclusion NONE = new Inclusion(null, Map.of());

    Given of(Given given) {
        if (base == null && with.isEmpty()) {
            return given;
        }
        JsonNode record = base == null ? given.record() : base.read(given);
        var parameters = given.parameters();
        if (!with.isEmpty()) {
            parameters = new HashMap<>(parameters);
            // in the order of the files, the outermost first: what an inner one names may be given by an outer one
            var known = new Given(given.record(), parameters, given.around(), given.passing());
            for (var value : with.entrySet()) {
                parameters.put(value.getKey(), value.getValue().value(known));
            }
        }
        JsonNode part = record == null ? JsonNodeFactory.instance.objectNode() : record;
        return new Given(part, parameters, given.around(), given.passing());
    }

    /** An included rule as a rule of the file that includes it. @param oneWay whether it has no part in the way back */
    Rule adopt(Rule rule, String prefix, boolean oneWay) {
        String field = prefix.isEmpty() ? rule.field() : prefix + "." + rule.field();
        Rule.Presence own = rule.presence();
        var presence = new Rule.Presence(own.when(), own.required(), own.fallback(), own.oneWay() || oneWay);
        return new Rule(field, rule.source(), rule.treatment(), presence, rule.personal(), around(rule.inclusion()));
    }

    /** This one, then the one the rule had already. */
    private Inclusion around(Inclusion inner) {
        if (inner == NONE) {
            return this;
        }
        FieldPath joined = base == null || inner.base == null
                ? base == null ? inner.base : base
                : FieldPath.of(base.text() + "." + inner.base.text());
        var values = new LinkedHashMap<>(with);
        values.putAll(inner.with);
        return new Inclusion(joined, values);
    }
}
