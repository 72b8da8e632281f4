package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.run.Allowance;
import dev.serai.run.Heard;
import dev.serai.run.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the remote allows one credential, in all or for one operation, and how its answers tell the truth about it.
 *
 * @param cost what a call takes of windows that count points
 * @param told where answers tell of a window, by its name
 * @param exceeded how an answer that says "too many" names the window
 */
public record Quota(Allowance allowed, Cost cost, Map<String, Told> told, Exceeded exceeded) {
    public static final Quota NONE =
            new Quota(new Allowance(List.of(), 0), Cost.ONE, Map.of(), new Exceeded("", Map.of()));

    /**
     * Points of a call.
     *
     * @param points for each {@code records}, begun ones included
     * @param records of a batch; 0 when their number does not matter
     * @param path where the answer's body tells what it really took; empty when it does not
     */
    public record Cost(long points, int records, String path) {
        static final Cost ONE = new Cost(1, 0, "");

        /** No call costs more; sums of larger ones would not be numbers any more. */
        private static final double MOST = 1e9;

        /** @param written records of the call */
        public long of(int written) {
            return records == 0 ? points : points * ((Math.max(1, written) + records - 1) / records);
        }

        /** What a call really took by the remote's word; empty when it does not say. */
        public OptionalLong really(Answer answer) {
            if (path.isEmpty()) {
                return OptionalLong.empty();
            }
            JsonNode told = Json.at(answer.json(), path);
            return told.isNumber() && told.asDouble() >= 0
                    ? OptionalLong.of((long) Math.ceil(Math.min(MOST, told.asDouble())))
                    : OptionalLong.empty();
        }
    }

    /** @param path into the body @param windows our names, by what stands there */
    record Exceeded(String path, Map<String, String> windows) {}

    /** What an answer tells of the windows; nothing of those it does not mention. */
    public List<Heard> heard(Answer answer, Instant now) {
        return told.entrySet().stream()
                .map(entry -> entry.getValue().heard(entry.getKey(), answer, now))
                .flatMap(Optional::stream)
                .toList();
    }

    /** The window that an answer "too many" names, or empty. */
    public Optional<Window> exceeded(Answer answer) {
        if (exceeded.path.isEmpty()) {
            return Optional.empty();
        }
        String name = exceeded.windows.get(Json.at(answer.json(), exceeded.path).asText());
        return allowed.windows().stream()
                .filter(window -> window.name().equals(name))
                .findFirst();
    }

    /** Whether an answer tells that nothing is left of one of the windows. */
    boolean usedUp(Answer answer, Instant now) {
        return heard(answer, now).stream().anyMatch(Quota::usedUp);
    }

    private static boolean usedUp(Heard heard) {
        return heard.remaining().isPresent() && heard.remaining().getAsLong() <= 0;
    }

    /**
     * How long an answer "too many" asks us to wait, by the window it names or the one that is used up by its word. The end
     * of a day is the end of a day, whatever {@code Retry-After} says.
     *
     * @param retryAfter that header, or empty
     */
    Optional<Duration> pause(Answer answer, Optional<Duration> retryAfter, Instant now) {
        Optional<Window> named = exceeded(answer);
        Optional<Duration> reset = named.flatMap(window -> heard(answer, now).stream()
                .filter(heard -> heard.window().equals(window.name()))
                .flatMap(heard -> heard.reset().stream())
                .findFirst());
        if (named.isPresent() && named.get().budget()) {
            return Optional.of(reset.orElseGet(() -> untilReset(named.get(), answer.moment(now))));
        }
        return retryAfter.or(() -> reset).or(() -> named.map(Window::per)).or(() -> heard(answer, now).stream()
                .filter(Quota::usedUp)
                .flatMap(heard -> heard.reset().stream())
                .max(Duration::compareTo));
    }

    private static Duration untilReset(Window window, Instant now) {
        return switch (window.counting()) {
            case DAY, MONTH -> Duration.between(now, window.end(now));
            // what was used an hour ago comes back first: nobody knows how much that is
            default -> window.per().dividedBy(24);
        };
    }
}
