package dev.serai.cli.capsule;

import java.util.List;

/** What became of a capsule. @param lines for a person, the verdict first */
public record Finding(boolean mended, List<String> lines) {
    static Finding failed(String... lines) {
        return new Finding(false, List.of(lines));
    }

    static Finding mended(String... lines) {
        return new Finding(true, List.of(lines));
    }
}
