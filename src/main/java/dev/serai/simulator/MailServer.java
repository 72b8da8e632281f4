package dev.serai.simulator;

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
 * A mail server on 127.0.0.1. It takes every letter from everybody, but says at one point of the talk (RFC 5321) what it is told to:
 * a reply, {@code -} for hanging up, {@code wait} for silence. Points are the commands, and {@code .} is the end of a letter. It
 * may speak TLS, from the first byte or from STARTTLS on; what it hears encrypted is noted with {@code tls} before it.
 *
 * <pre>{@code
 * try (var server = MailServer.start(Map.of("RCPT", "550 5.1.1 unknown"))) { ... smtp://127.0.0.1:{server.port()} ... }
 * }</pre>
 */
public final class MailServer implements AutoCloseable {
    private static final Map<String, String> USUAL = Map.of(
            "EHLO", "250 odd", "DATA", "354 go on", "QUIT", "221 bye", "STARTTLS", "220 begin", "AUTH", "235 fine");

    private static final String END = ".";
    private static final String HANG_UP = "-";
    private static final String SILENCE = "wait";
    private static final int VERY_LONG_MS = 60_000;

    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "serai-mail-server");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, String> says;
    /** Of STARTTLS; null when it is not spoken. */
    private final SSLContext later;

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<String> letters = new CopyOnWriteArrayList<>();

    private MailServer(Map<String, String> says, ServerSocket socket, SSLContext later) {
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

    /** Without TLS. @param says what it says in place of the usual, by the point of the talk */
    public static MailServer start(Map<String, String> says) throws IOException {
        return new MailServer(says, new ServerSocket(0, 10, InetAddress.getLoopbackAddress()), null);
    }

    /** TLS from the first byte. */
    public static MailServer smtps(Map<String, String> says, SSLContext tls) throws IOException {
        return new MailServer(
                says, tls.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress()), null);
    }

    /** TLS from STARTTLS on, which it offers before. */
    public static MailServer startTls(Map<String, String> says, SSLContext tls) throws IOException {
        return new MailServer(says, new ServerSocket(0, 10, InetAddress.getLoopbackAddress()), tls);
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** The lines it was told, without what stands in letters. */
    public List<String> heard() {
        return List.copyOf(heard);
    }

    /** The letters that came to their end, as they came (RFC 5322). */
    public List<String> letters() {
        return List.copyOf(letters);
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
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            note(line, encrypted);
            String command = line.split("[ :]")[0];
            String reply = reply(command, encrypted);
            if (!said(reply, out)) {
                return false;
            }
            if (command.equals("STARTTLS") && reply.startsWith("220")) {
                return true;
            }
            if (command.equals("DATA") && reply.startsWith("354")) {
                letters.add(letter(in));
                note(END, encrypted);
                if (!said(reply(END, encrypted), out)) {
                    return false;
                }
            }
        }
        return false;
    }

    private void note(String line, boolean encrypted) {
        heard.add(encrypted ? "tls " + line : line);
    }

    /** A line that begins with a dot comes with one more (RFC 5321, 4.5.2). @throws IOException when it never ends */
    private static String letter(BufferedReader in) throws IOException {
        var letter = new StringBuilder();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals(END)) {
                return letter.toString();
            }
            letter.append(line.startsWith(END) ? line.substring(1) : line).append("\r\n");
        }
        throw new IOException("the letter broke off");
    }

    private String reply(String command, boolean encrypted) {
        if (command.equals("EHLO") && later != null && !encrypted) {
            return "250-odd\r\n250 STARTTLS";
        }
        return says.getOrDefault(command, USUAL.getOrDefault(command, "250 ok"));
    }

    /** @return false when it hangs up */
    private static boolean said(String reply, OutputStream out) throws IOException, InterruptedException {
        if (reply.equals(HANG_UP)) {
            return false;
        }
        if (reply.equals(SILENCE)) {
            Thread.sleep(VERY_LONG_MS); // until this server is closed
        }
        say(out, reply);
        return true;
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
