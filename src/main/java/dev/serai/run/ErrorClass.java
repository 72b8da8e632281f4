package dev.serai.run;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What kind of failure gave a run up: each has its page of {@code docs/runbooks}. */
public enum ErrorClass {
    /** A mapping or the remote refused what the record holds. */
    VALIDATION,
    NOT_FOUND,
    CONFLICT,
    AUTH,
    RATE_LIMIT,
    TIMEOUT,
    NETWORK,
    /** The remote failed. */
    SERVER,
    /** Sent, and nobody knows whether it was done. */
    IN_DOUBT,
    /** A fault of Serai. */
    SYSTEM;

    /** What is known of a run that was set aside, and of the last attempt at its step. */
    public record Failed(String state, Owner owner, String verdict, Integer status, String reason) {}

    /** As files and addresses write it: {@code not-found}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static List<String> words() {
        return Stream.of(values()).map(ErrorClass::word).toList();
    }

    public static ErrorClass of(Failed run) {
        if ("in_doubt".equals(run.state)) {
            return IN_DOUBT;
        }
        if (run.owner == Owner.SYSTEM) {
            return SYSTEM;
        }
        if (run.verdict == null) {
            return VALIDATION; // nothing was sent: a mapping, or what builds the request, has refused
        }
        if (run.verdict.equals("unauthorized")) {
            return AUTH;
        }
        if (run.verdict.equals("rate_limited")) {
            return RATE_LIMIT;
        }
        return run.status == null ? withoutAnswer(run.reason) : ofStatus(run.status);
    }

    private static ErrorClass withoutAnswer(String reason) {
        String words = reason == null ? "" : reason.toLowerCase(Locale.ROOT);
        return words.contains("timed out") || words.contains("timeout") || words.contains("within") ? TIMEOUT : NETWORK;
    }

    private static ErrorClass ofStatus(int status) {
        return switch (status) {
            case 401, 403 -> AUTH;
            case 404, 410 -> NOT_FOUND;
            case 408 -> TIMEOUT;
            case 409, 412 -> CONFLICT;
            case 429 -> RATE_LIMIT;
            default -> status >= 500 ? SERVER : VALIDATION;
        };
    }
}
