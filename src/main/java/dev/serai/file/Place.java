package dev.serai.file;

/** Where something stands in a file. Line and column count from 1; line 0 means the file as a whole. */
public record Place(String file, int line, int column) {

    public static Place whole(String file) {
        return new Place(file, 0, 0);
    }

    /** {@code file:line:column}, or only the file when the place is the file as a whole. */
    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
