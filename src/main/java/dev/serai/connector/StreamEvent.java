package dev.serai.connector;

import java.time.Instant;

/**
 * A changed record as an event.
 *
 * @param id the same for the same record in the same state, so that an overlap is recognised
 * @param record what the event is about; its events are kept in order
 * @param changedAt when the remote says it changed
 * @param bytes the record exactly as the remote wrote it
 */
public record StreamEvent(String type, String id, String record, Instant changedAt, byte[] bytes) {}
