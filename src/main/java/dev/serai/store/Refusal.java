package dev.serai.store;

/** A run that was left as it was, and why: one sentence for a person. */
public record Refusal(long run, String why) {
    public String name() {
        return Names.run(run);
    }
}
