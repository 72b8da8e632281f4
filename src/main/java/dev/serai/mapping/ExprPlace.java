package dev.serai.mapping;

import dev.serai.file.Place;
import dev.serai.file.Problem;
import dev.serai.file.Yaml;

/** Finds in the file what has a line and column within an expression: the file adds indentation, quotes and escapes. */
final class ExprPlace {
    private ExprPlace() {}

    static Problem problem(Yaml at, int line, int column, String text) {
        Place start = at.place();
        String first = lineAt(at, start.line());
        int from = start.column() - 1;
        char style = from < first.length() ? first.charAt(from) : ' ';
        if (style == '|' || style == '>') {
            int row = start.line() + line;
            int indent = indentOf(lineAt(at, start.line() + 1));
            return at.problem(new Place(at.file(), row, indent + column), text);
        }
        if (line > 1 || style != '"' && style != '\'') {
            return at.problem(line > 1 ? start : new Place(at.file(), start.line(), from + column), text);
        }
        return at.problem(new Place(at.file(), start.line(), unescaped(first, from + 1, column, style) + 1), text);
    }

    /** The index in the quoted line of the {@code column}th character of the text it stands for. */
    private static int unescaped(String line, int from, int column, char quote) {
        int at = from;
        for (int i = 1; i < column && at < line.length() - 1; i++) {
            boolean pair = line.charAt(at) == '\\' && quote == '"'
                    || line.charAt(at) == '\'' && quote == '\'' && line.charAt(at + 1) == '\'';
            at += pair ? 2 : 1;
        }
        return at;
    }

    private static String lineAt(Yaml at, int line) {
        return at.problem(new Place(at.file(), line, 1), "").line();
    }

    private static int indentOf(String line) {
        return line.length() - line.stripLeading().length();
    }
}
