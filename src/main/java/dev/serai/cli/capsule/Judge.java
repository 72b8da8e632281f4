package dev.serai.cli.capsule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.cli.capsule.Recorded.Other;
import dev.serai.connector.Request;
import dev.serai.connector.Transcript;
import dev.serai.simulator.Asked;
import dev.serai.simulator.Promise;
import dev.serai.simulator.Simulator;
import dev.serai.store.History.Run;
import dev.serai.store.History.StepAttempt;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Of a run that was done: whether each call of then is made, and it comes to its end. Of one that died, when it is mended:
 * the step that failed gets through by the answer of then, or asks something else, or is not met any more. What a remote
 * would say to something else nobody knows; the vendor's contract says whether it may be asked so.
 */
final class Judge {
    private final JsonNode capsule;
    private final Recorded remotes;
    private final Path systems;
    private final String died;

    Judge(JsonNode capsule, Recorded remotes, Path systems) {
        this.capsule = capsule;
        this.remotes = remotes;
        this.systems = systems;
        this.died = capsule.at("/died/step").asText("");
    }

    /** Empty while nothing can be said yet. */
    Optional<Finding> judge(Run run, List<StepAttempt> attempts) {
        return CapsuleFolder.died(capsule) ? mended(run, attempts) : asThen(run, attempts);
    }

    private Optional<Finding> asThen(Run run, List<StepAttempt> attempts) {
        if (remotes.other().isPresent()) {
            return strange(attempts)
                    .map(attempt -> another(attempt.step(), remotes.other().get()));
        }
        boolean ended = !List.of("waiting", "claimed").contains(run.state()) || run.retries() > 0;
        if (!ended) {
            return Optional.empty();
        }
        if (!run.state().equals("done")) {
            return Optional.of(Finding.failed(
                    "Not as then: it fails at " + run.step() + ", and then it came to its end.",
                    "now   " + run.reason()));
        }
        List<String> left = calls().filter(call -> !remotes.met(call))
                .map(call -> call.path("step").asText())
                .toList();
        return Optional.of(
                left.isEmpty()
                        ? Finding.passed("As then: it comes to its end, and sends what it sent ("
                                + capsule.path("calls").size() + " calls).")
                        : Finding.failed("Not as then: it comes to its end without " + String.join(", ", left)
                                + ", which it sent then."));
    }

    private Finding another(String step, Other asked) {
        var lines = new ArrayList<String>();
        boolean known = calls().anyMatch(call -> call.path("step").asText().equals(step));
        lines.add(
                known
                        ? "Not as then: " + step
                                + " sends something else now, and nobody knows what would be answered. If it"
                                + " is meant, make a capsule of a run of now."
                        : "Not as then: " + step
                                + " was not called then, or was answered from the cache, of which nothing is"
                                + " kept. If you know the answer, write it into calls/.");
        lines.add("sends " + Transcript.of(asked.connector()).request(asked.request()));
        asked.differences().forEach(difference -> lines.add("      " + difference));
        return new Finding(false, lines);
    }

    private static Optional<StepAttempt> strange(List<StepAttempt> attempts) {
        return attempts.stream()
                .filter(attempt -> attempt.attempt().reason().contains(Recorded.UNKNOWN))
                .findFirst();
    }

    private Optional<Finding> mended(Run run, List<StepAttempt> attempts) {
        Optional<JsonNode> refused = refused();
        if (remotes.other().isPresent()) {
            return strange(attempts)
                    .map(attempt ->
                            other(attempt.step(), refused, remotes.other().get()));
        }
        if (refused.isPresent() && remotes.met(refused.get())) {
            return attempts.stream()
                    .filter(attempt -> attempt.step().equals(died))
                    .reduce((earlier, later) -> later)
                    .map(attempt -> again(refused.get(), attempt));
        }
        return switch (run.state()) {
            case "done" ->
                Optional.of(Finding.passed("Mended: it comes to its end, and does not fail at " + died + "."));
            case "dead", "in_doubt" -> Optional.of(dead(run));
            default -> run.retries() > 0 ? Optional.of(dead(run)) : Optional.empty();
        };
    }

