package dev.serai.connector;

import java.util.List;
import java.util.Optional;

/**
 * One page of a stream.
 *
 * @param events in the order of the page; a record seen again in the same state has the same id
 * @param next the question for the page after; empty at the end of the poll
 * @param cursor safe to store in the transaction that stores these events: nothing before it is still to come
 */
public record Page(List<StreamEvent> events, Optional<PageRequest> next, String cursor) {}
