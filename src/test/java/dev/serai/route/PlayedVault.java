package dev.serai.route;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.spi.PropertiesFunction;

/** A vault in the place of Google's, for tests: it answers, or hangs. Camel finds it by a file of its name. */
public final class PlayedVault implements PropertiesFunction {
    private static final AtomicInteger ASKED = new AtomicInteger();
    private static volatile CountDownLatch hangs = new CountDownLatch(0);

    static void hang() {
        ASKED.set(0);
        hangs = new CountDownLatch(1);
    }

    static void answer() {
        hangs.countDown();
    }

    /** How often since it hangs. */
    static int asked() {
        return ASKED.get();
    }

    @Override
    public String getName() {
        return "gcp";
    }

    @Override
    public String apply(String secret) {
        ASKED.incrementAndGet();
        try {
            hangs.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "value of " + secret;
    }
}
