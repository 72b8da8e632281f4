package dev.serai.chaos;

import java.nio.file.Path;
import java.time.Duration;

/** The long run of {@code bench/token-race.sh}. Started in the project's folder. */
final class TokenRaceMain {
    private TokenRaceMain() {}

    /** @param args kills, seed, life of a token in seconds, folder for the hubs' files and logs */
    public static void main(String[] args) throws Exception {
        int kills = Integer.parseInt(args[0]);
        long seed = Long.parseLong(args[1]);
        Duration life = Duration.ofSeconds(Long.parseLong(args[2]));
        System.out.println("token race: " + kills + " kills, seed " + seed + ", tokens live " + args[2] + " s, logs in "
                + args[3]);
        boolean clean;
        try (var race = new TokenRace(seed, life, Path.of(args[3]))) {
            race.start();
            race.renewals(2);
            race.answerLate(seed);
            for (int kill = 1; kill <= kills; kill++) {
                if (kill % 4 == 0) {
                    race.killInTheMiddleOfARenewal();
                } else {
                    race.killAny();
                }
                race.restart();
                race.allUp();
                race.reconnectIfParked();
            }
            race.renewals(2);
            TokenRace.Counts counts = race.finish();
            System.out.println(counts);
            race.refusals().forEach(System.out::println);
            clean = counts.clean(life);
        }
        System.out.println(clean ? "clean" : "NOT clean");
        System.exit(clean ? 0 : 1);
    }
}