    /** The call that it died of; empty when it was none. */
    private Optional<JsonNode> refused() {
        return calls().filter(call -> call.path("step").asText().equals(died)
                        && !List.of("success", "ignore")
                                .contains(call.path("verdict").asText()))
                .findFirst();
    }

    private Stream<JsonNode> calls() {
        return StreamSupport.stream(capsule.path("calls").spliterator(), false);
    }

    private Finding dead(Run run) {
        boolean there = Objects.toString(run.step(), "").equals(died);
        return Finding.failed(
                "Not mended: it fails at " + run.step() + (there ? " as then." : ", and then it was at " + died + "."),
                "then  " + capsule.at("/died/reason").asText(),
                "now   " + run.reason());
    }

    private static Finding again(JsonNode call, StepAttempt attempt) {
        String then = call.path("verdict").asText();
        String now = attempt.attempt().verdict();
        String step = attempt.step();
        if (then.equals(now)) {
            return Finding.failed(
                    "Not mended: " + step + " sends what it sent then, and the answer is still \"" + now + "\".",
                    "sent  " + call.path("request"),
                    "got   " + call.path("answer"),
                    "so    " + attempt.attempt().reason());
        }
        return Finding.passed("Mended: " + step + " sends what it sent then, and the answer counts as \"" + now
                + "\" now, and no more as \"" + then + "\".");
    }

    private Finding other(String step, Optional<JsonNode> refused, Other asked) {
        boolean known = calls().anyMatch(call -> call.path("step").asText().equals(step));
        boolean behind = refused.isPresent() ? step.equals(died) : !known;
        var lines = new ArrayList<String>();
        if (!behind) {
            lines.add("Not known: before it comes to " + died + ", " + step
                    + " asks what was not asked then. If you know" + " the answer, write it into calls/.");
            lines.add("asks  " + Transcript.of(asked.connector()).request(asked.request()));
            asked.differences().forEach(difference -> lines.add("      " + difference));
            return new Finding(false, lines);
        }
        Optional<Promise> promise = promise(asked);
        if (promise.isPresent()
                && promise.get().covered()
                && !promise.get().problem().isEmpty()) {
            lines.add("Not mended: " + step + " sends something else now, and the contract of "
                    + asked.connector().name() + " forbids it: " + promise.get().problem());
        } else {
            lines.add(
                    refused.isPresent()
                            ? "Mended: " + step + " does not send what was refused any more."
                            : "Mended: it gets past " + died + ", to " + step + ".");
            lines.add(
                    promise.filter(Promise::covered).isPresent()
                            ? "What it sends now is as the contract of "
                                    + asked.connector().name() + " asks; what would be answered nobody knows."
                            : "What would be answered to what it sends now nobody knows, and there is no contract of "
                                    + asked.connector().name() + " to hold it against.");
        }
        asked.differences().forEach(difference -> lines.add("      " + difference));
        boolean mended = lines.get(0).startsWith("Mended");
        return new Finding(mended, lines);
    }

    private Optional<Promise> promise(Other asked) {
        String vendor = asked.connector().name();
        try (var simulator = Simulator.start(systems, 0, InstantSource.system())) {
            if (!simulator.vendors().contains(vendor)) {
                return Optional.empty();
            }
            Request request = asked.request();
            var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
            headers.putAll(request.headers());
            URI url = request.url();
            String base = asked.connector().address().replaceAll("/+$", "");
            String below = url.toString().substring(base.length()).replaceAll("\\?.*", "");
            String query = url.getRawQuery() == null ? "" : url.getRawQuery();
            return Optional.of(simulator.promise(
                    vendor,
                    new Asked(request.method(), below.isEmpty() ? "/" : below, query, headers, request.body())));
        }
    }
}
