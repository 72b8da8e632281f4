package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.run.Outcome;
import java.time.Duration;
import java.util.Optional;

/** What became of a write that was accepted first. */
public final class Jobs {
    private final Connector connector;
    private final Accepted accepted;

    Jobs(Connector connector, Accepted accepted) {
        this.connector = connector;
        this.accepted = accepted;
    }

    /** The read that tells; it is given the job as argument {@code job}. */
    public String read() {
        return accepted.read();
    }

    /**
     * The read that lists the records which a job has refused, for a call of many; it is given the job as well. Empty where the
     * file names none, or the job says that there are none: then many vendors have no list either.
     *
     * @param told the useful part of what its own read answered
     */
    public Optional<String> failuresRead(JsonNode told) {
        String total = accepted.failures().total();
        boolean refusedNone = !total.isEmpty() && Json.at(told, total).asLong(1) == 0;
        return Optional.of(accepted.failures().read()).filter(read -> !read.isEmpty() && !refusedNone);
    }

    /** Whether a success says only that it will be done. */
    public boolean isAcceptance(Answer answer) {
        return accepted.statuses().contains(answer.status());
    }

    /** The job an acceptance names. @throws ConnectorRefused when it names none */
    public String job(Answer answer) {
        var job = accepted.job();
        String named = job.text().isPresent()
                ? job.text().get().fill(answer.places()).orElse("")
                : job.header().isEmpty()
                        ? Json.at(answer.json(), job.path()).asText("")
                        : answer.header(job.header()).orElse("");
        if (named.isBlank()) {
            throw new ConnectorRefused(connector.name() + " accepted it and named no job at \"" + job.path()
                    + job.header() + "\"; look there whether it was done, and correct \"accepted\"");
        }
        return named;
    }

    /** How it ended; empty while it has not. @param told the useful part of the read's answer */
    public Optional<Outcome> outcome(JsonNode told) {
        var words = accepted.words();
        JsonNode at = Json.at(told, words.state());
        String state = at.asText("");
        if (words.failed().contains(state)) {
            String reason = words.reason().isEmpty()
                    ? ""
                    : Json.at(told, words.reason()).asText("");
            return Optional.of(Outcome.fail(connector.name() + " accepted it, and then: " + state
                    + (reason.isBlank()
                            ? ""
                            : ": "
                                    + VendorMessage.oneLine(
                                            reason, connector.signIn().masking()))));
        }
        boolean nothingElse = words.done().isEmpty() && !state.isEmpty();
        return words.done().contains(state) || nothingElse ? Optional.of(Outcome.SUCCESS) : Optional.empty();
    }

    /** When to ask next: after as long again as it has taken so far. Empty when it has taken too long. */
    public Optional<Duration> nextLook(Duration soFar) {
        var looks = accepted.looks();
        if (soFar.compareTo(looks.within()) > 0) {
            return Optional.empty();
        }
        Duration wait = soFar.compareTo(looks.first()) < 0 ? looks.first() : soFar;
        return Optional.of(wait.compareTo(looks.longest()) > 0 ? looks.longest() : wait);
    }

    /** For how long after an acceptance it means nothing yet that the job is not known: the first looks. */
    public Duration unseen() {
        return accepted.looks().first().multipliedBy(4);
    }

    /** For how long it is asked. */
    public Duration within() {
        return accepted.looks().within();
    }
}
