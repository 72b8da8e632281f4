package dev.serai.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;

/** One keep-alive connection to the target, with at most one request on its way. */
final class Line implements AutoCloseable {
    private final Target target;
    private final Selector selector;
    private final byte[] in = new byte[16_384];
    private final Http http = new Http();
    private volatile SocketChannel channel;
    private int length;

    /** Number within its batch of the event on its way; -1 when none is. */
    private final AtomicInteger event = new AtomicInteger(-1);

    private volatile long since;

    Line(Target target, Selector selector) throws IOException {
        this.target = target;
        this.selector = selector;
        connect();
    }

    private void connect() throws IOException {
        channel = SocketChannel.open(target.address());
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, this);
        length = 0;
    }

    /** Connects again; what was on its way is the caller's to {@link #claim}. */
    void reconnect() throws IOException {
        close();
        connect();
    }

    /** The event on its way, or -1; from then on none is. Of two threads that ask only one gets it. */
    int claim() {
        return event.getAndSet(-1);
    }

    /** {@link System#nanoTime()} from which the latency of the last event sent counts. */
    long since() {
        return since;
    }

    void send(Batch batch, int event, long since) throws IOException {
        this.since = since;
        this.event.set(event);
        ByteBuffer request = batch.request(event);
        while (request.hasRemaining()) {
            channel.write(request); // far smaller than the socket's buffer, which the last answer showed to be empty
        }
    }

    /**
     * Reads what is there.
     *
     * @return the status of the answer, or 0 while it is not complete
     * @throws IOException when the peer closed or sent more than an answer to an event can be
     */
    int read() throws IOException {
        int n = channel.read(ByteBuffer.wrap(in, length, in.length - length));
        if (n < 0 || length + n == in.length) {
            throw new EOFException();
        }
        length += n;
        if (!http.parse(in, length)) {
            return 0;
        }
        int status = (int) Bytes.number(in, 9, length);
        length = 0;
        if (http.closes) {
            reconnect();
        }
        return status;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            length = 0; // it is gone either way
        }
    }
}
