package dev.serai.chaos;

import java.nio.file.Files;
import java.nio.file.Path;

/** The long run of {@code bench/chaos.sh}: the database is struck down too. */
final class ChaosMain {
    private static final int RECORDS = 40;

    private ChaosMain() {}

    /** @param args kills, seed, the file of the shipped error handling */
    public static void main(String[] args) throws Exception {
        int kills = Integer.parseInt(args[0]);
        long seed = Long.parseLong(args[1]);
        Path folder = Files.createTempDirectory("serai-chaos.");
        System.out.println("chaos: " + kills + " kills, seed " + seed + ", logs in " + folder);
        boolean clean;
        try (var chaos = new Chaos(new Chaos.Plan(seed, RECORDS, kills, kills / 5), folder, Path.of(args[2]))) {
            Report report = chaos.run();
            System.out.println(report);
            clean = report.clean();
        }
        System.exit(clean ? 0 : 1);
    }
}
