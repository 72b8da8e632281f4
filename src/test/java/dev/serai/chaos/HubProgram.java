package dev.serai.chaos;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command that starts a hub from the classes under test, in half the usual time: as a jar, so that the JVM can map
 * the classes from an archive that a first hub leaves behind when it stops (JEP 350).
 */
final class HubProgram {
    private static final List<String> CHEAP =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-Xlog:disable");

    private final String classPath;
    private final Path archive;

    /** @param folder for the jar and the archive */
    HubProgram(Path folder) throws IOException {
        Path jar = folder.resolve("hub.jar");
        this.archive = folder.resolve("hub.jsa");
        List<String> given = Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator));
        pack(classes(given), jar);
        this.classPath = Stream.concat(
                        Stream.of(jar.toString()), given.stream().filter(entry -> entry.endsWith(".jar")))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String classes(List<String> classPath) {
        return classPath.stream()
                .filter(entry -> Files.exists(Path.of(entry, "dev", "serai", "Serai.class")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no folder of the class path holds the hub's classes"));
    }

    private static void pack(String classes, Path jar) {
        int status = ToolProvider.findFirst("jar")
                .orElseThrow(() -> new IllegalStateException("a JDK is needed, not a JRE"))
                .run(System.out, System.err, "--create", "--file", jar.toString(), "-C", classes, ".");
        if (status != 0) {
            throw new IllegalStateException("the hub's classes could not be packed into " + jar);
        }
    }

    /** Starts a hub; one that leaves the archive behind for the next ones, as long as there is none. */
    List<String> command() {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add((Files.exists(archive) ? "-XX:SharedArchiveFile=" : "-XX:ArchiveClassesAtExit=") + archive);
        command.addAll(CHEAP);
        command.addAll(List.of("-cp", classPath, "dev.serai.Serai", "run"));
        return command;
    }
}
