package dev.serai.cli;

/** What a hub declined, or that it could not be asked: one sentence for people, and the exit code. */
final class HubProblem extends RuntimeException {
    private final int status;
    private final String code;
    private final boolean sent;

    private HubProblem(int status, String code, String sentence, boolean sent) {
        super(sentence, null, false, false);
        this.status = status;
        this.code = code;
        this.sent = sent;
    }

    /** As RFC 9457 problem JSON says it. @param detail without a full stop at its end */
    static HubProblem declined(int status, String code, String detail) {
        String sentence = detail.isEmpty() ? "the hub answered " + status : detail;
        // what begins with a name keeps it as it is
        if (sentence.matches("(?s)(there|this|the|no|too|what|its) .*")) {
            sentence = Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
        }
        return new HubProblem(status, code, sentence.matches("(?s).*[.?!]") ? sentence : sentence + ".", false);
    }

    /** No answer of a hub came. @param sent whether it may have got what it was asked */
    static HubProblem away(String sentence, boolean sent) {
        return new HubProblem(0, "", sentence, sent);
    }

    /** The same, with more to say. */
    HubProblem saying(String sentence) {
        return new HubProblem(status, code, sentence, false);
    }

    /** Whether the hub knows nothing of that name; that it does not know such a question is something else. */
    boolean isNotFound() {
        return code.equals("not_found");
    }

    /** Whether it was there, and has left the history. */
    boolean hasLeft() {
        return code.equals("left_history");
    }

    /** Whether something has moved, or is over already. */
    boolean isConflict() {
        return status == 409;
    }

    /** Whether what was asked does not fit. */
    boolean isMisfit() {
        return status == 400;
    }

    /** Whether it may have been done although no answer came. */
    boolean isUnknown() {
        return sent;
    }

    int exit() {
        return switch (status) {
            case 400, 401, 403 -> Cli.WRONG_USAGE;
            case 0, 429 -> Cli.NOT_ASKED;
            default -> status >= 500 ? Cli.NOT_ASKED : Cli.FOUND;
        };
    }
}
