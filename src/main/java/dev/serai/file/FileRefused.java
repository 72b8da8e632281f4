package dev.serai.file;

import java.util.List;
import java.util.stream.Collectors;

/** A file is not taken: carries every problem found in it, never only the first. */
public final class FileRefused extends RuntimeException {
    private final transient List<Problem> problems;

    public FileRefused(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")), null, false, false);
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
