package dev.serai.run;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a remote said of a window with one of its answers.
 *
 * @param restore units that come back in a second, of a flowing one
 * @param reset how long until the window begins anew
 */
public record Heard(
        String window, OptionalLong limit, OptionalLong remaining, OptionalLong restore, Optional<Duration> reset) {}
