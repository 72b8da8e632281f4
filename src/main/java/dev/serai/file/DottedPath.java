package dev.serai.file;

import java.util.Set;

/**
 * How files name a place in JSON: names with dots between them, {@code data.0.id}; items of a list count from 0 and
 * {@code *} is each of them. A path of another dialect finds nothing and says nothing, so the schemas refuse it.
 */
public final class DottedPath {
    private static final String REST = "(?![./]|\\$(\\.|$)|.*\\.\\.|.*\\.$)[^\\[\\]{}]*$";

    /** What the schemas ask of a path, and of one that may be a dot alone for all of it. */
    private static final Set<String> PATTERNS = Set.of("^" + REST, "^(\\.$|" + REST + ")");

    private DottedPath() {}

    /** Whether a schema means a path by that pattern. */
    static boolean isPattern(String pattern) {
        return PATTERNS.contains(pattern);
    }

    /**
     * Whether it is surely of another dialect. Fields of a form may have brackets in their names, {@code tags[]}, so there a
     * bracket alone proves nothing.
     */
    public static boolean isOfAnotherDialect(String path) {
        return path.matches("\\$([.\\[].*)?|/.*|[^{}]*\\{.*|.*\\[(\\d+|\\*|'.*'|\".*\")].*");
    }

    /** What to write in place of a path of another dialect: of {@code $.data[0].id}, {@code /data/0/id}, {@code .data}. */
    public static String instead(String path) {
        String names = path.replaceAll("[{}]", "").replace("[]", ".*").replaceAll("\\[['\"]?([^]'\"]*)['\"]?]", ".$1");
        if (names.startsWith("/")) {
            names = names.replace('/', '.');
        }
        names = names.replaceFirst("^\\$(?=\\.|$)", "")
                .replaceAll("\\.{2,}", ".")
                .replaceAll("^\\.|\\.$", "");
        return names.isEmpty()
                ? "a path is names with dots between them, and all of it needs none: leave it out"
                : "a path is names with dots between them: write \"" + names + "\"";
    }
}
