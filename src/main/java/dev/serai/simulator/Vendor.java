package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.schibsted.spt.data.jslt.Expression;
import dev.serai.file.Suggest;
import dev.serai.file.Yaml;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/** One simulated vendor: its contract, its records, its moods. One request at a time. */
final class Vendor {

    /**
     * What the door has to send, and what the ledger keeps.
     *
     * @param counted whether it takes room in a quota until it is answered
     */
    record Handled(Answer answer, Optional<Fault> fault, Call call, boolean counted) {}

    private final String name;
    private final VendorFile file;
    private final Store store;
    private final Contract contract;
    private final Map<String, Behaviour> behaviours;
    private final Auth auth;
    private final Errors errors;
    private final Limits limits;
    private final Replays replays;
    private final Optional<Expression> headers;
    private final Set<String> secretHeaders;
    private final Set<String> secretParameters;
    private final Faults faults = new Faults();

    private Vendor(String name, Store store, VendorFile file, JsonNode document) {
        this.name = name;
        this.store = store;
        this.file = file;
        this.contract = file.contract(document);
        this.behaviours = file.behaviours(contract, store);
        this.auth = file.auth(name);
        this.errors = file.errors();
        this.limits = file.limits();
        this.replays = file.replays();
        this.headers = file.headers();
        this.secretHeaders = auth.headers();
        this.secretParameters = auth.parameters();
    }

    /** Reads the vendor's file and contract, and puts its seed in place. @param folder its own, of its name */
    static Vendor load(Path folder, Instant now) {
        var store = new Store();
        String name = folder.getFileName().toString();
        var vendor = new Vendor(name, store, VendorFile.of(folder, store), Contract.document(folder));
        vendor.reset(now);
        return vendor;
    }

    /** In the order of a real gateway: path, faults, quota, credential, contract; then the work. Never throws. */
    synchronized Handled handle(Asked asked, Instant now) {
        Map<String, JsonNode> variables = variables(asked, now);
        var turn = new Turn();
        Behaviour.Outcome outcome = outcome(turn, asked, now, variables);
        Fault fault = turn.fault;
        Answer answer = fault != null && fault.kind() == Fault.Kind.ANSWER
                ? instead(fault.reply(), variables)
                : outcome.answer();
        answer = answer.with(limits.headers(variables));
        if (headers.isPresent()) {
            answer = answer.with(headers.get().apply(variables, NullNode.getInstance()));
        }
        boolean silent = fault != null && (fault.kind() == Fault.Kind.DROP || fault.kind() == Fault.Kind.RESET);
        var done = new Call.Done(
                silent ? 0 : answer.status(),
                turn.violation,
                fault == null ? "" : fault.words(),
                outcome.record(),
                outcome.effect());
        JsonNode limit = variables.get("limit");
        boolean counted = limit.isObject() && !limit.path("exceeded").asBoolean();
        var call = new Call(now, name, turn.operation, masked(asked), done);
        return new Handled(answer, Optional.ofNullable(fault), call, counted);
    }

    /** What is known of a request as far as it came. */
    private static final class Turn {
        private String operation = "";
        private Fault fault;
        private String violation = "";
    }

    private Behaviour.Outcome outcome(Turn turn, Asked asked, Instant now, Map<String, JsonNode> variables) {
        try {
            String oauth = auth.oauth().map(o -> o.operation(asked)).orElse("");
            if (!oauth.isEmpty()) {
                return oauth(oauth, turn, asked, now, variables);
            }
            Contract.Match match = contract.find(asked.method(), path(asked));
            turn.operation = match.operation().id();
            turn.fault = faults.next(turn.operation, now).orElse(null);
            return turn.fault != null && !turn.fault.afterWork()
                    ? new Behaviour.Outcome(Answer.empty(0), "", "")
                    : work(match, asked, now, variables);
        } catch (Refusal e) {
            turn.violation = breaksContract(e) ? e.getMessage() : "";
            return new Behaviour.Outcome(errors.answer(e, variables), "", "");
        } catch (BrokenContract e) {
            turn.violation = name + "/" + e.getMessage();
            return new Behaviour.Outcome(errors.answer(500, variables), "", "");
        } catch (RuntimeException e) {
            // an expression met what it was not written for: the file is wrong, not the caller
            turn.violation = name + "/" + VendorFile.NAME + ", " + turn.operation + ": " + e.getMessage();
            return new Behaviour.Outcome(errors.answer(500, variables), "", "");
        }
    }

