package dev.serai.chaos;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** The long run of {@code bench/chaos.sh}: the database is struck down too. Started in the project's folder. */
final class ChaosMain {
    private static final int RECORDS = 40;

    private ChaosMain() {}

    /** @param args kills, seed, freezes, folder for the database and the logs */
    public static void main(String[] args) throws Exception {
        int kills = Integer.parseInt(args[0]);
        long seed = Long.parseLong(args[1]);
        // it complains of a server that is gone already when it is to be stopped
        ((Logger) LoggerFactory.getLogger(EmbeddedPostgres.class)).setLevel(Level.OFF);
        Path folder = Path.of(args[3]);
        System.out.println("chaos: " + kills + " kills, seed " + seed + ", logs in " + folder);
        boolean clean;
        try (var chaos = new Chaos(
                new Chaos.Plan(seed, RECORDS, kills, kills / 5, Integer.parseInt(args[2])),
                folder,
                Path.of("routes", "errors.camel.yaml"))) {
            Report report = chaos.run();
            System.out.println(report);
            clean = report.clean();
        }
        System.exit(clean ? 0 : 1);
    }
}
