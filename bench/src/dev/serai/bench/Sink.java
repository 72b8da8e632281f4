package dev.serai.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The vendor at the far end: one thread that answers every POST with 200 at once and checks it. A delivery is bad when its
 * body is not what the mapping must make of that event, its key is not that event's, or it came to the wrong list. What comes to
 * {@code /lists/leads/2} is the second of several steps, and bad before the first.
 */
final class Sink implements AutoCloseable {
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"ok\":true}"
                    .getBytes(US_ASCII);
    private static final byte[] LEADS = "POST /lists/leads".getBytes(US_ASCII);
    private static final byte[] CUSTOMERS = "POST /lists/customers".getBytes(US_ASCII);
    private static final byte[] KEY = "\"idempotency_key\"".getBytes(US_ASCII);
    private static final byte[] EMAIL = "\"email\"".getBytes(US_ASCII);
    private static final byte[] USER = "user".getBytes(US_ASCII);
    private static final byte[] DOMAIN = "@example.com\"".getBytes(US_ASCII);
    private static final byte[] MERGE_FIELDS = "\"merge_fields\"".getBytes(US_ASCII);
    private static final byte[][] NAMES = {
        "\"status\"".getBytes(US_ASCII),
        "\"FNAME\"".getBytes(US_ASCII),
        "\"LNAME\"".getBytes(US_ASCII),
        "\"PHONE\"".getBytes(US_ASCII)
    };
    private static final byte[][] VALUES = {
        "subscribed\"".getBytes(US_ASCII),
        "Ann\"".getBytes(US_ASCII),
        "Lee\"".getBytes(US_ASCII),
        "(415) 555-0100\"".getBytes(US_ASCII)
    };

    private final List<Batch> batches = new CopyOnWriteArrayList<>();
    private final Selector selector = Selector.open();
    private final ServerSocketChannel door = ServerSocketChannel.open();
    private final Thread thread = new Thread(this::run, "sink");
    private volatile int bad;
    private volatile int foreign;

    private static final class Caller {
        final byte[] in = new byte[65_536];
        final Http http = new Http();
        int length;
    }

    /** @throws Refused when the port is taken */
    Sink(int port) throws IOException {
        door.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        try {
            door.bind(new InetSocketAddress("127.0.0.1", port), 4096);
        } catch (BindException e) {
            throw new Refused("SINK_PORT=" + port + " is taken; stop what listens there or choose another");
        }
        door.configureBlocking(false);
        door.register(selector, SelectionKey.OP_ACCEPT);
        thread.setDaemon(true);
        thread.start();
    }

    /** Deliveries of these events are counted from now on. */
    void expect(Batch batch) {
        batches.add(0, batch);
    }

    int bad() {
        return bad;
    }

    /** Well-formed deliveries of events nobody here sent: of an earlier run, as a rule. */
    int foreign() {
        return foreign;
    }

    long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId());
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                selector.select(this::serve);
            }
        } catch (ClosedSelectorException e) {
            return; // closed while waiting: the end
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                for (SocketChannel caller = door.accept(); caller != null; caller = door.accept()) {
                    caller.configureBlocking(false);
                    caller.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    caller.register(selector, SelectionKey.OP_READ, new Caller());
                }
            } else {
                read((SocketChannel) key.channel(), (Caller) key.attachment());
            }
        } catch (IOException e) {
            close(key);
        }
    }

    private void read(SocketChannel channel, Caller caller) throws IOException {
        int n = channel.read(ByteBuffer.wrap(caller.in, caller.length, caller.in.length - caller.length));
        if (n < 0 || caller.length + n == caller.in.length) {
            channel.close(); // the caller left, or sends more than any event here can be
            return;
        }
        caller.length += n;
        while (caller.length > 0 && caller.http.parse(caller.in, caller.length)) {
            take(caller.in, caller.http);
            channel.write(ByteBuffer.wrap(ANSWER)); // a few bytes after the caller's request was read: never blocks
            caller.length -= caller.http.used;
            System.arraycopy(caller.in, caller.http.used, caller.in, 0, caller.length);
        }
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            key.cancel();
        }
    }

    private void take(byte[] head, Http http) {
        boolean leads = Bytes.matches(head, 0, head.length, LEADS);
        byte[] body = http.bytes;
        int from = http.bodyFrom;
        int to = http.bodyTo;
        int key = value(body, from, to, KEY);
        int email = value(body, from, to, EMAIL);
        int step = leads || Bytes.matches(head, 0, head.length, CUSTOMERS)
                ? step(head, leads ? LEADS.length : CUSTOMERS.length)
                : 0;
        boolean good = step > 0
                && key >= 0
                && key + 64 < to
                && body[key + 64] == '"'
                && Bytes.matches(body, email, to, USER)
                && Bytes.find(body, from, to, MERGE_FIELDS) >= 0;
        for (int i = 0; good && i < NAMES.length; i++) {
            good = Bytes.matches(body, value(body, from, to, NAMES[i]), to, VALUES[i]);
        }
        if (!good) {
            bad = bad + 1;
            return;
        }
        int digits = email + USER.length;
        long n = Bytes.number(body, digits, to);
        int behind = digits;
        while (behind < to && body[behind] >= '0' && body[behind] <= '9') {
            behind++;
        }
        if (!Bytes.matches(body, behind, to, DOMAIN) || leads == Batch.customer(n)) {
            bad = bad + 1;
            return;
        }
        count(n, step, Bytes.hex16(body, key), Bytes.hex16(body, key + 16));
    }

    /** The step that a path names behind its list: {@code /2} is 2, nothing is 1, anything else 0. */
    private static int step(byte[] in, int at) {
        if (in[at] == '/' && in[at + 2] == ' ') {
            return Math.max(Character.digit(in[at + 1], 10), 0);
        }
        return in[at] == ' ' ? 1 : 0;
    }

    private void count(long n, int step, long keyHigh, long keyLow) {
        for (Batch batch : batches) {
            if (batch.holds(n)) {
                bad = bad + (batch.arrive(n, step, keyHigh, keyLow, System.nanoTime()) ? 0 : 1);
                return;
            }
        }
        foreign = foreign + 1;
    }

    /** Where the text value of a member starts, or -1. */
    private static int value(byte[] in, int from, int to, byte[] name) {
        int at = Bytes.find(in, from, to, name);
        if (at < 0) {
            return -1;
        }
        at += name.length;
        while (at < to && (in[at] == ' ' || in[at] == ':')) {
            at++;
        }
        return at < to && in[at] == '"' ? at + 1 : -1;
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            close(key);
        }
        selector.close();
        door.close();
    }
}
