package dev.serai.mapping;

import dev.serai.file.Problem;
import java.util.List;

/**
 * What became of one test of a mapping file.
 *
 * @param problems what is not as the test says, each at its place in the file; empty when it passed
 */
public record TestResult(String name, List<Problem> problems) {

    public boolean passed() {
        return problems.isEmpty();
    }
}
