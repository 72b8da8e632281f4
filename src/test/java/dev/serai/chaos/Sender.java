package dev.serai.chaos;

import dev.serai.chaos.Event.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The system that sends the webhooks: a thread per record, which sends the next event only when the one before was
 * answered with 202, and the same again to any hub for as long as it was not.
 */
final class Sender {
    static final String SECRET = "crm-webhook-secret";
    private static final int LONGEST_PAUSE_MS = 1000;
    private static final int BEFORE_THE_SAME_AGAIN_MS = 100;

    private final List<String> hubs;
    private final long seed;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final Queue<Event> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<String> refused = new ConcurrentLinkedQueue<>();
    private final CountDownLatch enough = new CountDownLatch(1);
    private final List<Thread> threads;

    /** @param hubs their addresses */
    Sender(List<String> hubs, int records, long seed) {
        this.hubs = hubs;
        this.seed = seed;
        this.threads = IntStream.range(0, records)
                .mapToObj(i -> new Thread(() -> tellOf(i), "sender-" + i))
                .toList();
    }

    void start() {
        threads.forEach(thread -> {
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** Begins nothing new, and waits until all that was begun is acknowledged. @return false when that took too long */
    boolean finish(Duration within) throws InterruptedException {
        enough.countDown();
        long end = System.nanoTime() + within.toNanos();
        for (Thread thread : threads) {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
        }
        return threads.stream().noneMatch(Thread::isAlive);
    }

    /** Every event that was answered with 202, in the order of the answers. */
    List<Event> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** Answers that no sender of well-formed, signed events may get. */
    List<String> refused() {
        return List.copyOf(refused);
    }

    private void tellOf(int index) {
        var chance = new Random(seed + index);
        Kind kind = Kind.values()[index % Kind.values().length];
        String name = kind.name().toLowerCase(java.util.Locale.ROOT) + "-" + index;
        try {
            for (int number = 1; !pause(chance.nextInt(LONGEST_PAUSE_MS)); number++) {
                Event event =
                        kind == Kind.MESSAGE ? new Event(kind, name + "-" + number, 1) : new Event(kind, name, number);
                while (!accepted(event, hubs.get(chance.nextInt(hubs.size())))) {
                    TimeUnit.MILLISECONDS.sleep(BEFORE_THE_SAME_AGAIN_MS);
                }
                acknowledged.add(event);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether it is enough */
    private boolean pause(int milliseconds) throws InterruptedException {
        return enough.await(milliseconds, TimeUnit.MILLISECONDS);
    }

    private boolean accepted(Event event, String hub) throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(hub + "/webhooks/crm"))
                .timeout(Duration.ofSeconds(5))
                .header("Content-Type", "application/json")
                .header("X-Signature", HexFormat.of().formatHex(hmac(event.body())))
                .POST(BodyPublishers.ofByteArray(event.body()))
                .build();
        try {
            int status = client.send(request, BodyHandlers.discarding()).statusCode();
            if (status != 202 && status != 503) {
                refused.add(event.id() + " was answered with " + status);
            }
            return status == 202;
        } catch (IOException e) {
            return false;
        }
    }

    static byte[] hmac(byte[] content) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(java.nio.charset.StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
