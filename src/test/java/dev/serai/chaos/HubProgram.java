package dev.serai.chaos;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command that starts a hub from the classes under test. Whoever starts very many of them rehearses first: the JVM then maps
 * the classes from an archive (JEP 350), in half the time; to write it costs as much as some starts.
 */
final class HubProgram {
    private static final List<String> CHEAP = List.of(
            "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:MetaspaceSize=128m", "-Xmx256m", "-Xlog:disable");

    private final List<String> given =
            Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator));
    private final Path jar;
    private final Path archive;

    /** @param folder for the archive and the jar it needs */
    HubProgram(Path folder) {
        this.jar = folder.resolve("hub.jar");
        this.archive = folder.resolve("hub.jsa");
    }

    /** Starts a hub. */
    List<String> command() {
        return Files.exists(archive)
                ? command("-XX:SharedArchiveFile=" + archive, packed())
                : command("-Xshare:auto", String.join(File.pathSeparator, given));
    }

    /** Starts a hub that leaves the archive behind when it stops in peace. */
    List<String> rehearsal() {
        pack(classes(), jar);
        return command("-XX:ArchiveClassesAtExit=" + archive, packed());
    }

    private List<String> command(String sharing, String classPath) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(sharing);
        command.addAll(CHEAP);
        command.addAll(List.of("-cp", classPath, "dev.serai.Serai", "run"));
        return command;
    }

    /** An archive knows classes of jars only. */
    private String packed() {
        return Stream.concat(Stream.of(jar.toString()), given.stream().filter(entry -> entry.endsWith(".jar")))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private String classes() {
        return given.stream()
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
}
