package dev.serai.cli.demo;

import dev.serai.cli.Paint;
import dev.serai.cli.StopSignal;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** The first impression: a hub at work among simulated vendors, nothing needed but this machine. */
public final class Demo {
    private final PrintStream out;
    private final Paint paint;

    public Demo(PrintStream out, Paint paint) {
        this.out = out;
        this.paint = paint;
    }

    /**
     * Plays all scenes.
     *
     * @param given settings that win over the demo's own
     * @param once whether to end after the last scene; else it stays up until the signal comes
     * @return whether every scene came out as it should
     */
    public boolean play(Path folder, Map<String, String> given, boolean once, StopSignal stop) throws SQLException {
        long begin = System.nanoTime();
        out.println(paint.bold("Serai demo") + ": the vendors are played on this machine; nothing leaves it.");
        try (DemoFolder taken = DemoFolder.take(folder)) {
            out.println("   starting PostgreSQL, the vendors and the hub");
            try (var hub = new DemoHub(taken, given)) {
                out.println("   hub at " + hub.url() + ", flows " + String.join(", ", hub.flows()));
                var stage = new Stage(out, paint);
                var scenes = new Scenes(hub, stage);
                for (Scenes.Scene scene : scenes.all()) {
                    if (stop.asked()) {
                        return false;
                    }
                    scene.play();
                }
                stage.summary();
                boolean kept = scenes.contractsKept();
                out.println(scenes.calls() + " calls to vendors, "
                        + (kept ? "each as its API contract asks." : "not all as their API contracts ask."));
                out.println(
                        "It took " + Duration.ofNanos(System.nanoTime() - begin).toSeconds() + " s.");
                if (!once) {
                    new NextSteps(hub, out, paint).print(scenes.deadLetter());
                    stop.await();
                    out.println("\nStopping.");
                }
                return stage.fine() && kept;
            }
        }
    }
}
