package dev.serai.mapping;

/** An expression cannot be used. Line and column count from 1 within the expression. */
final class ExprProblem extends Exception {
    private final int line;
    private final int column;

    ExprProblem(int line, int column, String text) {
        super(text, null, false, false);
        this.line = Math.max(1, line);
        this.column = Math.max(1, column);
    }

    int line() {
        return line;
    }

    int column() {
        return column;
    }
}
