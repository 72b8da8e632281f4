package dev.serai.route;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A mail server that says at one point what a test wants: a reply, {@code -} for hanging up, {@code wait} for silence. It may
 * speak TLS, from the first byte or from STARTTLS on; what it hears encrypted is noted with {@code tls} before it.
 */
final class OddMailServer implements AutoCloseable {
    private static final Map<String, String> USUAL = Map.of(
            "EHLO", "250 odd", "DATA", "354 go on", "QUIT", "221 bye", "STARTTLS", "220 begin", "AUTH", "235 fine");

    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, String> says;
    /** Of STARTTLS; null when it is not spoken. */
    private final SSLContext later;

    final List<String> heard = new CopyOnWriteArrayList<>();

    OddMailServer(Map<String, String> says) throws IOException {
        this(says, new ServerSocket(0, 10, InetAddress.getLoopbackAddress()), null);
    }

    /** TLS from the first byte. */
    static OddMailServer smtps(Map<String, String> says, SSLContext tls) throws IOException {
        return new OddMailServer(
                says, tls.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress()), null);
    }

    /** TLS from STARTTLS on, which it offers before. */
    static OddMailServer startTls(Map<String, String> says, SSLContext tls) throws IOException {
        return new OddMailServer(says, new ServerSocket(0, 10, InetAddress.getLoopbackAddress()), tls);
    }

    private OddMailServer(Map<String, String> says, ServerSocket socket, SSLContext later) {
        this.says = says;
        this.socket = socket;
        this.later = later;
        threads.submit(() -> {
            while (true) {
                Socket one = socket.accept();
                threads.submit(() -> serve(one));
            }
        });
    }

    int port() {
        return socket.getLocalPort();
    }

    private Void serve(Socket connection) throws IOException, InterruptedException {
        try (connection) {
            say(connection.getOutputStream(), "220 odd");
            boolean encrypted = connection instanceof SSLSocket;
            if (talk(connection, encrypted) && later != null) {
                var tls = (SSLSocket) later.getSocketFactory().createSocket(connection, null, true);
                tls.setUseClientMode(false);
                tls.startHandshake();
                talk(tls, true);
            }
        }
        return null;
    }

    /** @return whether the client asked for TLS, and was told to begin */
    private boolean talk(Socket connection, boolean encrypted) throws IOException, InterruptedException {
        var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
        OutputStream out = connection.getOutputStream();
        boolean letter = false;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (letter && !line.equals(".")) {
                continue;
            }
            heard.add(encrypted ? "tls " + line : line);
            String command = letter ? "." : line.split("[ :]")[0];
            letter = command.equals("DATA") && !says.containsKey("DATA");
            String reply = reply(command, encrypted);
            if (reply.equals("-")) {
                return false;
            }
            if (reply.equals("wait")) {
                Thread.sleep(60_000); // until the test closes this server
            }
            say(out, reply);
            if (command.equals("STARTTLS") && reply.startsWith("220")) {
                return true;
            }
        }
        return false;
    }

    private String reply(String command, boolean encrypted) {
        if (command.equals("EHLO") && later != null && !encrypted) {
            return "250-odd\r\n250 STARTTLS";
        }
        return says.getOrDefault(command, USUAL.getOrDefault(command, "250 ok"));
    }

    private static void say(OutputStream out, String reply) throws IOException {
        out.write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        socket.close();
    }
}
