package dev.serai.connector;

import java.util.List;
import java.util.Optional;

/**
 * How a write takes many records in one call, and how each one's outcome is found in the answer.
 *
 * @param list dotted path of the list in the request that the records are put into
 * @param most records in one call
 * @param with what stands beside the list
 * @param id dotted path of what tells one record from another; empty when the answer follows the order of the call
 */
record BatchShape(String list, int most, Optional<JsonTemplate> with, String id, Told told) {

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

    /** @param paths dotted, into the answer; {@code .} for all of it @param id in an entry; one value or a list of them */
    record Lists(List<String> paths, String id) {}

    boolean byPosition() {
        return id.isEmpty();
    }
}
