package dev.serai.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The demo's own data folder: never that of a hub, because each demo starts empty; one demo at a time. */
final class DemoFolder implements AutoCloseable {
    private static final String MARK = "demo.lock";

    private final Path path;
    private final FileChannel lock;

    private DemoFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** @throws IllegalStateException when the folder belongs to a hub, or a demo runs there */
    static DemoFolder take(Path path) {
        if (Files.isDirectory(path.resolve("postgres")) && !Files.exists(path.resolve(MARK))) {
            throw new IllegalStateException(path
                    + " holds the database of a hub, and a demo would empty it; give another" + " folder with --data");
        }
        try {
            Files.createDirectories(path);
            FileChannel channel =
                    FileChannel.open(path.resolve(MARK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw new IllegalStateException(
                        "A demo is running in " + path + "; stop it, or give another folder with" + " --data");
            }
            return new DemoFolder(path, channel);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't use the folder " + path + ": " + e.getMessage(), e);
        }
    }

    Path path() {
        return path;
    }

    Path log() {
        return path.resolve("hub.log");
    }

    /** Writes the settings where people and commands find them, readable by their owner alone. */
    Path write(Map<String, String> settings) {
        Path file = path.resolve("serai.properties");
        String text = "# written by serai demo; the secrets are made up anew at each start\n"
                + new TreeMap<>(settings)
                        .entrySet().stream()
                                .map(e -> e.getKey() + "=" + e.getValue().replace("\\", "\\\\") + "\n")
                                .collect(Collectors.joining());
        try {
            Files.deleteIfExists(file);
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
