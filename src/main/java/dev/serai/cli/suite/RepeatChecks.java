package dev.serai.cli.suite;

import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Operation;
import dev.serai.connector.Page;
import dev.serai.connector.PageRequest;
import dev.serai.connector.StreamEvent;
import dev.serai.file.Yaml;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What becomes of a call that is made twice, and of many pages. */
final class RepeatChecks {
    private static final int PAGES = 3;

    /** A stream that goes on longer than this never ends. */
    private static final int MANY = 1_000;

    private final Trial trial;
    private final Reader reader;

    RepeatChecks(Trial trial, Reader reader) {
        this.trial = trial;
        this.reader = reader;
    }

    Finding repeat() {
        return trial.operation() instanceof Operation.Write write
                ? repeat(write.repeat())
                : Finding.none("it changes nothing");
    }

    private Finding repeat(Operation.Repeat repeat) {
        return switch (repeat.writeClass()) {
            case IDEMPOTENT -> twice();
            case KEYED -> {
                Finding twice = twice();
                yield twice.state() == Finding.State.OK ? new LostAnswer(trial, repeat).keyed() : twice;
            }
            case LOOKUP -> new LostAnswer(trial, repeat).lookedUp(Duration.ZERO);
            case ONCE -> Finding.none("sent twice it is done twice, as the file says");
        };
    }

    private Finding twice() {
        trial.fresh();
        var first = trial.send();
        var before = trial.sizes();
        trial.pass(Duration.ofSeconds(1));
        var second = trial.send();
        var after = trial.sizes();
        if (!first.outcome().succeeded() || !second.outcome().succeeded()) {
            return Finding.failed(
                    "sent again it was refused: " + second.outcome().reason());
        }
        return before.equals(after)
                ? Finding.OK
                : Finding.failed(
                        "sent twice it made records twice (" + before + ", then " + after + "); it is not of class "
                                + trial.writeClass().orElseThrow().name().toLowerCase(Locale.ROOT));
    }

    Finding pages() {
        if (!trial.isStream()) {
            return Finding.none("it lists nothing");
        }
        Optional<Yaml> records = trial.example().records();
        if (records.isEmpty()) {
            return Finding.failed("examples.yaml has no \"records\" for it");
        }
        trial.fresh();
        int count = records.get().get("count").orElseThrow().json().asInt();
        Instant first = Bench.NOON.minus(Duration.ofDays(1));
        try {
            trial.bench()
                    .simulator()
                    .seed(
                            trial.vendor(),
                            records.get().text("collection").orElseThrow(),
                            records.get().get("record").orElseThrow(),
                            count,
                            first);
        } catch (IllegalArgumentException e) {
            return Finding.failed("\"records\" of examples.yaml: " + e.getMessage());
        }
        try {
            return read(count);
        } catch (ConnectorRefused e) {
            return Finding.failed(e.getMessage());
        }
    }

    private Finding read(int count) {
        String name = trial.operation().name();
        var ids = new HashSet<String>();
        int pages = 0;
        int again = 0;
        Optional<PageRequest> next = Optional.of(trial.connector()
                .polling(name)
                .first(
                        Optional.empty(),
                        trial.example().arguments(),
                        trial.bench().now()));
        while (next.isPresent() && pages < MANY) {
            var promise = trial.bench().promise(trial.connector(), next.get().request());
            if (promise.covered() && !promise.problem().isEmpty()) {
                return Finding.failed("page " + (pages + 1) + ": " + promise.problem());
            }
            var answered =
                    trial.bench().send(trial.connector(), name, next.get().request());
            if (!answered.outcome().succeeded()) {
                return Finding.failed(
                        "page " + (pages + 1) + ": " + answered.outcome().reason());
            }
            Page page = trial.connector()
                    .polling(name)
                    .read(next.get(), answered.answer().orElseThrow());
            for (StreamEvent event : page.events()) {
                Optional<String> unread = reader.problem(event.bytes());
                if (unread.isPresent()) {
                    return Finding.failed("page " + (pages + 1) + ": " + unread.get());
                }
            }
            Optional<String> unfit = unfit(page.events());
            if (unfit.isPresent()) {
                return Finding.failed("page " + (pages + 1) + ": " + unfit.get());
            }
            again += repeats(next.get(), page.events(), ids);
            next = page.next();
            pages++;
        }
        if (ids.size() != count) {
            return Finding.failed(ids.size() + " of " + count + " records came");
        }
        if (again > 0) {
            return Finding.failed(
                    again + " times a record came again that had come before, and the question was not for"
                            + " it; correct \"records\" or \"pagination\"");
        }
        return pages >= PAGES
                ? Finding.OK
                : Finding.failed(count + " records came in " + pages + " pages; give \"records\" a larger \"count\"");
    }

    /** What is wrong with the first event that would be of no use. */
    static Optional<String> unfit(List<StreamEvent> events) {
        for (StreamEvent event : events) {
            if (event.isUnreadable()) {
                return event.problem().map(problem -> "a record can't be read: " + problem);
            }
            if (event.type().matches(".*[{}].*")) {
                return Optional.of("\"" + event.type() + "\" is no type of an event; correct \"type\"");
            }
        }
        return Optional.empty();
    }

    /** Events that came before, but for those that the question asks for again. @param ids of the pages before */
    private static int repeats(PageRequest asked, List<StreamEvent> events, Set<String> ids) {
        var known = Set.copyOf(ids);
        int again = 0;
        for (int place = 0; place < events.size(); place++) {
            StreamEvent event = events.get(place);
            boolean meant = known.contains(event.id()) && asked.mayRepeat(event, place);
            if (!ids.add(event.id()) && !meant) {
                again++;
            }
        }
        return again;
    }
}
