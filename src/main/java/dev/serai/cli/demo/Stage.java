package dev.serai.cli.demo;

import dev.serai.cli.Paint;
import dev.serai.cli.Table;
import dev.serai.cli.Words;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Tells scene by scene what happens, within 80 columns, and remembers whether each came out as it should. */
final class Stage {
    private static final int LEFT = 46;

    private final PrintStream out;
    private final Paint paint;
    private final List<Scene> scenes = new ArrayList<>();
    private Scene now;

    /** What the table at the end says of a scene. */
    private static final class Scene {
        private final String title;
        private String arrived = "-";
        private String receipt = "-";
        private String flows = "-";
        private final List<String> landed = new ArrayList<>();
        private boolean fine = true;

        Scene(String title) {
            this.title = title;
        }
    }

    Stage(PrintStream out, Paint paint) {
        this.out = out;
        this.paint = paint;
    }

    void scene(String title) {
        now = new Scene(title);
        scenes.add(now);
        out.println();
        out.println(paint.bold(scenes.size() + "  " + title));
    }

    /** Something that happened. */
    void tell(String what, String outcome) {
        String left = Words.shortened(what, LEFT);
        out.println("   " + left + " " + paint.dim(".".repeat(LEFT - left.length() + 2)) + " " + outcome);
        out.flush();
    }

    /** A request through the door. */
    void arrived(String what, Sender.Answer answer, int expected) {
        now.arrived = what;
        now.receipt = answer.receipt().equals("-") ? String.valueOf(answer.status()) : answer.receipt();
        tell(
                what,
                answer.status() + " " + answer.word() + (answer.receipt().equals("-") ? "" : " " + answer.receipt()));
        require("the answer is " + expected, answer.status() == expected);
    }

    /** What the flows made of it. */
    void flows(String what) {
        now.flows = what;
    }

    /** A statement that must be true, and is shown either way; the table repeats it as where the event landed. */
    void landed(String statement, boolean holds) {
        now.landed.add(statement);
        now.fine &= holds;
        out.println("   " + (holds ? paint.good("+ ") : paint.bad("- not so: ")) + statement);
    }

    /** A statement that must be true, and is only worth a word when it is not. */
    void require(String statement, boolean holds) {
        if (!holds) {
            now.fine = false;
            out.println("   " + paint.bad("- not so: ") + statement);
        }
    }

    /** Something wrong outside the scenes. */
    void complain(String what) {
        out.println("   " + paint.bad("- ") + what);
    }

    boolean fine() {
        return scenes.stream().allMatch(scene -> scene.fine);
    }

    /** The table of everything. */
    void summary() {
        out.println();
        var table = new Table("", "what arrived", "receipt", "flows", "ok");
        for (int i = 0; i < scenes.size(); i++) {
            Scene scene = scenes.get(i);
            table.noted(
                    scene.landed.stream().map(line -> " " + line).collect(Collectors.joining("\n")),
                    String.valueOf(i + 1),
                    scene.arrived,
                    scene.receipt,
                    scene.flows,
                    scene.fine ? "yes" : "NO");
        }
        table.print(out, paint);
        long fine = scenes.stream().filter(scene -> scene.fine).count();
        out.println();
        String all = fine + " of " + scenes.size() + " scenes came out as they should.";
        out.println(fine == scenes.size() ? paint.good(all) : paint.bad(all));
        scenes.stream().filter(scene -> !scene.fine).forEach(scene -> out.println("  not: " + scene.title));
    }
}
