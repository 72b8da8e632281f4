package dev.serai.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The PostgreSQL servers whose data lies below a folder, by the file that PostgreSQL itself keeps there. */
final class Servers {
    /** Lines of that file: the process, its folder, when it started, its port. */
    private static final int PORT = 3;

    /** No deeper: what a running server keeps there comes and goes. */
    private static final int DEPTH = 2;

    private Servers() {}

    static List<Long> processes(Path folder) throws IOException {
        var found = new ArrayList<Long>();
        for (Path file : files(folder)) {
            found.add(Long.valueOf(Files.readAllLines(file).get(0).strip()));
        }
        return found;
    }

    /** @throws Refused when no server runs there */
    static int port(Path folder) throws IOException {
        List<Path> files = files(folder);
        if (files.isEmpty()) {
            throw new Refused("no PostgreSQL has been started in " + folder);
        }
        return Integer.parseInt(Files.readAllLines(files.get(0)).get(PORT).strip());
    }

    static void stop(Path folder) throws IOException {
        for (long server : processes(folder)) {
            ProcessHandle.of(server).ifPresent(ProcessHandle::destroy);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.find(folder, DEPTH, (path, is) -> path.endsWith("postmaster.pid"))) {
            return files.toList();
        }
    }
}
