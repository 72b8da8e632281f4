package dev.serai.bench;

import java.time.Duration;
import java.util.Arrays;

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
 */
record Load(
        int tried,
        int acked,
        int refused,
        int errors,
        long startNanos,
        long lastAckNanos,
        long[] latencies,
        long cpuNanos) {
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

        Load end(int tried, long cpuNanos) {
            long[] sorted = Arrays.copyOf(latencies, acked);
            Arrays.sort(sorted);
            return new Load(tried, acked, refused, errors, start, lastAck, sorted, cpuNanos);
        }
    }
}
