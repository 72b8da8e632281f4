package dev.serai.api;

/** A request that gets no for an answer: RFC 9457 problem JSON, with a code for machines and a sentence for people. */
public final class Declined extends RuntimeException {
    private static final String LEFT = "left_history";

    private final int status;
    private final String code;

    Declined(int status, String code, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
    }

    public static Declined badRequest(String detail) {
        return new Declined(400, "bad_request", detail);
    }

    static Declined notFound(String detail) {
        return new Declined(404, "not_found", detail);
    }

    /** What is asked for was here once. */
    static Declined left(String detail) {
        return new Declined(404, LEFT, detail);
    }

    /** The database looked for too long. */
    static Declined tooMuch(String detail) {
        return new Declined(503, "too_much", detail);
    }

    static Declined conflict(String detail) {
        return new Declined(409, "conflict", detail);
    }

    public int status() {
        return status;
    }

    /** Whether what is asked for was here once, and has left the history. */
    public boolean hasLeft() {
        return code.equals(LEFT);
    }

    public String code() {
        return code;
    }
}
