package dev.serai.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The settings, all from the environment; {@code bench/README.md} lists them with their defaults. */
record Settings(Map<String, String> given) {
    private String text(String name, String normally) {
        String value = given.get(name);
        return value == null || value.isBlank() ? normally : value.strip();
    }

    /** @throws Refused when the value is not a whole number from 1 to {@code most} */
    private int number(String name, int normally, int most) {
        String value = text(name, String.valueOf(normally));
        if (value.matches("\\d{1,9}") && Integer.parseInt(value) >= 1 && Integer.parseInt(value) <= most) {
            return Integer.parseInt(value);
        }
        throw new Refused(name + "=" + value + ": a whole number from 1 to " + most + " is needed");
    }

    private boolean yes(String name) {
        String value = text(name, "yes");
        if (!value.equals("yes") && !value.equals("no")) {
            throw new Refused(name + "=" + value + ": yes or no is needed");
        }
        return value.equals("yes");
    }

    /** Address of a running hub; empty when one is to be started. */
    String target() {
        return text("TARGET", "");
    }

    String secret() {
        return text("SECRET", "bench-secret");
    }

    String name() {
        return text("NAME", "hub");
    }

    /** Events of the end-to-end measurement. */
    int events() {
        return number("N", 10_000, 1_000_000);
    }

    Duration duration() {
        return Duration.ofSeconds(number("DURATION", 15, 600));
    }

    int connections() {
        return number("CONNS", 32, 1024);
    }

    /** Events a second of the open loop. */
    int rate() {
        return number("RATE", 1000, 100_000);
    }

    int rounds() {
        return number("ROUNDS", 3, 100);
    }

    /** Events posted to each target before anything is measured. */
    int warm() {
        return number("WARM", 10_000, 1_000_000);
    }

    /** At most so many events in one measurement by time; bounds the memory of the benchmark. */
    int most() {
        return number("MOST", 600_000, 2_000_000);
    }

    /** Without a new arrival for so long, what has not come counts as lost. */
    Duration quiet() {
        return Duration.ofSeconds(number("QUIET", 6, 600));
    }

    /** The longest wait for arrivals. */
    Duration cap() {
        return Duration.ofSeconds(number("CAP", 80, 3600));
    }

    int sinkPort() {
        return number("SINK_PORT", 9099, 65_535);
    }

    int hubPort() {
        return number("HUB_PORT", 18_080, 65_534);
    }

    /** Processes whose memory and time count as the hub's. */
    List<Long> pids() {
        String value = text("PIDS", "");
        if (!value.matches("[\\d ,]*")) {
            throw new Refused("PIDS=" + value + ": process ids with blanks between are needed");
        }
        return Stream.of(value.split("[ ,]+"))
                .filter(pid -> !pid.isEmpty())
                .map(Long::valueOf)
                .toList();
    }

    boolean baselines() {
        return yes("BASELINES");
    }

    /** Whether to measure {@code e2e}, {@code ack} or {@code open}. */
    boolean measures(String what) {
        String value = text("MEASURE", "e2e ack open");
        if (!value.matches("(e2e|ack|open)( (e2e|ack|open))*")) {
            throw new Refused("MEASURE=" + value + ": one or more of e2e ack open is needed");
        }
        return List.of(value.split(" ")).contains(what);
    }

    /** Clients of the insert baseline. */
    int clients() {
        return number("CLIENTS", 64, 500);
    }

    /** Database connections, and workers, of the bare endpoint. */
    int pool() {
        return number("POOL", 32, 500);
    }

    String databaseUrl() {
        return text("DATABASE_URL", "");
    }

    String databaseUser() {
        return text("DATABASE_USER", "");
    }

    String databasePassword() {
        return text("DATABASE_PASSWORD", "");
    }
}
