package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Cuts records into calls. Those of one call have the same arguments and no id twice, or its answer could not tell them
 * apart. Records that were retried go in smaller calls each time, so that one that makes the remote fail drags fewer and
 * fewer others with it.
 */
final class BatchChunks {
    private static final int SMALLEST_AFTER = 30;

    private final int most;
    private final List<Chunk> chunks = new ArrayList<>();

    /** @param id by which the answer names the record; empty when its position tells */
    record Entry(RunScope scope, String step, JsonNode record, Map<String, String> arguments, Optional<String> id) {}

    private static final class Chunk {
        private final List<Entry> entries = new ArrayList<>();
        private final Set<String> ids = new HashSet<>();
        private int most = Integer.MAX_VALUE;

        boolean holds(Entry entry) {
            return entry.id.isPresent() && ids.contains(entry.id.get());
        }

        boolean takes(Entry entry, int itsMost) {
            return entries.isEmpty()
                    || entries.get(0).arguments.equals(entry.arguments) && entries.size() < Math.min(most, itsMost);
        }

        void add(Entry entry, int itsMost) {
            entries.add(entry);
            entry.id.ifPresent(ids::add);
            most = Math.min(most, itsMost);
        }
    }

    BatchChunks(int most) {
        this.most = most;
    }

    /** Behind any record of the same id, so that what came later is written later. */
    void add(Entry entry) {
        int itsMost =
                Math.max(1, most >> Math.min(SMALLEST_AFTER, entry.scope.run().retries()));
        int from = 0;
        for (int i = 0; i < chunks.size(); i++) {
            from = chunks.get(i).holds(entry) ? i + 1 : from;
        }
        Chunk into = chunks.stream()
                .skip(from)
                .filter(chunk -> chunk.takes(entry, itsMost))
                .findFirst()
                .orElseGet(this::another);
        into.add(entry, itsMost);
    }

    private Chunk another() {
        chunks.add(new Chunk());
        return chunks.get(chunks.size() - 1);
    }

    /** In the order they are to be sent. */
    List<List<Entry>> all() {
        return chunks.stream().map(chunk -> chunk.entries).toList();
    }
}
