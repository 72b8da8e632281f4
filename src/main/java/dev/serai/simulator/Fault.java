package dev.serai.simulator;

import java.time.Duration;
import java.util.Locale;

/**
 * Something a remote does wrong. {@code Fault.status(503).retryAfter(Duration.ofSeconds(2)).times(1)}.
 *
 * @param delay before anything is answered; the work is done at once
 * @param afterWork whether the vendor does what it was asked first, so that only the answer is wrong or lost
 */
public record Fault(Kind kind, Reply reply, When when, Duration delay, boolean afterWork) {

    /** What happens to the answer. */
    public enum Kind {
        /** Nothing, it only comes late. */
        DELAY,
        /** Another one is sent. */
        ANSWER,
        /** The connection is closed without one. */
        DROP,
        /** The connection is reset (TCP RST). */
        RESET,
        /** It stops half way, then the connection is closed. */
        TRUNCATE
    }

    /**
     * The answer sent instead.
     *
     * @param retryAfter zero for no such header
     * @param body empty for the vendor's own error of that status
     * @param kind of the vendor's file: its own refusal of that kind, with the status it has there; empty for none
     */
    public record Reply(int status, Duration retryAfter, String contentType, String body, String kind) {}

    /**
     * How often, how long, how likely.
     *
     * @param times zero for until it is cleared
     * @param lasting zero for until it is cleared
     * @param probability from 0 to 1, of each call that could meet it
     * @param seed of the dice, so that a run can be repeated
     */
    public record When(int times, Duration lasting, double probability, long seed) {}

    private static final When ALWAYS = new When(0, Duration.ZERO, 1, 0);
    private static final Reply NONE = new Reply(0, Duration.ZERO, "", "", "");

    /** An error with that status, in the vendor's own form unless a body is given. */
    public static Fault status(int status) {
        return answer(new Reply(status, Duration.ZERO, "", "", ""));
    }

    /** As if the vendor refused, in its own words and with its own status. @param kind {@code not_found}, {@code exists} ... */
    public static Fault refusal(String kind) {
        return answer(new Reply(0, Duration.ZERO, "", "", kind));
    }

    /** The right answer, late. */
    public static Fault delay(Duration delay) {
        return new Fault(Kind.DELAY, NONE, ALWAYS, delay, true);
    }

    /** The connection is closed without an answer, and nothing was done. */
    public static Fault drop() {
        return new Fault(Kind.DROP, NONE, ALWAYS, Duration.ZERO, false);
    }

    /** The connection is reset, and nothing was done. */
    public static Fault reset() {
        return new Fault(Kind.RESET, NONE, ALWAYS, Duration.ZERO, false);
    }

    /** The work is done, but the answer's body breaks off. */
    public static Fault truncated() {
        return new Fault(Kind.TRUNCATE, NONE, ALWAYS, Duration.ZERO, true);
    }

    /** A page for people, as a proxy in front of the vendor would send. */
    public static Fault html(int status) {
        return answer(new Reply(
                status,
                Duration.ZERO,
                "text/html",
                "<html><head><title>" + status + "</title></head><body>The service is not available.</body></html>",
                ""));
    }

    /** Status 200 and a JSON content type, but no JSON. */
    public static Fault garbage() {
        return answer(new Reply(200, Duration.ZERO, "application/json", "{\"\u0000<<<not json", ""));
    }

    private static Fault answer(Reply reply) {
        return new Fault(Kind.ANSWER, reply, ALWAYS, Duration.ZERO, false);
    }

    public Fault retryAfter(Duration wait) {
        return with(new Reply(reply.status, wait, reply.contentType, reply.body, reply.kind));
    }

    public Fault body(String contentType, String body) {
        return with(new Reply(reply.status, reply.retryAfter, contentType, body, reply.kind));
    }

    public Fault times(int times) {
        return with(new When(times, when.lasting, when.probability, when.seed));
    }

    /** It ends by itself after that time. */
    public Fault lasting(Duration time) {
        return with(new When(when.times, time, when.probability, when.seed));
    }

    public Fault probability(double probability, long seed) {
        return with(new When(when.times, when.lasting, probability, seed));
    }

    /** The fault comes that much later than the request. */
    public Fault delayed(Duration delay) {
        return new Fault(kind, reply, when, delay, afterWork);
    }

    /** The vendor does what it was asked; only then the fault strikes, and the caller can't know. */
    public Fault afterTheWork() {
        return new Fault(kind, reply, when, delay, true);
    }

    private Fault with(Reply reply) {
        return new Fault(kind, reply, when, delay, afterWork);
    }

    private Fault with(When when) {
        return new Fault(kind, reply, when, delay, afterWork);
    }

    /** In a word or two, for the ledger: {@code status 503}, {@code drop after the work}. */
    String words() {
        String what = kind == Kind.ANSWER
                ? (reply.kind.isEmpty() ? "status " + reply.status : reply.kind)
                : kind.name().toLowerCase(Locale.ROOT);
        boolean natural = kind == Kind.DELAY || kind == Kind.TRUNCATE;
        return afterWork && !natural ? what + " after the work" : what;
    }
}
