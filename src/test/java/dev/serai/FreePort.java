package dev.serai;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** A port for a server that starts later, or comes back: none that a system gives to whoever asks for any. */
public final class FreePort {
    private static final int FIRST = 20_000;
    private static final int PORTS = 12_000;
    private static final int TRIES = 1000;

    private FreePort() {}

    public static int any() {
        for (int i = 0; i < TRIES; i++) {
            int port = FIRST + ThreadLocalRandom.current().nextInt(PORTS);
            try (var free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException e) {
                // somebody has it: another one
            }
        }
        throw new IllegalStateException("no port is free from " + FIRST + " to " + (FIRST + PORTS));
    }
}