    private Behaviour.Outcome oauth(
            String operation, Turn turn, Asked asked, Instant now, Map<String, JsonNode> variables) {
        turn.operation = operation;
        turn.fault = faults.next(operation, now).orElse(null);
        Answer answer = turn.fault != null && !turn.fault.afterWork()
                ? Answer.empty(0)
                : auth.token(operation, asked, now, variables);
        return new Behaviour.Outcome(answer, "", "");
    }

    private Behaviour.Outcome work(Contract.Match match, Asked asked, Instant now, Map<String, JsonNode> variables) {
        Operation operation = match.operation();
        JsonNode limit = limits.enter(operation.id(), variables, now);
        variables.put("limit", limit);
        if (limit.path("exceeded").asBoolean()) {
            throw new Refusal("limited", "too many requests");
        }
        auth.check(asked, now);
        Operation.Checked checked = operation.check(asked, match.path());
        variables.put("path", checked.path());
        variables.put("query", checked.query());
        variables.put("body", checked.body());
        Behaviour behaviour = behaviours.get(operation.id());
        if (behaviour == null) {
            throw new Refusal("no_such_path", operation.id() + " is in the contract, but not simulated");
        }
        return replays.once(operation, asked, now, () -> behaviour.run(variables, now));
    }

    /** Whether the request itself is wrong; a wrong credential, a full quota or a missing record is not that. */
    private static boolean breaksContract(Refusal refusal) {
        return switch (refusal.kind()) {
            case "invalid", "malformed", "media_type", "no_such_path", "no_such_method", "key_reused" -> true;
            default -> false;
        };
    }

    private String path(Asked asked) {
        String base = file.base();
        String path = asked.path().isEmpty() ? "/" : asked.path();
        return base.isEmpty() || path.startsWith(base + "/") ? path : base + path;
    }

    private Map<String, JsonNode> variables(Asked asked, Instant now) {
        var variables = new HashMap<String, JsonNode>();
        ObjectNode none = Json.MAKE.objectNode();
        variables.put("path", none);
        variables.put("query", none);
        variables.put("body", none);
        variables.put("limit", NullNode.getInstance());
        variables.put("item", NullNode.getInstance());
        ObjectNode request = Json.MAKE.objectNode();
        request.put("method", asked.method()).put("path", asked.path());
        request.put("text", asked.body());
        request.put("base", "http://" + asked.header("Host") + "/" + name);
        ObjectNode sent = request.putObject("headers");
        asked.headers().forEach((header, value) -> sent.put(header.toLowerCase(Locale.ROOT), value));
        variables.put("request", request);
        variables.put("now", Expressions.instant(now));
        variables.put("unix", Json.MAKE.numberNode(now.getEpochSecond()));
        variables.put("number", Json.MAKE.numberNode(store.nextNumber()));
        return variables;
    }

    private Answer instead(Fault.Reply reply, Map<String, JsonNode> variables) {
        Answer answer;
        if (!reply.kind().isEmpty()) {
            answer = errors.answer(new Refusal(reply.kind(), "refused as " + reply.kind()), variables);
        } else if (reply.body().isEmpty()) {
            answer = errors.answer(reply.status(), variables);
        } else {
            answer = new Answer(
                    reply.status(),
                    Map.of("Content-Type", reply.contentType()),
                    reply.body().getBytes(StandardCharsets.UTF_8));
        }
        return reply.retryAfter().isZero()
                ? answer
                : answer.with("Retry-After", String.valueOf(reply.retryAfter().toSeconds()));
    }

    private Asked masked(Asked asked) {
        var shown = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        shown.putAll(asked.headers());
        shown.replaceAll((header, value) -> secretHeaders.contains(header) ? "***" : value);
        String query = asked.query();
        for (String name : secretParameters) {
            query = query.replaceAll("(^|&)" + Pattern.quote(name) + "=[^&]*", "$1" + name + "=***");
        }
        return new Asked(asked.method(), asked.path(), query, shown, asked.bytes());
    }

