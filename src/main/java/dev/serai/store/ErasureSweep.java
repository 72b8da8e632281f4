package dev.serai.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Takes a person out of everything beside the events: the ids at vendors, the keys of routes, the table of customers, and every
 * text of every small table, those too that are made later.
 */
final class ErasureSweep {
    private static final String GONE = "(forgotten)";
    /** Shorter ones stand in too many other texts by chance. */
    private static final int SHORTEST = 6;

    /** History is erased event by event; hashes, and what is encrypted, tell nothing. */
    private static final String COLUMNS = """
            SELECT c.relname, a.attname, a.atttypid = 'jsonb'::regtype
              FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
             WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND NOT c.relispartition
               AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid IN ('text'::regtype, 'jsonb'::regtype)
               AND c.relname NOT IN ('secret', 'token', 'consent', 'consent_link', 'console_session', 'api_token', 'erasure',
                                     'customers', 'remote_id', 'seen_key', 'flyway_schema_history', 'slice')
               AND (c.relname, a.attname) NOT IN (('open_run', 'lane'))
             ORDER BY 1, 2""";

    private ErasureSweep() {}

    /** The texts by which the person may stand somewhere. */
    private static Set<String> texts(Collection<String> subject, Collection<String> forms) {
        var texts = new TreeSet<String>();
        subject.forEach(typed -> texts.add(typed.strip()));
        forms.forEach(form -> texts.add(form.replaceFirst("^(email|phone|id:[a-z]+):", "")));
        return texts;
    }

    private static String pattern(Collection<String> texts) {
        return texts.stream()
                .filter(text -> text.length() >= SHORTEST)
                .map(text -> text.replaceAll("[^\\p{L}\\p{N}]", "\\\\$0"))
                .collect(Collectors.joining("|", "(?<![[:alnum:]_@])(?:", ")(?![[:alnum:]_])"));
    }

    /** A text of which nothing of the person is left. */
    static String without(List<String> subject, String text) {
        String clean = text;
        for (String typed : subject) {
            if (typed.strip().length() >= SHORTEST) {
                clean = Pattern.compile(Pattern.quote(typed.strip()), Pattern.CASE_INSENSITIVE)
                        .matcher(clean)
                        .replaceAll(Matcher.quoteReplacement(GONE));
            }
        }
        return clean;
    }

    /** @param forms {@code email:…} and so on @param counts is told what went */
    static void sweep(Connection connection, List<String> subject, Set<String> forms, ObjectNode counts)
            throws SQLException {
        Set<String> texts = texts(subject, forms);
        ErasedEvents.count(
                counts,
                "customers",
                update(connection, "DELETE FROM customers WHERE lower(email) = ANY (?) OR phone = ANY (?)", texts));
        List<String> hashes = texts.stream().map(Digest::sha256).toList();
        ErasedEvents.count(
                counts, "remote_ids", update(connection, "DELETE FROM remote_id WHERE key = ANY (?)", hashes));
        String pattern = pattern(texts);
        if (pattern.contains("(?:)")) {
            return;
        }
        ErasedEvents.count(
                counts, "route_keys", replace(connection, "DELETE FROM seen_key WHERE key ~* ?", pattern, 1));
        for (Column column : columns(connection)) {
            ErasedEvents.count(counts, "other_texts", replace(connection, column.update(), pattern, 2));
        }
    }

    private record Column(String table, String name, boolean json) {
        String update() {
            String text = json ? name + "::text" : name;
            return "UPDATE " + table + " SET " + name + " = regexp_replace(" + text + ", ?, '" + GONE + "', 'gi')"
                    + (json ? "::jsonb" : "") + " WHERE " + text + " ~* ?";
        }
    }

    private static List<Column> columns(Connection connection) throws SQLException {
        var columns = new ArrayList<Column>();
        try (PreparedStatement select = connection.prepareStatement(COLUMNS);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                columns.add(new Column(quoted(row.getString(1)), quoted(row.getString(2)), row.getBoolean(3)));
            }
        }
        return columns;
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static int update(Connection connection, String sql, Collection<String> texts) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            var columns = new Sql.Columns(update).add("text", texts, text -> text);
            if (sql.indexOf('?') != sql.lastIndexOf('?')) {
                columns.add("text", texts, text -> text);
            }
            return update.executeUpdate();
        }
    }

    private static int replace(Connection connection, String sql, String pattern, int times) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            var columns = new Sql.Columns(update);
            for (int i = 0; i < times; i++) {
                columns.add(pattern);
            }
            return update.executeUpdate();
        }
    }
}
