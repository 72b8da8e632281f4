package dev.serai.simulator;

import java.util.List;
import java.util.stream.Collectors;

/** The vendor says no: carries what its answer is made of. Thrown inside a vendor, never out of it. */
final class Refusal extends RuntimeException {
    private final String kind;
    private final transient List<Violation> problems;

    /** @param kind names an entry of {@code errors.kinds} in the vendor's file, or one of {@link Errors#STATUS} */
    Refusal(String kind, List<Violation> problems) {
        super(problems.stream().map(Violation::toString).collect(Collectors.joining("; ")), null, false, false);
        this.kind = kind;
        this.problems = List.copyOf(problems);
    }

    Refusal(String kind, String sentence) {
        this(kind, List.of(new Violation("", "", sentence)));
    }

    String kind() {
        return kind;
    }

    List<Violation> problems() {
        return problems;
    }
}
