/**
 * The shapes all systems meet in: canonical records, the normalizers that bring values into their one form, and the
 * masking of personal values. JSON in, JSON or a sentence out; no Camel, no SQL, no network.
 */
package dev.serai.record;
