package dev.serai.file;

/**
 * One thing wrong in a file a person wrote.
 *
 * @param place where it stands
 * @param text what is wrong, with the value, what was expected and what to write; no secret, no payload
 * @param line the offending line as it stands in the file, or empty
 */
public record Problem(Place place, String text, String line) {

    public Problem(Place place, String text) {
        this(place, text, "");
    }

    /** One line, as a compiler would print it. */
    @Override
    public String toString() {
        return place + ": " + text;
    }

    /** The one line, then the offending line of the file with a caret under the column. */
    public String withExcerpt() {
        if (line.isBlank() || place.line() == 0) {
            return toString();
        }
        String lead = "  " + place.line() + " | ";
        String margin = " ".repeat(lead.length() - 2) + "| ";
        return this + "\n" + lead + line + "\n" + margin + " ".repeat(Math.max(0, place.column() - 1)) + "^";
    }
}
