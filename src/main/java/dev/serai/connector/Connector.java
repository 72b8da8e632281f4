package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connector.Operation.Write;
import dev.serai.connector.auth.Auth;
import dev.serai.connector.auth.Fixed;
import dev.serai.connector.auth.Token;
import dev.serai.connector.auth.TokenAuth;
import dev.serai.file.Suggest;
import dev.serai.file.Yaml;
import dev.serai.run.Breaker;
import dev.serai.run.RetryPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One remote system as {@code mappings/<system>/connector.yaml} describes it. Immutable, but for its settings, which are
 * looked up anew for each request: a connector may be live before its credentials are.
 */
public final class Connector {
    /** Stands for an operation where a token is asked for; no operation can have a hyphen. */
    public static final String SIGN_IN = "sign-in";

    private final Reach reach;
    private final Limits limits;
    private final List<ErrorRule> errors;
    private final Map<String, Operation> operations;
    private final Yaml file;

    /** How to reach the system. */
    record Reach(String name, Optional<Text> base, Auth auth, Map<String, Text> headers, Settings settings) {}

    /** How long and how much. */
    record Limits(EgressFile egress, QuotaSet quotas, Patience patience) {}

    /** What happens when it fails. @param own the breakers of its operations, by name */
    record Patience(Optional<RetryPolicy> retry, Breaker.Limits breaker, Map<String, Breaker.Limits> own) {}

    Connector(Reach reach, Limits limits, List<ErrorRule> errors, Map<String, Operation> operations, Yaml file) {
        this.reach = reach;
        this.limits = limits;
        this.errors = errors;
        this.operations = operations;
        this.file = file;
    }

    /**
     * Reads a connector file.
     *
     * @param path the name used in messages
     * @param folder the folder it lies in, which must be its name
     * @throws dev.serai.file.FileRefused with every problem at its line and column
     */
    public static Connector read(String path, String folder, String yaml, Settings settings) {
        return read(path, folder, yaml, settings, name -> Optional.empty());
    }

    /** @param files the text of another connector's file, by name, for one that extends it */
    public static Connector read(
            String path, String folder, String yaml, Settings settings, Function<String, Optional<String>> files) {
        Yaml file = Extension.applied(Yaml.read(path, yaml), folder, files);
        return new ConnectorFile(file, settings).read(folder);
    }

    public String name() {
        return reach.name;
    }

    /** How long one call may take. */
    public Duration timeout() {
        return limits.egress.limits().timeout();
    }

    /**
     * Where its calls may go.
     *
     * @throws ConnectorRefused when the settings it needs are missing or wrong
     */
    public Egress egress() {
        return limits.egress.egress(name(), Requests.base(reach), toldBy(), reach.settings);
    }

    /** Where the token is asked for that brings the address along; empty when that stands in the file or a setting. */
    private Optional<String> toldBy() {
        return reach.base
                .filter(text -> !text.places().isEmpty())
                .flatMap(text -> tokens())
                .map(auth -> signingIn().address());
    }

    /** Whether its address comes with its token, and does not stand in the file or a setting. */
    public boolean isTold() {
        return reach.base.filter(text -> !text.places().isEmpty()).isPresent();
    }

    /** The address its calls begin with, as it is set now. @throws ConnectorRefused when it is missing or unfit */
    public String address() {
        return Requests.base(reach);
    }

    public QuotaSet quotas() {
        return limits.quotas;
    }

    /** How often and when failed calls are tried again; empty where the file does not say. */
    public Optional<RetryPolicy> retry() {
        return limits.patience.retry;
    }

    /** When the breaker of an operation opens, and for how long. */
    public Breaker.Limits breaker(String operation) {
        return limits.patience.own.getOrDefault(operation, limits.patience.breaker);
    }

    /** Everything it can do, by name, in the order of the file. */
    public Map<String, Operation> operations() {
        return operations;
    }

    /** The section {@code webhooks} as it stands in the file. */
    public Optional<Yaml> webhooks() {
        return file.get("webhooks");
    }

