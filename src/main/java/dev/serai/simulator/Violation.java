package dev.serai.simulator;

/**
 * One way in which a request does not fit the vendor's contract.
 *
 * @param field where, as a caller would write it ({@code contacts[0].email}); empty for the request as a whole
 * @param rule what it breaks: {@code unknown}, {@code missing}, or the contract's word ({@code type}, {@code enum}, …)
 * @param text what is wrong and what the contract expects; names fields and types, never a value of the body
 */
record Violation(String field, String rule, String text) {

    @Override
    public String toString() {
        return field.isEmpty() ? text : field + ": " + text;
    }
}
