package dev.serai.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process this benchmark started; what it says goes to a log file. */
final class Child implements AutoCloseable {
    private final String name;
    private final Process process;
    private final Path log;

    private Child(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    static Child start(String name, Path folder, List<String> command, Map<String, String> environment)
            throws IOException {
        Path log = folder.resolve(name + ".log");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new Child(name, builder.start(), log);
    }

    long pid() {
        return process.pid();
    }

    /** Waits for the end and returns what the process said. @throws Refused when it failed */
    String finish() throws IOException, InterruptedException {
        int status = process.waitFor();
        if (status != 0) {
            throw new Refused(name + " ended with status " + status + ":\n" + lastWords());
        }
        return Files.readString(log);
    }

    /** @throws Refused when the process has ended */
    void mustLive() throws IOException {
        if (!process.isAlive()) {
            throw new Refused(name + " ended with status " + process.exitValue() + ":\n" + lastWords());
        }
    }

    String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    /** Asks the process to end, and makes it end after 20 seconds. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
