package dev.serai.connector;

import java.time.Duration;

/**
 * What the remote allows one credential.
 *
 * @param concurrent calls at the same time; 0 for no limit of that kind
 * @param requests calls within {@code per}; 0 for no limit of that kind
 */
public record Quota(int concurrent, int requests, Duration per) {}
