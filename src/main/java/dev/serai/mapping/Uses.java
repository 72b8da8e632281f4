package dev.serai.mapping;

import java.util.HashSet;
import java.util.Set;

/** The parameters a rule uses, by name; names of fields may be among them, as the file does not tell them apart. */
final class Uses {
    private final Set<String> names = new HashSet<>();

    private Uses() {}

    static Set<String> of(Rule rule) {
        var uses = new Uses();
        uses.rule(rule);
        return uses.names;
    }

    private void rule(Rule rule) {
        source(rule.source());
        source(rule.presence().fallback());
        expr(rule.presence().when());
        rule.inclusion().with().values().forEach(this::source);
        for (Act act : rule.treatment().acts()) {
            if (act instanceof Step step) {
                step.options().values().forEach(told -> told.names().forEach(name -> names.add(name.text())));
            }
        }
    }

    private void source(Source source) {
        if (source instanceof Source.Told told) {
            names.add(told.parameter());
        } else if (source instanceof Source.Text text) {
            names.addAll(text.places().keySet());
        } else if (source instanceof Source.Computed computed) {
            expr(computed.expr());
        } else if (source instanceof Source.Each each) {
            expr(each.where());
            each.rules().forEach(this::rule);
        }
    }

    private void expr(Expr expr) {
        if (expr != null) {
            names.addAll(expr.variables());
        }
    }
}
