package dev.serai.docs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Runs a block as a person would paste it. */
final class Bash {
    private Bash() {}

    /** @param exit exit code @param out what was printed, errors included */
    record Result(int exit, String out) {}

    static Result run(Path folder, String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("bash", "-eu", "-o", "pipefail", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("not done within a minute: " + script);
        }
        return new Result(process.exitValue(), out);
    }
}
