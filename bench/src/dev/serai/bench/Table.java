package dev.serai.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A table for people: a label and some figures a row; a row without any figure is left out. */
final class Table {
    private final Samples samples;
    private final List<List<String>> rows = new ArrayList<>();

    Table(Samples samples, String... columns) {
        this.samples = samples;
        rows.add(Stream.concat(Stream.of("median (least–most)"), Stream.of(columns))
                .toList());
    }

    void row(String label, String... figures) {
        if (Stream.of(figures).anyMatch(samples::has)) {
            rows.add(Stream.concat(Stream.of(label), Stream.of(figures).map(samples::text))
                    .toList());
        }
    }

    /** The table with so many columns of figures, an empty line before it; nothing when there is no row. */
    String text(int columns) {
        var text = new StringBuilder();
        for (List<String> cells : rows.size() > 1 ? rows : List.<List<String>>of()) {
            text.append(String.format("%n| %-30s |", cells.get(0)));
            for (String cell : cells.subList(1, columns + 1)) {
                text.append(String.format(" %26s |", cell));
            }
            if (cells == rows.get(0)) {
                text.append(System.lineSeparator())
                        .append("|---".repeat(columns + 1))
                        .append('|');
            }
        }
        return text.toString();
    }
}
