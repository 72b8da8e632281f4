package dev.serai.cli.suite;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.library.Library;
import dev.serai.mapping.Mapping;
import dev.serai.mapping.Refused;
import java.io.IOException;
import java.util.Optional;

/** The mapping that is to read what a system lists or sends: {@code read_by} of {@code examples.yaml}. */
final class Reader {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Optional<String> name;
    private final Optional<Mapping> mapping;

    Reader(Library library, Optional<String> name) {
        this.name = name;
        this.mapping = name.flatMap(library::mapping);
    }

    /** Why it can't read a record; empty when it can, or when nobody named one. */
    Optional<String> problem(byte[] record) {
        if (name.isPresent() && mapping.isEmpty()) {
            return Optional.of("examples.yaml has read_by \"" + name.get() + "\", and there is no such mapping");
        }
        try {
            if (mapping.isPresent()) {
                mapping.get().apply(JSON.readTree(record));
            }
            return Optional.empty();
        } catch (Refused e) {
            return Optional.of(name.get() + " does not read it: " + e.getMessage());
        } catch (IOException e) {
            return Optional.of(name.get() + " reads JSON, and this is none");
        }
    }
}
