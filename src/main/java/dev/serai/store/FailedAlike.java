package dev.serai.store;

/**
 * When runs have failed alike. Dead letters, alerts, rests, and orders by pattern go by these words and no others; they are made
 * each time and stored nowhere but in the alerts that tell of them.
 */
final class FailedAlike {
    /** How one asks for runs of no step, or of no reason: an empty word would mean that it does not matter. */
    static final String NONE = "-";

    /** Whatever stands between quotes, however it is quoted. Cut behind that: a quote that is cut is none. */
    private static final String DOUBLE_QUOTED = "\"[^\"]*(\"|$)|[“„][^“”]*([“”]|$)";

    /** An apostrophe within a word is no quote. */
    private static final String SINGLE_QUOTED = "(^|[^[:alnum:]])''([^'']|''[[:alnum:]])*(''|$)";

    private static final String ADDRESS = "[^[:space:]\"]+@[^[:space:]\",;]+";

    /**
     * Numbers, and ids as vendors make them: as a whole, or each would make a pattern of its own. The longest is taken. A word with one
     * number in it stays apart from others: HTTP/2, sha256, S3BucketNotFound, address1.
     */
    private static final String ID = String.join(
            "|",
            "[0-9]+",
            "[0-9a-fA-F]{8,}(?:-[0-9a-fA-F]{4,})*", // hexadecimal, and UUIDs
            "[0-9]{8,}[0-9A-Za-z]*",
            "[0-9A-Za-z]*[0-9][A-Za-z]+[0-9][0-9A-Za-z]*", // letters between digits: 0035g00000ABCdE
            "[A-Z0-9]{5,}[A-Z][0-9]+[A-Z][A-Z0-9]*", // capitals around digits: U0ABCDEFG
            "[A-Z0-9]*[A-Z][0-9]+[A-Z][A-Z0-9]{5,}",
            "_[0-9A-Za-z]{8,}[0-9][A-Za-z][0-9A-Za-z]*", // behind a word for what it is: cus_NffrFeUfNV2Hib
            "_[0-9A-Za-z]*[0-9][A-Za-z][0-9A-Za-z]{8,}");

    private static final String SQL = """
            btrim(left(translate(regexp_replace(regexp_replace(regexp_replace(regexp_replace(left(coalesce(REASON, ''), 2000),
              'DOUBLE_QUOTED', '"…"', 'g'),
              'SINGLE_QUOTED', '\\1"…"', 'g'),
              'ADDRESS', '…@…', 'g'),
              'ID', 'N', 'g'), E'\\n\\r\\t', '   '), 300))""".replace("SINGLE_QUOTED", SINGLE_QUOTED)
            .replace("DOUBLE_QUOTED", DOUBLE_QUOTED)
            .replace("ADDRESS", ADDRESS)
            .replace("'ID'", "'" + ID + "'");

    private FailedAlike() {}

    /** A reason without numbers, ids, addresses and words in quotes; empty when there is none. @param reason a column */
    static String sql(String reason) {
        return SQL.replace("REASON", reason);
    }
}