    /** The answer is sent, or never will be. */
    synchronized void answered(Handled handled) {
        if (handled.counted) {
            limits.leave(handled.call.operation());
        }
    }

    synchronized void add(String operation, Fault fault, Instant now) {
        boolean known = operation.isEmpty()
                || operation.equals(OAuth.TOKEN) && auth.oauth().isPresent()
                || contract.operations().stream().anyMatch(one -> one.id().equals(operation));
        if (!known) {
            throw new IllegalArgumentException("\"" + operation + "\" is no operation of " + name + "; "
                    + Suggest.hint(
                            operation,
                            contract.operations().stream().map(Operation::id).toList()));
        }
        faults.add(operation, fault, now);
    }

    synchronized void clearFaults() {
        faults.clear();
    }

    synchronized List<String> faults(Instant now) {
        return faults.words(now);
    }

    synchronized List<JsonNode> records(String collection) {
        file.checkCollection(collection);
        return store.all(collection).stream().map(Store.Stored::json).toList();
    }

    synchronized void seed(String collection, JsonNode record, Instant now) {
        store.put(collection, new Store.Stored(file.key(collection, record), record, Instant.EPOCH, now));
    }

    /** Asks or changes its token endpoint. @throws IllegalArgumentException when it has none */
    synchronized <T> T oauth(Function<OAuth, T> act) {
        return act.apply(auth.oauth()
                .orElseThrow(() -> new IllegalArgumentException(
                        name + " gives no tokens: its simulator.yaml has no auth.oauth2 or auth.session")));
    }

    /** Makes records by an expression over {@code $n} (from 1), {@code $at} (RFC 3339) and {@code $unix}, a second apart. */
    synchronized void seed(String collection, Yaml expression, int count, Instant first) {
        Expression record = file.expression(expression);
        for (int n = 1; n <= count; n++) {
            Instant at = first.plusSeconds(n);
            Map<String, JsonNode> variables = Map.of(
                    "n", Json.MAKE.numberNode(n),
                    "at", Expressions.instant(at),
                    "unix", Json.MAKE.numberNode(at.getEpochSecond()));
            seed(collection, record.apply(variables, NullNode.getInstance()), at);
        }
    }

    /** What the contract says of a request; nothing is done. */
    Promise promise(Asked asked) {
        Contract.Match match;
        try {
            match = contract.find(asked.method(), path(asked));
        } catch (Refusal e) {
            return new Promise("", e.getMessage(), false);
        }
        boolean played = behaviours.containsKey(match.operation().id());
        try {
            match.operation().check(asked, match.path());
            return new Promise(match.operation().id(), "", played);
        } catch (Refusal e) {
            return new Promise(match.operation().id(), e.getMessage(), played);
        }
    }

    /** How many records there are, by collection. */
    synchronized Map<String, Integer> sizes() {
        return store.sizes();
    }

    synchronized Credential credential() {
        return auth.credential();
    }

    synchronized void rotate(String secret) {
        auth.rotate(secret);
    }

    /** @param quota null for those of the vendor's file */
    synchronized void limit(Meter.Quota quota) {
        if (quota == null) {
            limits.enforceStated();
        } else {
            limits.enforce(quota);
        }
    }

    /** @param operation a list, which from now on shows what is made only after so long; any other shows it at once */
    synchronized void lag(String operation, Duration lag) {
        Optional.ofNullable(behaviours.get(operation)).ifPresent(behaviour -> behaviour.lag(lag));
    }

    synchronized void keepKeys(Duration most) {
        replays.keep(most);
    }

    synchronized void noLimits() {
        limits.off();
    }

    /** As on the first day: seed records only, no faults, no limits, no lag, the first secret. */
    synchronized void reset(Instant now) {
        store.clear();
        replays.clear();
        faults.clear();
        limits.off();
        behaviours.values().forEach(Behaviour::noLag);
        auth.reset();
        file.seed().forEach((collection, records) -> records.forEach(record -> seed(collection, record, now)));
    }
}
