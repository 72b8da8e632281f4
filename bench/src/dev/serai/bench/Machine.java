package dev.serai.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;

/** What the figures were measured on, and how busy it was. */
final class Machine {
    private static final int HASHES = 300_000;

    private Machine() {}

    /** One line for people: cores, memory, Java, kernel. */
    static String describe() throws IOException {
        long kilobytes = Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemTotal:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
        return "%d cores, %.1f GB, Java %s (%s), %s %s %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        kilobytes / 1048576.0,
                        System.getProperty("java.version"),
                        System.getProperty("java.vm.name"),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getProperty("os.arch"));
    }

    /** Processes wanting to run, mean of the last minute. */
    static double load() throws IOException {
        return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
    }

    /**
     * Milliseconds for a fixed piece of work on one core. A slow or crowded host shows here, which load average inside a
     * virtual machine does not show.
     */
    static double calibrate() {
        hashes(HASHES / 3); // compiled from here on
        long start = System.nanoTime();
        hashes(HASHES);
        return (System.nanoTime() - start) / 1e6;
    }

    private static byte[] hashes(int count) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            byte[] block = new byte[32];
            for (int i = 0; i < count; i++) {
                block = sha256.digest(block);
            }
            return block;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
