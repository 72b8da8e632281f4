package dev.serai.mapping;

import java.util.Optional;

/** What a mapping file may name beside itself: settings, and files of the folder all mappings live in. */
@FunctionalInterface
public interface Surroundings {
    Optional<String> setting(String name);

    /** The text of a file by its path below the folder, {@code hubspot/tables/stage.yaml}; empty when there is none. */
    default Optional<String> file(String path) {
        return Optional.empty();
    }
}
