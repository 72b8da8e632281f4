/**
 * Reads, checks and applies mapping files: JSON in, JSON or {@link dev.serai.mapping.Refused} out. Uses the file and
 * record rooms; no Camel, no SQL, no network.
 */
package dev.serai.mapping;
