package dev.serai.mapping;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A mapping does not take a record: carries every reason, never only the first, and no personal value in clear. Nothing
 * was produced, so nothing may be sent; the same record will be refused again until the record or the mapping changes.
 */
public final class Refused extends RuntimeException {
    private final String mapping;
    private final transient List<FieldProblem> problems;

    Refused(String mapping, List<FieldProblem> problems) {
        super(
                "mapping " + mapping + " refused the record: "
                        + problems.stream().map(FieldProblem::toString).collect(Collectors.joining("; ")),
                null,
                false,
                false);
        this.mapping = mapping;
        this.problems = List.copyOf(problems);
    }

    public String mapping() {
        return mapping;
    }

    public List<FieldProblem> problems() {
        return problems;
    }
}
