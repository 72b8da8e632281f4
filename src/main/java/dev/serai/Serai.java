package dev.serai;

/** Starts the hub or one of its sub-commands. */
public final class Serai {
    private Serai() {}

    public static void main(String[] args) {}
}
