/** Loads that take too long for a test; {@code bench/} starts them. */
package dev.serai.load;