    /** @throws ConnectorRefused naming the nearest when there is no such operation */
    public Operation operation(String operation) {
        return Optional.ofNullable(operations.get(operation))
                .orElseThrow(() -> new ConnectorRefused(name() + " has no operation \"" + operation + "\"; "
                        + Suggest.hint(operation, operations.keySet())));
    }

    /** What is one call. @throws ConnectorRefused when there is no such operation, or it is made of several */
    private Operation.Single single(String operation) {
        if (operation(operation) instanceof Operation.Single single) {
            return single;
        }
        throw new ConnectorRefused(name() + "/" + operation + " is made of several calls");
    }

    /** How its records are searched, then created or updated; empty for any other operation. */
    public Optional<Upserts> upsert(String operation) {
        return operation(operation) instanceof Upsert upsert
                ? Optional.of(new Upserts(reach, upsert))
                : Optional.empty();
    }

    /** What is asked after a write was accepted; empty for one whose success says that it is done. */
    public Optional<Jobs> jobs(String operation) {
        return operation(operation) instanceof Write write
                ? write.result().accepted().map(accepted -> new Jobs(this, accepted))
                : Optional.empty();
    }

    /** @throws ConnectorRefused when there is no such operation or it is not a write */
    public Write write(String operation) {
        if (operation(operation) instanceof Write write) {
            return write;
        }
        throw new ConnectorRefused(name() + "/" + operation + " is not a write");
    }

    /** The settings without which one of its requests can't be built, as they are missing now. */
    public Set<String> missingSettings() {
        return missing(texts());
    }

    /** Those of them that these operations need; of none: without which it is not in use. */
    public Set<String> missingToCall(String... named) {
        return missing(Stream.concat(
                own(), Stream.of(named).flatMap(name -> operation(name).texts())));
    }

    private Set<String> missing(Stream<Text> texts) {
        return new TreeSet<>(
                texts.flatMap(text -> text.missing(reach.settings).stream()).toList());
    }

    /** @throws ConnectorRefused when no request can be built at all: for its address, a header of all calls, its credential */
    public void requireFit() {
        new Requests(reach).requireFit();
    }

    /** The settings that can't be had now, and why: they are set, but lie where nobody answers. */
    public Map<String, SecretAway> away() {
        var away = new TreeMap<String, SecretAway>();
        for (String name : settings()) {
            try {
                reach.settings.get(name);
            } catch (SecretAway e) {
                away.put(name, e);
            }
        }
        return away;
    }

    /** The names of the settings whose values are secret, or may be. */
    public Set<String> secretSettings() {
        return signIn().secretSettings();
    }

    /** The name of every setting the file asks for. */
    public Set<String> settings() {
        return new TreeSet<>(texts().flatMap(text -> text.settings().stream()).toList());
    }

    /** What it proves itself with. */
    public SignIn signIn() {
        return new SignIn(reach, file, operations, this::beside);
    }

    /** Headers and queries with settings: nobody marks which of them is a key. */
    private Stream<Text> beside() {
        Stream<Text> ofCalls = operations.values().stream()
                .filter(Operation.Single.class::isInstance)
                .map(operation -> ((Operation.Single) operation).call())
                .flatMap(call -> Stream.concat(call.headers().values().stream(), call.query().values().stream()));
        Stream<Text> ofFirstPolls = operations.values().stream()
                .filter(Listing.class::isInstance)
                .flatMap(operation -> ((Listing) operation).since().place().stream())
                .flatMap(place -> place.first().values().stream());
        return Stream.concat(reach.headers.values().stream(), Stream.concat(ofCalls, ofFirstPolls))
                .filter(text -> !text.undisclosed().isEmpty());
    }

    /** How it gets its tokens; empty for one that has none. */
    public Optional<TokenAuth> tokens() {
        return reach.auth instanceof TokenAuth tokens ? Optional.of(tokens) : Optional.empty();
    }

    /** The same with the token its requests carry from now on. */
    public Connector with(Token token) {
        var auth = ((TokenAuth) reach.auth).with(token);
        return at(new Reach(reach.name, reach.base, auth, reach.headers, reach.settings));
    }

    private Connector at(Reach other) {
        return new Connector(other, limits, errors, operations, file);
    }

