package dev.serai.store;

/** Who asks for something to be done with a run, and why. */
public record ByHand(String who, String why) {}
