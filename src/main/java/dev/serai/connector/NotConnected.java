package dev.serai.connector;

import java.io.IOException;

/** The connection broke before it stood: nothing was sent. */
public final class NotConnected extends IOException {
    public NotConnected(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
