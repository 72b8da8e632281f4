package dev.serai.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * Just enough HTTP/1.1 to find where a message in a buffer ends: a length or chunks. After {@link #parse} the fields tell
 * about the message found; the object is reused, as both ends do this for every event.
 */
final class Http {
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] LENGTH = "\r\ncontent-length:".getBytes(US_ASCII);
    private static final byte[] CHUNKED = "\r\ntransfer-encoding:".getBytes(US_ASCII);
    private static final byte[] CONNECTION = "\r\nconnection:".getBytes(US_ASCII);

    /** The body is {@code bytes[bodyFrom, bodyTo)}; chunks are joined into an array of their own. */
    byte[] bytes;

    int bodyFrom;
    int bodyTo;
    /** Length of the whole message in the buffer. */
    int used;
    /** The peer closes after this message. */
    boolean closes;

    /** True when {@code in[0, length)} starts with a whole message. A request or answer without a length has no body. */
    boolean parse(byte[] in, int length) {
        int end = Bytes.find(in, 0, length, END_OF_HEAD);
        if (end < 0) {
            return false;
        }
        int connection = Bytes.header(in, 0, end, CONNECTION);
        closes = connection >= 0 && (in[connection] | 0x20) == 'c';
        bytes = in;
        bodyFrom = end + 4;
        int chunked = Bytes.header(in, 0, end, CHUNKED);
        if (chunked >= 0 && (in[chunked] | 0x20) == 'c') {
            return chunks(in, length);
        }
        int at = Bytes.header(in, 0, end, LENGTH);
        bodyTo = bodyFrom + (at < 0 ? 0 : (int) Bytes.number(in, at, end));
        used = bodyTo;
        return used <= length;
    }

    private boolean chunks(byte[] in, int length) {
        byte[] joined = new byte[length];
        int filled = 0;
        int at = bodyFrom;
        while (true) {
            int n = 0;
            int digit;
            for (; at < length && (digit = Character.digit(in[at], 16)) >= 0; at++) {
                n = n << 4 | digit;
            }
            while (at < length && in[at] != '\n') {
                at++;
            }
            at++;
            if (n < 0 || at + n + 2 > length) {
                return false;
            }
            System.arraycopy(in, at, joined, filled, n);
            filled += n;
            at += n + 2;
            if (n == 0) {
                bytes = Arrays.copyOf(joined, filled);
                bodyFrom = 0;
                bodyTo = filled;
                used = at;
                return true;
            }
        }
    }
}
