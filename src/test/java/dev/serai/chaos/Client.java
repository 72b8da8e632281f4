package dev.serai.chaos;

import static org.awaitility.Awaitility.await;

import dev.serai.chaos.Event.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Sends one event after the other without a pause, over connections it keeps, to the hubs in turn. It knows one trick: when a
 * connection is refused or breaks, it sends the same to the next hub. Any answer counts, and is remembered.
 */
final class Client {
    private final int index;
    private final List<String> hubs;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final Queue<Event> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<String> otherAnswers = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::send, "client");
    private volatile boolean enough;
    private int turn;

    Client(int index, List<String> hubs) {
        this.index = index;
        this.hubs = hubs;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Returns when some more was acknowledged. */
    void awaitProgress() {
        int before = acknowledged.size();
        await().atMost(Duration.ofMinutes(3)).until(() -> acknowledged.size() >= before + 10);
    }

    /** Ends with the event that is being sent. */
    void finish() {
        enough = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    List<Event> acknowledged() {
        return List.copyOf(acknowledged);
    }

    List<String> answersOtherThan202() {
        return List.copyOf(otherAnswers);
    }

    private void send() {
        for (int number = 1; !enough; number++) {
            Kind kind = Kind.values()[number % Kind.values().length];
            String record = kind.name().toLowerCase(java.util.Locale.ROOT) + "-" + index;
            var event =
                    kind == Kind.MESSAGE ? new Event(kind, record + "-" + number, 1) : new Event(kind, record, number);
            while (!answered(event, hubs.get(turn++ % hubs.size()))) {
                Thread.onSpinWait();
            }
            acknowledged.add(event);
        }
    }

    private boolean answered(Event event, String hub) {
        var request = HttpRequest.newBuilder(URI.create(hub + "/webhooks/crm"))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .header("X-Signature", HexFormat.of().formatHex(Sender.hmac(event.body())))
                .POST(BodyPublishers.ofByteArray(event.body()))
                .build();
        try {
            var answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 202) {
                otherAnswers.add(event.id() + " at " + hub + ": " + answer.statusCode() + " " + answer.body());
            }
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
