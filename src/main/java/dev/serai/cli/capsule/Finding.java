package dev.serai.cli.capsule;

import java.util.List;

/** What became of a capsule. @param passes it is mended, or as it was @param lines for a person, the verdict first */
public record Finding(boolean passes, List<String> lines) {
    static Finding failed(String... lines) {
        return new Finding(false, List.of(lines));
    }

    static Finding passed(String... lines) {
        return new Finding(true, List.of(lines));
    }
}
