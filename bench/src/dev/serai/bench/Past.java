package dev.serai.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Fills a hub's database with finished events by {@code fill.sql}, so that a hub can be measured that has a past. */
final class Past {
    /** Events in one transaction, which are a slice of history: 17 hours at a quarter of a second each. */
    private static final int CHUNK = 250_000;

    private final Path sql;
    private final Login login;

    /** @param url {@code jdbc:postgresql://…} */
    record Login(String url, String user, String password) {
        @Override
        public String toString() {
            return url;
        }
    }

    Past(Path sql, Login login) {
        this.sql = sql;
        this.login = login;
    }

    /** {@code Past FILE URL EVENTS}, the login from {@code DATABASE_USER} and {@code DATABASE_PASSWORD}. */
    public static void main(String[] args) throws IOException, SQLException {
        String user = System.getenv().getOrDefault("DATABASE_USER", "serai");
        var login = new Login(args[1], user, System.getenv().getOrDefault("DATABASE_PASSWORD", ""));
        System.out.println(new Past(Path.of(args[0]), login).fill(Integer.parseInt(args[2])));
    }

    /** Adds so many events with all that a hub keeps of them; says how long that took. */
    String fill(int events) throws IOException, SQLException {
        String statements = Files.readString(sql);
        long start = System.nanoTime();
        try (Connection connection = DriverManager.getConnection(login.url, login.user, login.password);
                var statement = connection.createStatement()) {
            statement.execute("set synchronous_commit = off; set max_parallel_workers_per_gather = 0");
            for (int left = events; left > 0; left -= CHUNK) {
                statement.execute(
                        statements.replace(":count", "" + Math.min(CHUNK, left)).replace(":left", "" + left));
                if ((events - left) / CHUNK % 8 == 7) {
                    System.err.printf("bench: %,d events of the past to go%n", Math.max(0, left - CHUNK));
                }
            }
            statement.execute("vacuum (analyze)"); // as autovacuum would have left it, or it works in the figures
            statement.execute("checkpoint");
            try (var size = statement.executeQuery("select pg_size_pretty(pg_database_size(current_database()))")) {
                size.next();
                return "%,d finished events, %s on disk, filled in %d s"
                        .formatted(events, size.getString(1), (System.nanoTime() - start) / 1_000_000_000);
            }
        }
    }
}
