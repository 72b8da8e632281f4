package dev.serai.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A hub in a process of its own that can be killed and started again on the same port. */
final class HubProcess implements AutoCloseable {
    private final HubProgram program;
    private final int port;
    private final Path log;
    private final Map<String, String> environment;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private Process process;

    /** @param log what the hub says, over all its lives @param environment its settings, but for the port */
    HubProcess(HubProgram program, int port, Path log, Map<String, String> environment) {
        this.program = program;
        this.port = port;
        this.log = log;
        this.environment = environment;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    void start() throws IOException {
        start(program.command());
    }

    /** As {@link #start()}; when it stops in peace, later starts are quicker. */
    void rehearse() throws IOException {
        start(program.rehearsal());
    }

    private synchronized void start(List<String> command) throws IOException {
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("SERAI_"));
        builder.environment().putAll(environment);
        builder.environment().put("SERAI_HTTP_PORT", Integer.toString(port));
        process = builder.start();
    }

    /** Asks it to stop; returns when the process is gone. */
    synchronized void stop() {
        process.destroy();
        process.onExit().join();
    }

    /** {@code kill -9}; returns when the process is gone. */
    synchronized void kill() {
        if (process == null) {
            return;
        }
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Stops it in mid-air, as a long pause of a virtual machine does, until {@link #thaw()}. */
    synchronized void freeze() throws IOException {
        signal("-STOP");
    }

    /** It goes on as if nothing had happened, though its leases may have ended. */
    synchronized void thaw() throws IOException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException {
        new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .onExit()
                .join();
    }

    /** Whether the process is there; one that could not reach the database at its start is not. */
    synchronized boolean alive() {
        return process != null && process.isAlive();
    }

    /** Whether its doors are open. */
    boolean ready() {
        var question = HttpRequest.newBuilder(URI.create(url() + "/health/ready"))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            return client.send(question, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        kill();
    }
}
