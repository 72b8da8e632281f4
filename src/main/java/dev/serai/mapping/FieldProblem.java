package dev.serai.mapping;

/**
 * One reason why a record is refused.
 *
 * @param field the target field by dotted path; {@code parameters} when a parameter is wrong, empty for the record itself
 * @param source what the field is read from, as the mapping file says it
 * @param value the value found, masked when personal, shortened always; empty when there was none
 * @param sentence what is wrong, with the masked value; continues {@code field: }
 */
public record FieldProblem(String field, String source, String value, String sentence) {

    /** The same of an item of a list, by its place. */
    FieldProblem of(int item) {
        return new FieldProblem(item + (field.isEmpty() ? "" : "." + field), source, value, sentence);
    }

    /** The same of a field under another. */
    FieldProblem under(String name) {
        return new FieldProblem(name + "." + field, source, value, sentence);
    }

    @Override
    public String toString() {
        return field.isEmpty() ? sentence : field + ": " + sentence;
    }
}
