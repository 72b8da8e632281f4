package dev.serai.facts;

import java.util.List;

/**
 * A flow, as its file says.
 *
 * @param working whether it takes runs now; pausing it does not change that
 */
public record Flow(String id, Terms terms, Drawing drawing, boolean working) {

    /**
     * What it takes, and how.
     *
     * @param types of the events it takes; none for a flow that begins otherwise, by a timer say
     * @param source the only connection whose events it takes; empty for all
     * @param replaces the flow it is a new version of; empty for none
     * @param concurrent runs at the same moment over all hubs; 0 for any number
     * @param batch events in one exchange; 1 for no batch
     */
    public record Terms(
            List<String> types, String source, String replaces, String priority, int concurrent, int batch) {}

    /** What it does. @param file as messages name it @param from where it begins: {@code event:contact.created} */
    public record Drawing(String file, String description, String from, List<Step> steps) {}

    /**
     * A step of it.
     *
     * @param id as the journal names it; empty when the file gives it none
     * @param kind connector, mapping, event, or the word of its file: choice, setBody, …
     * @param what it does it with: {@code mailchimp/upsert_member}, an expression
     * @param options names of what its file gives it beside the body: the parameters of a mapping, variableSend
     * @param branches ways of which it takes some
     */
    public record Step(String id, String kind, String what, List<String> options, List<Branch> branches) {}

    /** A way that is taken under a condition. @param when in words of the file; {@code otherwise} */
    public record Branch(String when, List<Step> steps) {}
}
