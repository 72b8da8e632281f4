package dev.serai.cli;

/** Colours for a terminal; text as it is elsewhere. */
public record Paint(boolean on) {

    public String bold(String text) {
        return with("1", text);
    }

    public String dim(String text) {
        return with("2", text);
    }

    public String good(String text) {
        return with("32", text);
    }

    public String bad(String text) {
        return with("31", text);
    }

    public String warn(String text) {
        return with("33", text);
    }

    /** A run's state, or anything else that ends well or badly. */
    public String state(String state) {
        return switch (state.strip()) {
            case "done", "succeeded", "success", "passed", "ok", "current", "fine" -> good(state);
            case "dead", "failed", "fail", "closed", "behind", "parked", "failing" -> bad(state);
            case "waiting", "claimed", "in_doubt", "retry", "rate_limited", "intended", "unverified", "not_connected" ->
                warn(state);
            default -> state;
        };
    }

    private String with(String code, String text) {
        return on ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
