package dev.serai.connector;

import dev.serai.file.FirstTemplate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A write made of three calls, where the remote has no upsert: a search by natural key, then a create or an update.
 *
 * @param object what the id is of, as the id map knows it: {@code person}
 * @param key the natural key of a record
 */
public record Upsert(String name, String object, Text key, Calls calls, Hit hit) implements Operation {

    /**
     * The operations it is made of, by name.
     *
     * @param over the read that gives what the update's body is merged over; empty where the update keeps what it does not
     *     name
     */
    public record Calls(String search, String create, String update, String over) {}

    /**
     * How a search's answer is read.
     *
     * @param id dotted path of the id in a hit, and in the create's answer
     * @param created the id as the answer of the create tells it, where that is elsewhere
     * @param same dotted path of the field of a hit that must be the key; empty to trust the search
     * @param lag for how long after a create the search may not show it
     */
    public record Hit(String id, Optional<FirstTemplate> created, String same, Duration lag) {}

    /** An update in place of the create makes no more calls. */
    @Override
    public List<String> madeOf() {
        return Stream.of(calls.search, calls.create, calls.over)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    @Override
    public Stream<Text> texts() {
        return Stream.of(key);
    }
}
