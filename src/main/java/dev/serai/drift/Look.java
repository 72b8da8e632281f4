package dev.serai.drift;

import java.time.Instant;

/**
 * One event that is looked at.
 *
 * @param event its number; greater than that of the one before
 */
record Look(long event, Instant at, Budget budget) {}
