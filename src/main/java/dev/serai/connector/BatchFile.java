package dev.serai.connector;

import dev.serai.connector.BatchShape.By;
import dev.serai.connector.BatchShape.Lists;
import dev.serai.connector.BatchShape.Told;
import dev.serai.connector.Body.Encoding;
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
                            RulesFile.read(at, problems)),
                    at.get("all_or_none").map(all -> all.json().asBoolean()).orElse(false));
            if (shape.allOrNone()) {
                checkAllOrNone(write, at);
            } else if (!wholeJob(write, at)) {
                checkMatch(at, shape);
            }
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
        for (String key : List.of("wrap", "returns_header", "as_list", "defaults", "without", "with")) {
            if (write.get(key).isPresent()) {
                problems.addAtKey(write, key, "\"" + key + "\" is about one record; a write with a batch has none");
            }
        }
    }

    /** A job that says nothing of single records: done, it speaks for all of them, and so does its failure. */
    private static boolean wholeJob(Yaml write, Yaml at) {
        return write.get("accepted").isPresent()
                && at.get("results").isEmpty()
                && at.get("failures").isEmpty();
    }

    private void checkAllOrNone(Yaml write, Yaml at) {
        for (String key : List.of("results", "failures", "status", "errors")) {
            if (at.get(key).isPresent()) {
                problems.addAtKey(
                        at,
                        key,
                        "with \"all_or_none\" the answer says nothing of single records; leave \"" + key + "\" out");
            }
        }
        if (write.get("accepted").isPresent()) {
            problems.addAtKey(
                    at,
                    "all_or_none",
                    "a job that fails later would fail for all its records, though it may have done some; name the"
                            + " \"results\" or \"failures\" in what the read of \"accepted\" answers");
        }
    }

    private static Lists lists(Yaml at, String key) {
        Optional<Yaml> lists = at.get(key);
        List<String> paths = lists.flatMap(l -> l.get("list"))
                .map(l -> l.isList() ? l.items().stream().map(Yaml::text).toList() : List.of(l.text()))
                .orElse(List.of());
        return new Lists(paths, by(at, key), lists.flatMap(l -> l.text("id")).orElse(""));
    }

    private void checkMatch(Yaml at, BatchShape shape) {
        var lists = List.of("results", "failures").stream()
                .filter(key -> at.get(key).isPresent())
                .toList();
        if (lists.isEmpty()) {
            problems.add(
                    at,
                    "\"batch\" names neither \"results\" nor \"failures\"; say where the answer lists its records, or that a"
                            + " success is one of \"all_or_none\"");
        }
        lists.forEach(key -> checkList(key, at.get(key).orElseThrow(), shape));
        boolean named = lists.stream().anyMatch(key -> by(at, key) != By.INDEX);
        if (shape.id().isEmpty() && named && !shape.byPosition()) {
            problems.add(
                    at,
                    "without \"id\" the answer must be one list in the order of the call; name it as \"results\" alone, or"
                            + " give \"id\"");
        }
    }

    private static By by(Yaml batch, String key) {
        return batch.get(key).map(l -> FileParts.oneOf(l, "by", By.ID)).orElse(By.ID);
    }

    private void checkList(String key, Yaml at, BatchShape shape) {
        By by = FileParts.oneOf(at, "by", By.ID);
        boolean id = at.get("id").isPresent();
        if (by == By.KEY && id) {
            problems.addAtKey(
                    at, "id", "with \"by: key\" an entry stands under the id of its record; leave \"id\" out");
        } else if (by == By.INDEX && !id) {
            problems.add(at, "\"" + key + "\" lacks \"id\"; say where an entry tells its place in the call");
        } else if (by == By.ID && !id && !shape.id().isEmpty()) {
            problems.add(at, "\"" + key + "\" lacks \"id\"; say where an entry names its record");
        } else if (by == By.ID && id && shape.id().isEmpty()) {
            problems.addAtKey(
                    at, "id", "nothing to compare it with; give \"id\" of the batch too, the path in a record");
        }
    }
}
