package dev.serai.route;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A remote that answers byte by byte as a test says, rightly or not, and remembers the heads of what it was asked. */
final class RawServer implements AutoCloseable {
    /** Writes one answer; what it has written so far is counted. */
    @FunctionalInterface
    interface Answering {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Answering answering;
    final List<String> asked = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicLong written = new AtomicLong();

    RawServer(Answering answering) {
        this(plain(), answering);
    }

    RawServer(ServerSocket socket, Answering answering) {
        this.socket = socket;
        this.answering = answering;
        threads.submit(this::accept);
    }

    private static ServerSocket plain() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Answering saying(String text) {
        return out -> out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static Answering ok(byte[] body, String... headers) {
        return out -> {
            String head = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n"
                    + String.join(
                            "", List.of(headers).stream().map(h -> h + "\r\n").toList()) + "\r\n";
            out.write(head.getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
        };
    }

    int port() {
        return socket.getLocalPort();
    }

    String url(String host) {
        return "http://" + host + ":" + port();
    }

    private Void accept() throws IOException {
        while (true) {
            Socket connection = socket.accept();
            connections.incrementAndGet();
            threads.submit(() -> serve(connection));
        }
    }

    private Void serve(Socket connection) throws IOException, InterruptedException {
        try (connection;
                InputStream in = connection.getInputStream()) {
            for (String head = head(in); !head.isEmpty(); head = head(in)) {
                asked.add(head);
                answering.write(counted(connection.getOutputStream()));
            }
        }
        return null;
    }

    private OutputStream counted(OutputStream out) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                out.write(b);
                written.incrementAndGet();
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                out.write(bytes, from, length);
                written.addAndGet(length);
            }
        };
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            head.append((char) b);
            if (head.toString().endsWith("\r\n\r\n")) {
                return head.toString();
            }
        }
        return "";
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        socket.close();
    }
}
