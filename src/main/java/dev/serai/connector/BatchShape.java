package dev.serai.connector;

import java.util.List;
import java.util.Optional;

/**
 * How a write takes many records in one call, and how each one's outcome is found in the answer.
 *
 * @param list dotted path of the list in the request that the records are put into; {@code .} when it is the body
 * @param most records in one call
 * @param with what stands beside the list
 * @param id dotted path of what tells one record from another; empty when the answer follows the order of the call
 * @param allOrNone whether a success speaks for every record, and a failure for every one
 */
record BatchShape(String list, int most, Optional<JsonTemplate> with, String id, Told told, boolean allOrNone) {

    /**
     * Where the answer speaks of single records.
     *
     * @param results lists of what was done, or of every record when there is no other list; none when the answer names
     *     only what failed
     * @param failures lists of what was not done
     * @param status dotted path of a record's own HTTP status; empty when it has none
     * @param rules what a record's entry means; the first that matches counts
     */
    record Told(Lists results, Lists failures, String status, List<ErrorRule> rules) {}

    /**
     * Entries of the answer.
     *
     * @param paths dotted, into the answer; {@code .} for all of it
     * @param by how an entry names its record
     * @param id in an entry, for {@link By#ID} one value or a list of them, for {@link By#INDEX} the place in the call
     */
    record Lists(List<String> paths, By by, String id) {}

    /** How an entry names its record. */
    enum By {
        ID,
        /** Its place in the call, counted from 0. */
        INDEX,
        /** The entries are members of an object, each under the id of its record. */
        KEY
    }

    /** Whether the answer is one list in the order of the call. */
    boolean byPosition() {
        return id.isEmpty()
                && told.failures.paths().isEmpty()
                && told.results.paths().size() == 1
                && told.results.by() == By.ID;
    }
}
