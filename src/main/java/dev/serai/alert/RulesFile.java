package dev.serai.alert;

import dev.serai.file.FileRefused;
import dev.serai.file.Place;
import dev.serai.file.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Keeps the rules in step with their file. A broken file changes nothing: the rules before stay until it is mended. */
public final class RulesFile {
    private final Path file;
    private final String shown;
    private String looked;
    private volatile Rules current = Rules.SHIPPED;

    /** @param routes the folder of the flows, in which the file may lie */
    public RulesFile(Path routes) {
        this.file = routes.resolve(Rules.FILE);
        this.shown = routes.getFileName() + "/" + Rules.FILE;
    }

    public Rules current() {
        return current;
    }

    /** As messages show it. */
    public String shown() {
        return shown;
    }

    /** Takes over what has changed since the last call. @return whether anything has */
    public synchronized boolean reload() {
        String text = text();
        if (text.equals(looked)) {
            return false;
        }
        boolean first = looked == null;
        looked = text;
        current = text.isEmpty() ? Rules.SHIPPED : Rules.read(shown, text);
        return !first || !text.isEmpty();
    }

    /** What is wrong with the file as it is now. */
    public List<Problem> check() {
        try {
            reload();
            return List.of();
        } catch (FileRefused e) {
            return e.problems();
        }
    }

    private String text() {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new FileRefused(
                    List.of(new Problem(Place.whole(shown), "the file can't be read: " + e.getMessage())));
        }
    }
}
