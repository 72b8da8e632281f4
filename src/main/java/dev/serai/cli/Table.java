package dev.serai.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Rows with aligned columns, each row with lines below it when there is more to say. */
public final class Table {
    private static final String GAP = "  ";

    private final List<String> header;
    private final List<Row> rows = new ArrayList<>();

    private record Row(List<String> cells, String note) {}

    public Table(String... header) {
        this.header = List.of(header);
    }

    public Table row(String... cells) {
        rows.add(new Row(List.of(cells), ""));
        return this;
    }

    /** @param note lines below the row; empty for none */
    public Table noted(String note, String... cells) {
        rows.add(new Row(List.of(cells), note));
        return this;
    }

    /** Prints it; cells that are a state are coloured as one. */
    public void print(PrintStream out, Paint paint) {
        int[] widths = widths();
        out.println(paint.dim(line(header, widths, new Paint(false))));
        for (Row row : rows) {
            out.println(line(row.cells, widths, paint));
            row.note.lines().forEach(note -> out.println(GAP + paint.dim(note)));
        }
    }

    private int[] widths() {
        int[] widths = new int[header.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = header.get(i).length();
            for (Row row : rows) {
                widths[i] = Math.max(widths[i], row.cells.get(i).length());
            }
        }
        return widths;
    }

    private static String line(List<String> cells, int[] widths, Paint paint) {
        var line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            boolean last = i == cells.size() - 1;
            String cell = cells.get(i);
            line.append(paint.state(cell));
            line.append(last ? "" : " ".repeat(widths[i] - cell.length()) + GAP);
        }
        return line.toString().stripTrailing();
    }
}
