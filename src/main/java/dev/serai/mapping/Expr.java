package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.Parser;
import dev.serai.record.Unacceptable;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A JSLT expression that always ends and always gives the same for the same record: {@link ExprTokens} refuses
 * definitions, imports, clocks and chance before it is compiled, {@link ExprFunctions} replaces the functions that
 * could run for ever.
 */
final class Expr {
    /** Values in a record up to which one loop inside another is quick: 25 million steps, below a second. */
    private static final int MOST_VALUES_FOR_NESTED_LOOPS = 5_000;

    private final Expression compiled;
    private final ExprTokens tokens;

    private Expr(Expression compiled, ExprTokens tokens) {
        this.compiled = compiled;
        this.tokens = tokens;
    }

    /** @throws ExprProblem with the place of the first thing that is wrong */
    static Expr of(String source) throws ExprProblem {
        ExprTokens tokens = ExprTokens.of(source);
        try {
            Expression compiled = new Parser(new StringReader(source))
                    .withFunctions(ExprFunctions.ALL)
                    .compile();
            return new Expr(compiled, tokens);
        } catch (JsltException e) {
            throw ExprTokens.problem(e);
        } catch (StackOverflowError e) {
            throw new ExprProblem(1, 1, "the expression is nested too deeply");
        } catch (RuntimeException e) {
            // the parser of 0.1.14 lets some mistakes through as IndexOutOfBounds and the like
            throw new ExprProblem(1, 1, "the expression is not JSLT");
        }
    }

    /** The parameters it uses, without the {@code $}. */
    Set<String> variables() {
        return tokens.variables();
    }

    /** The fields of the record it reads, as far as they can be told without running it. */
    List<ExprTokens.Read> reads() {
        return tokens.reads();
    }

    List<ExprTokens.Comparison> comparisons() {
        return tokens.comparisons();
    }

    /** @throws Unacceptable when it cannot be computed for this record */
    JsonNode apply(Given given) {
        if (tokens.nestsLoops() && hasMoreThan(MOST_VALUES_FOR_NESTED_LOOPS, given.record())) {
            throw new Unacceptable("loops within loops, which a record of more than " + MOST_VALUES_FOR_NESTED_LOOPS
                    + " values may not");
        }
        try {
            return compiled.apply(given.parameters(), given.record());
        } catch (ExprFunctions.SaidByAuthor e) {
            throw new Unacceptable("refused: " + e.getMessage());
        } catch (JsltException e) {
            throw new Unacceptable("cannot be computed" + ExprTokens.where(e));
        } catch (RuntimeException e) {
            throw new Unacceptable("cannot be computed");
        }
    }

    /** Whether it is true, or not, whatever the record is; empty when it looks at the record or a parameter. */
    Optional<Boolean> always() {
        return tokens.isConstant() ? Optional.of(isTrue(new Given(NullNode.instance, Map.of()))) : Optional.empty();
    }

    boolean isTrue(Given given) {
        JsonNode value = apply(given);
        return value.isBoolean() ? value.booleanValue() : FieldPath.hasValue(value) && !isEmptyContainer(value);
    }

    private static boolean isEmptyContainer(JsonNode value) {
        return value.isContainerNode() && value.isEmpty();
    }

    private static boolean hasMoreThan(int most, JsonNode record) {
        return count(record, most) > most;
    }

    private static int count(JsonNode node, int most) {
        int values = 1;
        for (JsonNode child : node) {
            if (values > most) {
                break;
            }
            values += count(child, most - values);
        }
        return values;
    }
}
