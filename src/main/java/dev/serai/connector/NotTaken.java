package dev.serai.connector;

import java.io.IOException;

/** The remote has said that it does not take this now. It is certain that nothing was done. */
public final class NotTaken extends IOException {
    /** @param message what the remote said, without the connection's name */
    public NotTaken(String message) {
        super(message);
    }
}
