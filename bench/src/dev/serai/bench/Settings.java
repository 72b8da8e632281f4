package dev.serai.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The settings, all from the environment; {@code bench/README.md} lists them with their defaults. */
record Settings(Map<String, String> given) {
    private static final List<String> MEASURES =
            List.of("e2e", "ack", "door", "half", "open", "steps3", "p100", "burst", "memory", "growth");

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
        return Duration.ofSeconds(number("DURATION", 10, 600));
    }

    int connections() {
        return number("CONNS", 64, 1024);
    }

    /** Events a second of the open loop. */
    int rate() {
        return number("RATE", 1000, 100_000);
    }

    /** Events of the burst. */
    int burst() {
        return number("BURST", 50_000, 1_000_000);
    }

    /** Events a second at which memory is looked at. */
    int goal() {
        return number("GOAL", 3000, 100_000);
    }

    /** How long a hub is left alone before its memory at rest is looked at. */
    Duration idle() {
        return Duration.ofSeconds(number("IDLE", 10, 600));
    }

    /** Finished events in the database of the hub that has a past; a hub keeps no more than 20 GB of them. */
    int history() {
        return number("HISTORY", 10_000_000, 15_000_000);
    }

    /** Further flows of that hub. */
    int flows() {
        return number("FLOWS", 100, 10_000);
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
        return number("HUB_PORT", 18_080, 65_532);
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

    /** Whether to measure any of these; {@code bench/README.md} says what each is. */
    boolean measures(String... any) {
        String value = text("MEASURE", "e2e ack door half open");
        var chosen = List.of(value.split("[ ,]+"));
        if (!MEASURES.containsAll(chosen)) {
            throw new Refused("MEASURE=" + value + ": one or more of " + String.join(" ", MEASURES) + " is needed");
        }
        return Stream.of(any).anyMatch(chosen::contains);
    }

    /** @throws Refused when the settings contradict each other */
    void check() {
        boolean own = target().isEmpty() && databaseUrl().isEmpty();
        if (measures("growth") && !own) {
            throw new Refused("MEASURE=growth fills a database of its own; leave TARGET and DATABASE_URL away");
        }
        if (measures("half") && !measures("ack", "door")) {
            throw new Refused("MEASURE=half is half the rate that door or ack has found; name one of them too");
        }
        if (measures("growth") && !measures("e2e", "ack", "door", "open", "steps3")) {
            throw new Refused(
                    "MEASURE=growth measures again what else is named; name one of e2e ack door open steps3 too");
        }
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
