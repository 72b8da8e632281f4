package dev.serai.drift;

import java.time.Instant;

/**
 * Something that has become different in a stream.
 *
 * @param path dotted; {@code *} stands for any item of a list and any key of a map whose keys are data; empty for the body
 * @param detail of a new value the value, of another form its name; else empty
 * @param was the forms before, in words; empty where that says nothing
 * @param example what stands there now, masked unless it is plainly nobody's; empty when nothing does
 * @param event the number of the first event that was different
 * @param at when that came
 */
public record Finding(Kind kind, String path, String detail, String was, String example, long event, Instant at) {}
