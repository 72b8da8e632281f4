package dev.serai.bench;

/** Searching bytes where a parser would cost more than what is measured. */
final class Bytes {
    private Bytes() {}

    /** Index of {@code needle} in {@code in[from, to)}, or -1. */
    static int find(byte[] in, int from, int to, byte[] needle) {
        byte start = needle[0];
        for (int i = from; i <= to - needle.length; i++) {
            if (in[i] == start && matches(in, i, to, needle)) {
                return i;
            }
        }
        return -1;
    }

    static boolean matches(byte[] in, int at, int to, byte[] expected) {
        if (at < 0 || at + expected.length > to) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (in[at + i] != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Where a header's value starts, or -1.
     *
     * @param name lower case, with line break before and colon behind: {@code "\r\ncontent-length:"}
     */
    static int header(byte[] in, int from, int to, byte[] name) {
        for (int i = from; i <= to - name.length; i++) {
            int k = 0;
            while (k < name.length && (in[i + k] == name[k] || (in[i + k] | 0x20) == name[k])) {
                k++;
            }
            if (k == name.length) {
                int at = i + k;
                while (at < to && in[at] == ' ') {
                    at++;
                }
                return at;
            }
        }
        return -1;
    }

    /** The decimal number that starts at {@code at}. */
    static long number(byte[] in, int at, int to) {
        long n = 0;
        for (int i = at; i < to && in[i] >= '0' && in[i] <= '9'; i++) {
            n = n * 10 + in[i] - '0';
        }
        return n;
    }

    /** Sixteen hexadecimal digits as a long; {@code from} must leave room for them. */
    static long hex16(byte[] in, int from) {
        long n = 0;
        for (int i = from; i < from + 16; i++) {
            n = n << 4 | Math.max(Character.digit(in[i], 16), 0);
        }
        return n;
    }
}
