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

    @Override
    public String toString() {
        return field.isEmpty() ? sentence : field + ": " + sentence;
    }
}
