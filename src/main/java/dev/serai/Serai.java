package dev.serai;

import dev.serai.config.Settings;
import java.nio.file.Path;
import java.util.HashMap;

/** Starts the hub or one of its sub-commands. */
public final class Serai {
    private Serai() {}

    public static void main(String[] args) throws Exception {
        var flags = new HashMap<String, String>();
        for (String a : args) { String[] kv = a.split("=", 2); flags.put(kv[0], kv[1]); }
        long t = System.nanoTime();
        var wiring = new Wiring(Settings.read(Path.of("serai.properties"), System.getenv(), flags));
        System.out.println("up " + wiring.hub().port() + " " + wiring.hub().flows() + " in " + (System.nanoTime() - t) / 1_000_000);
        Runtime.getRuntime().addShutdownHook(new Thread(wiring::close));
        Thread.currentThread().join();
    }
}
