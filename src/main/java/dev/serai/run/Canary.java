package dev.serai.run;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A new version of a flow beside the one it is to replace: which records it gets, and when it gets none any more. */
public final class Canary {
    /** Of a normal distribution: 19 of 20 such intervals hold the truth. */
    private static final double Z = 1.96;

    private Canary() {}

    /**
     * When a canary counts as clearly worse.
     *
     * @param leastRuns of it that must have ended before anything is said
     * @param worseBy percentage points by which its failure ratio must be above that of the flow it replaces
     */
    public record Rule(int leastRuns, int worseBy) {}

    /** Runs that came to their end. @param failed dead or in doubt */
    public record Ended(long done, long failed) {
        public long all() {
            return done + failed;
        }

        /** Of failures; 0 when nothing has ended. */
        public double ratio() {
            return all() == 0 ? 0 : (double) failed / all();
        }

        /** {@code 12 of 30}. */
        public String words() {
            return failed + " of " + all();
        }
    }

    /** Whether a record is one of the canary's. A record stays where it is while the share grows. @param share percent */
    public static boolean takes(String flow, String record, int share) {
        return share >= 100 || share > 0 && hundredth(flow, record) < share;
    }

    /** From 0 to 99, another one in each flow, so that not always the same customers go first. */
    private static int hundredth(String flow, String record) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((flow + "\0" + record).getBytes(StandardCharsets.UTF_8));
            int number = (digest[0] & 0xff) << 16 | (digest[1] & 0xff) << 8 | digest[2] & 0xff;
            return number % 100;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether chance can't explain it: even the lower end of what its failure ratio may truly be lies above the rule. */
    public static boolean isWorse(Ended canary, Ended replaced, Rule rule) {
        return canary.all() >= rule.leastRuns && lowest(canary) > replaced.ratio() + rule.worseBy / 100.0;
    }

    /** The lower end of Wilson's interval. */
    private static double lowest(Ended ended) {
        double n = ended.all();
        double z2 = Z * Z;
        double middle = ended.ratio() + z2 / (2 * n);
        double spread = Z * Math.sqrt(ended.ratio() * (1 - ended.ratio()) / n + z2 / (4 * n * n));
        return (middle - spread) / (1 + z2 / n);
    }
}
