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

/** A mail server that says at one point what a test wants: a reply, {@code -} for hanging up, {@code wait} for silence. */
final class OddMailServer implements AutoCloseable {
    private static final Map<String, String> USUAL = Map.of("EHLO", "250 odd", "DATA", "354 go on", "QUIT", "221 bye");

    private final ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, String> says;
    final List<String> heard = new CopyOnWriteArrayList<>();

    OddMailServer(Map<String, String> says) throws IOException {
        this.says = says;
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
            var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
            OutputStream out = connection.getOutputStream();
            say(out, "220 odd");
            boolean letter = false;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (letter && !line.equals(".")) {
                    continue;
                }
                heard.add(line);
                String command = letter ? "." : line.split("[ :]")[0];
                letter = command.equals("DATA") && !says.containsKey("DATA");
                String reply = says.getOrDefault(command, USUAL.getOrDefault(command, "250 ok"));
                if (reply.equals("-")) {
                    return null;
                }
                if (reply.equals("wait")) {
                    Thread.sleep(60_000); // until the test closes this server
                }
                say(out, reply);
            }
        }
        return null;
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
