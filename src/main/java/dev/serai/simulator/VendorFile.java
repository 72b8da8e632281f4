package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.schibsted.spt.data.jslt.Expression;
import dev.serai.file.FileRefused;
import dev.serai.file.FileSchema;
import dev.serai.file.Problems;
import dev.serai.file.Suggest;
import dev.serai.file.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code simulator.yaml} of a system's folder, read and checked: everything that makes one vendor differ from another. */
final class VendorFile {
    static final String NAME = "simulator.yaml";

    private static final FileSchema SCHEMA = FileSchema.of("simulator");

    private final Yaml root;
    private final Expressions expressions;
    private final Map<String, Expression> keys = new HashMap<>();

    private VendorFile(Yaml root, Store store) {
        this.root = root;
        this.expressions = new Expressions(store);
        root.get("collections").ifPresent(all -> all.entries()
                .forEach((name, collection) ->
                        keys.put(name, expressions.compile(collection.get("key").orElseThrow()))));
    }

    /**
     * Reads the file of one system.
     *
     * @param folder the system's own, with {@code simulator.yaml} and {@code contract.json}
     * @throws FileRefused with all that is wrong in it
     */
    static VendorFile of(Path folder, Store store) {
        try {
            return read(shown(folder, NAME), Files.readString(folder.resolve(NAME)), store);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read " + shown(folder, NAME), e);
        }
    }

    static VendorFile read(String name, String text, Store store) {
        Yaml root = Yaml.read(name, text);
        var problems = new Problems();
        SCHEMA.check(root, problems);
        problems.throwIfAny();
        return new VendorFile(root, store);
    }

    /** {@code mappings/hubspot/simulator.yaml}, as messages name it. */
    static String shown(Path folder, String file) {
        Path systems = folder.toAbsolutePath().getParent();
        return systems.getFileName() + "/" + folder.getFileName() + "/" + file;
    }

    /** @param document the OpenAPI document that lies beside the file */
    Contract contract(JsonNode document) {
        boolean closed = !root.text("unknown_fields").orElse("refuse").equals("allow");
        var contract = new Contract();
        contract.add(document, base(), new OpenApiSchemas(closed));
        return contract;
    }

    /** What the paths of this vendor begin with; callers may leave it out. */
    String base() {
        return root.text("base").orElse("");
    }

    /** @param vendor its folder's name, which another system's file may lie in too */
    Auth auth(String vendor) {
        return new Auth(vendor, root.get("auth"), expressions);
    }

    Errors errors() {
        return new Errors(root.get("errors").orElseThrow(), expressions);
    }

    Limits limits() {
        return new Limits(root.get("limits").orElse(null), expressions);
    }

    Replays replays() {
        return new Replays(root.get("idempotency").orElse(null));
    }

    /** Headers on every answer, if the vendor has such. */
    Optional<Expression> headers() {
        return root.get("headers").map(expressions::compile);
    }

    /**
     * By operation id.
     *
     * @throws FileRefused naming operations the contract does not have and collections nobody declared
     */
    Map<String, Behaviour> behaviours(Contract contract, Store store) {
        var known = contract.operations().stream().map(Operation::id).toList();
        var problems = new Problems();
        var behaviours = new HashMap<String, Behaviour>();
        Yaml operations = root.get("operations").orElseThrow();
        operations.entries().forEach((id, operation) -> {
            if (!known.contains(id)) {
                problems.addAtKey(
                        operations, id, "\"" + id + "\" is no operation of the contract; " + Suggest.hint(id, known));
            }
            checkCollections(operation, problems);
            behaviours.put(
                    id,
                    new Behaviour(
                            members(operations, operation, problems), expressions, new Behaviour.State(store, keys)));
        });
        problems.throwIfAny();
        return behaviours;
    }

    private static Map<String, Yaml> members(Yaml operations, Yaml operation, Problems problems) {
        var members = new HashMap<String, Yaml>();
        operation.get("like").ifPresent(like -> operations
                .get(like.text())
                .ifPresentOrElse(
                        other -> members.putAll(other.entries()),
                        () -> problems.add(
                                like,
                                "\"" + like.text() + "\" is no operation of this file; "
                                        + Suggest.hint(
                                                like.text(),
                                                operations.entries().keySet()))));
        members.putAll(operation.entries());
        return members;
    }

    private void checkCollections(Yaml operation, Problems problems) {
        var named = new ArrayList<Yaml>();
        operation.get("collection").ifPresent(named::add);
        operation.get("also").ifPresent(also -> also.items()
                .forEach(item -> named.add(item.get("collection").orElseThrow())));
        for (Yaml name : named) {
            if (!keys.containsKey(name.text())) {
                problems.add(
                        name,
                        "\"" + name.text() + "\" is no collection of this file; "
                                + Suggest.hint(name.text(), keys.keySet()));
            }
        }
    }

    Expression expression(Yaml at) {
        return expressions.compile(at);
    }

    /** The records a fresh vendor has, by collection. */
    Map<String, List<JsonNode>> seed() {
        var seed = new HashMap<String, List<JsonNode>>();
        root.get("seed").ifPresent(all -> all.entries()
                .forEach((collection, records) -> seed.put(
                        collection, records.items().stream().map(Yaml::json).toList())));
        return seed;
    }

    /** The key of a record. @throws IllegalArgumentException when the vendor has no such collection */
    String key(String collection, JsonNode record) {
        checkCollection(collection);
        return keys.get(collection).apply(record).asText();
    }

    void checkCollection(String collection) {
        if (!keys.containsKey(collection)) {
            throw new IllegalArgumentException("\"" + collection + "\" is no collection of "
                    + root.text("vendor").orElse("") + "; " + Suggest.hint(collection, keys.keySet()));
        }
    }
}
