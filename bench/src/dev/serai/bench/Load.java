package dev.serai.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * What a load found out. An event is posted once and never again, whatever the answer.
 *
 * @param tried events posted
 * @param acked answered 2xx
 * @param refused answered anything else
 * @param errors no answer: connection lost, refused or too slow
 * @param startNanos {@link System#nanoTime()} of the first POST
 * @param lastAckNanos and of the last 2xx
 * @param latencies of the 2xx in nanoseconds, ascending
 * @param cpuNanos what generating the load cost
 * @param lateNanos of an open loop: how late the load itself was with each event, for want of a processor; ascending
 */
record Load(
        int tried,
        int acked,
        int refused,
        int errors,
        long startNanos,
        long lastAckNanos,
        long[] latencies,
        long cpuNanos,
        long[] lateNanos) {
    /** A target that loses this many connections is down, not busy. */
    static final int MOST_ERRORS = 50;

    /** How long an answer may take before it counts as none. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    double perSecond() {
        return acked == 0 ? 0 : acked / ((lastAckNanos - startNanos) / 1e9);
    }

    /** Latency in milliseconds below which a part (0 to 1) of the acknowledgements stayed; NaN without any. */
    double percentileMs(double part) {
        return percentileMs(latencies, part);
    }

    /**
     * The same as {@code wrk} tells it. Where an answer took more than twice as long as a connection takes on the
     * average, wrk adds the answers that the connection would have waited for meanwhile, had it not been waiting: a
     * correction for coordinated omission, which a closed loop is not free of.
     */
    double filledPercentileMs(double part, int connections) {
        if (acked < connections) {
            return percentileMs(part);
        }
        long expected = (lastAckNanos - startNanos) / (acked / connections);
        var all = LongStream.concat(
                Arrays.stream(latencies),
                Arrays.stream(latencies)
                        .filter(latency -> latency >= 2 * expected)
                        .flatMap(latency ->
                                LongStream.iterate(latency - expected, n -> n > expected, n -> n - expected)));
        return percentileMs(all.sorted().toArray(), part);
    }

    static double percentileMs(long[] ascending, double part) {
        return ascending.length == 0
                ? Double.NaN
                : ascending[(int) Math.min(ascending.length - 1, ascending.length * part)] / 1e6;
    }

    /** Collects while a load runs; used by one thread. */
    static final class Tally {
        private final Batch batch;
        private final long start = System.nanoTime();
        private final long[] latencies;
        private long lastAck = start;
        private int acked;
        private int refused;
        int errors;

        Tally(Batch batch) {
            this.batch = batch;
            this.latencies = new long[batch.size];
        }

        void answered(int event, long since, int status) {
            long now = System.nanoTime();
            if (status >= 200 && status < 300) {
                latencies[acked++] = now - since;
                batch.acknowledge(event);
                lastAck = now;
            } else {
                refused++;
            }
        }

        long start() {
            return start;
        }

        Load end(int tried, long cpuNanos, long[] late) {
            long[] sorted = Arrays.copyOf(latencies, acked);
            Arrays.sort(sorted);
            Arrays.sort(late);
            return new Load(tried, acked, refused, errors, start, lastAck, sorted, cpuNanos, late);
        }
    }
}
