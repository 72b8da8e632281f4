package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TimerThreadsTest {
    private final TimerThreads threads = new TimerThreads();
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger ended = new AtomicInteger();

    private void job() {
        try {
            end.await();
            ended.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aStopWaitsForTheJobsThatRunAndTakesNoMore() throws Exception {
        assertThat(threads.runInThread(this::job)).isTrue();
        assertThat(threads.runInThread(this::job)).isTrue();
        var stop = new Thread(() -> threads.shutdown(true));
        stop.start();
        await().until(() -> stop.getState() == Thread.State.WAITING);

        end.countDown();
        stop.join();

        assertThat(ended).hasValue(2);
        assertThat(threads.runInThread(this::job)).isFalse();
    }

    @Test
    void whileAllAreBusyTheSchedulerWaitsAndAJobThatFailsGivesItsThreadBack() throws Exception {
        for (int i = 1; i < threads.getPoolSize(); i++) {
            threads.runInThread(this::job);
        }
        assertThat(threads.blockForAvailableThreads()).isEqualTo(1);
        threads.runInThread(this::job);
        var more = new AtomicBoolean();
        var scheduler = new Thread(() -> more.set(threads.blockForAvailableThreads() > 0));
        scheduler.start();
        await().until(() -> scheduler.getState() == Thread.State.WAITING);
        assertThat(more).isFalse();

        end.countDown();
        scheduler.join();
        assertThat(more).isTrue();

        for (int i = 0; i <= threads.getPoolSize(); i++) {
            assertThat(threads.runInThread(() -> {
                        // the thread ends with it, which is nothing to tell
                        Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> {});
                        throw new IllegalStateException("a job that fails");
                    }))
                    .isTrue();
        }
        threads.shutdown(true);
    }
}
