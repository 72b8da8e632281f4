package dev.serai.api;

import java.util.List;

/**
 * What the API tells of a flow.
 *
 * @param types of the events it takes
 * @param source the only connection whose events it takes; empty for all
 * @param concurrent runs at the same moment over all hubs; 0 for any number
 * @param batch events in one exchange; 1 for no batch
 * @param working whether it takes runs now
 */
public record Flow(
        String id, List<String> types, String source, String priority, int concurrent, int batch, boolean working) {}