    /** The same as far as calls go, with the address where its tokens are asked for in place of {@code base_url}. */
    public Connector signingIn() {
        Text address = tokens().orElseThrow().source().address();
        return at(new Reach(reach.name, Optional.of(address), Fixed.NONE, Map.of(), reach.settings));
    }

    /** The values of all settings its requests are made of, by name, as they are set now; some are secret. */
    public Map<String, String> given() {
        var given = new TreeMap<String, String>();
        settings().forEach(name -> reach.settings.get(name).ifPresent(value -> given.put(name, value)));
        return given;
    }

    /** A request in a few words, {@code POST /persons}: without its base address, which may be a secret as a whole. */
    public String endpoint(Request request) {
        String path = Optional.ofNullable(request.url().getPath()).orElse("");
        String base;
        try {
            base = Optional.ofNullable(URI.create(address()).getPath())
                    .orElse("")
                    .replaceAll("/+$", "");
        } catch (ConnectorRefused e) {
            base = path; // its setting is gone since
        }
        String below = path.startsWith(base) ? path.substring(base.length()) : path;
        return request.method() + " " + (below.isEmpty() ? "/" : mask(below));
    }

    /** The text with every secret replaced by {@code ***}. */
    public String mask(String text) {
        return signIn().masking().apply(text);
    }

    /**
     * The request of a read or a write.
     *
     * @param body the JSON that is sent by a write; also where places find their values, after the arguments
     * @param args what the route gives: {@code connector:mailchimp/upsert_member?list=abc}
     * @param idempotencyKey sent by a write of class keyed; ignored by all others
     * @throws ConnectorRefused when a setting or a value is missing or unfit; never a partial request
     */
    public Request build(String operation, JsonNode body, Map<String, String> args, String idempotencyKey) {
        return new Requests(reach).build(single(operation), body, args, idempotencyKey);
    }

    /** How a write takes many records in one call; empty for an operation that takes one record only, as itself. */
    public Optional<Batches> batch(String operation) {
        return operation(operation) instanceof Write write
                ? write.payload().batch().map(shape -> new Batches(this, new Requests(reach), write))
                : Optional.empty();
    }

    /**
     * The useful part of an answer: what {@code returns} or {@code returns_header} of the operation names; a missing node
     * when the answer lacks it.
     */
    public JsonNode useful(String operation, Answer answer) {
        Operation named = operation(operation);
        return (named instanceof Operation.Read read
                        ? read.result()
                        : write(operation).result())
                .useful(answer);
    }

    /** The records a look-up found: none, the one its answer is, or each of the list it is. */
    public List<JsonNode> found(String lookUp, Answer answer) {
        JsonNode useful = useful(lookUp, answer);
        Iterable<JsonNode> hits = useful.isArray() ? useful : List.of(useful);
        return StreamSupport.stream(hits.spliterator(), false)
                .filter(hit -> !hit.isMissingNode() && !hit.isNull())
                .filter(hit ->
                        hit.isContainerNode() ? !hit.isEmpty() : !hit.asText().isEmpty())
                .toList();
    }

    /** How a stream is polled. @throws ConnectorRefused when there is no such operation or it is not a stream */
    public Polling polling(String stream) {
        if (operation(stream) instanceof Listing listing) {
            return new Polling(reach, listing, this::egress);
        }
        throw new ConnectorRefused(name() + "/" + stream + " is not a stream");
    }

    /** The rules for answers to an operation: its own, then the connector's, then those of GraphQL. */
    List<ErrorRule> rules(String operation) {
        Operation.Single single = single(operation);
        var ofKind = single.call().graphql().isEmpty() ? List.<ErrorRule>of() : ErrorRule.GRAPHQL;
        return Stream.of(single.errors(), errors, ofKind).flatMap(List::stream).toList();
    }

    private Stream<Text> texts() {
        return Stream.concat(own(), operations.values().stream().flatMap(Operation::texts));
    }

    /** What all its requests have. */
    private Stream<Text> own() {
        return Stream.concat(
                Stream.concat(Stream.of(reach.base.orElse(Text.EMPTY)), reach.auth.texts()),
                reach.headers.values().stream());
    }
}
