package dev.serai.connector;

import dev.serai.connector.BatchShape.Lists;
import dev.serai.connector.BatchShape.Told;
import dev.serai.connector.Operation.Encoding;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.util.List;
import java.util.Optional;

/** Reads the section {@code batch} of a write. */
final class BatchFile {
    private static final int MOST = 100; // N-17

    private final Problems problems;

    BatchFile(Problems problems) {
        this.problems = problems;
    }

    Optional<BatchShape> read(Yaml write, WriteClass writeClass, Encoding encoding) {
        return write.get("batch").filter(Yaml::isMap).map(at -> {
            checkWrite(write, writeClass, encoding);
            var shape = new BatchShape(
                    at.text("list").orElse(""),
                    FileParts.number(at, "most", MOST),
                    at.get("with").map(with -> JsonTemplate.of(with, problems)),
                    at.text("id").orElse(""),
                    new Told(
                            lists(at, "results"),
                            lists(at, "failures"),
                            at.text("status").orElse(""),
                            ConnectorFile.rules(at, problems)));
            checkMatch(at, shape);
            return shape;
        });
    }

    private void checkWrite(Yaml write, WriteClass writeClass, Encoding encoding) {
        if (writeClass != WriteClass.IDEMPOTENT) {
            problems.addAtKey(
                    write,
                    "batch",
                    "after a crash a call of many records is sent again, perhaps with other records in it, so no key and no"
                            + " look-up could tell what was done; only a write of class idempotent has a batch");
        }
        if (encoding != Encoding.JSON) {
            problems.addAtKey(write, "body", "a batch is a list in a JSON body; leave \"body\" out");
        }
        for (String key : List.of("wrap", "returns_header")) {
            if (write.get(key).isPresent()) {
                problems.addAtKey(write, key, "\"" + key + "\" is about one record; a write with a batch has none");
            }
        }
    }

    private static Lists lists(Yaml at, String key) {
        Optional<Yaml> lists = at.get(key);
        List<String> paths = lists.flatMap(l -> l.get("list"))
                .map(l -> l.isList() ? l.items().stream().map(Yaml::text).toList() : List.of(l.text()))
                .orElse(List.of());
        return new Lists(paths, lists.flatMap(l -> l.text("id")).orElse(""));
    }

    private void checkMatch(Yaml at, BatchShape shape) {
        Lists results = shape.told().results();
        Lists failures = shape.told().failures();
        if (results.paths().isEmpty() && failures.paths().isEmpty()) {
            problems.add(
                    at, "\"batch\" names neither \"results\" nor \"failures\"; say where the answer lists its records");
        }
        if (shape.byPosition()) {
            if (results.paths().size() != 1 || !failures.paths().isEmpty()) {
                problems.add(
                        at,
                        "without \"id\" the answer must be one list in the order of the call; name it as \"results\" alone, or"
                                + " give \"id\"");
            }
            for (String key : List.of("results", "failures")) {
                at.get(key)
                        .filter(l -> l.get("id").isPresent())
                        .ifPresent(l -> problems.addAtKey(
                                l,
                                "id",
                                "nothing to compare it with; give \"id\" of the batch too, the path in a record"));
            }
            return;
        }
        for (String key : List.of("results", "failures")) {
            at.get(key)
                    .filter(l -> l.get("id").isEmpty())
                    .ifPresent(
                            l -> problems.add(l, "\"" + key + "\" lacks \"id\"; say where an entry names its record"));
        }
    }
}
