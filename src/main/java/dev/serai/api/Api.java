package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.api.Operation.Parameter;
import dev.serai.file.Suggest;
import dev.serai.store.Patience;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.stream.Stream;

/** Everything the API can do; finds the operation of a request, checks who asks and what for, and has it done. */
public final class Api {
    /** Where it stands on the hub. */
    public static final String BASE = "/api/v1";

    /** What spares the database most of the work. */
    private static final List<String> NARROWER = List.of("flow", "record", "since", "state");

    private final List<Operation> operations;
    private final InstantSource clock;
    private final Bodies bodies = new Bodies();

    Api(List<Operation> operations, InstantSource clock) {
        this.operations = List.copyOf(operations);
        this.clock = clock;
    }

    /** In the order of the document. */
    public List<Operation> operations() {
        return operations;
    }

    /**
     * A request as it came in, its caller known.
     *
     * @param path below {@link #BASE}
     * @param body a missing node when there is none
     */
    public record Request(String method, String path, Map<String, String> query, JsonNode body) {}

    /**
     * Has it done.
     *
     * @throws Declined when there is no such operation, the caller may not, or what was given does not fit
     * @throws SQLException when the database can't be asked now
     */
    public Answer call(Request request, Caller caller) throws SQLException {
        for (Operation operation : operations) {
            Optional<Matcher> match = operation.matches(request.method, request.path);
            if (match.isPresent()) {
                return call(operation, match.get(), request, caller);
            }
        }
        throw unknown(request);
    }

    /** Whether a request may take long, for a vendor or for very many rows. @param path below {@link #BASE} */
    public boolean mayWait(String method, String path) {
        return operations.stream()
                .filter(operation -> operation.matches(method, path).isPresent())
                .findFirst()
                .map(Operation::waits)
                .orElse(false);
    }

    private Answer call(Operation operation, Matcher match, Request request, Caller caller) throws SQLException {
        if (!caller.role().allows(operation.role())) {
            throw new Declined(
                    403,
                    "role",
                    "this takes the role " + operation.role().word() + "; the token of " + caller.name() + " has "
                            + caller.role().word());
        }
        request.query.forEach((name, value) -> check(operation, name, value));
        Map<String, String> places = places(operation, match);
        NoNul.check(places, request.query, request.body);
        if (operation.body().isEmpty() != request.body.isMissingNode()) {
            throw Declined.badRequest(
                    operation.body().isEmpty()
                            ? "this takes no body"
                            : "a body is needed: JSON, see " + operation.body());
        }
        if (!operation.body().isEmpty()) {
            bodies.check(operation.body(), request.body);
        }
        Answer answer = done(operation, new Ask(places, request.query, request.body, caller, clock.instant()));
        return caller.role().allows(Role.OPERATOR) ? answer : ForViewers.masked(answer, operation.compares());
    }

    private static Map<String, String> places(Operation operation, Matcher match) {
        var places = new HashMap<String, String>();
        for (String name : operation.route().names()) {
            places.put(name, decoded(match.group(places.size() + 1)));
        }
        return places;
    }

    /** A name may hold what an address may not, as that of a stream with its arguments does. */
    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    private static Answer done(Operation operation, Ask ask) throws SQLException {
        try {
            return operation.does().handle(ask);
        } catch (SQLException e) {
            if (!Patience.ended(e)) {
                throw e;
            }
            List<String> narrower = ask.body().has("filter")
                    ? NARROWER
                    : operation.takes().stream()
                            .map(Parameter::name)
                            .filter(NARROWER::contains)
                            .toList();
            throw Declined.tooMuch("that is too much to look through within "
                    + Patience.WITH_PEOPLE.toSeconds() + " seconds; "
                    + (narrower.isEmpty() ? "ask again later" : "narrow it by " + String.join(", ", narrower)));
        }
    }

    private static void check(Operation operation, String name, String value) {
        Optional<Parameter> known = operation.takes().stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst();
        if (known.isEmpty()) {
            List<String> names = operation.takes().stream().map(Parameter::name).toList();
            throw Declined.badRequest("there is no parameter \"" + name + "\"; "
                    + (names.isEmpty() ? operation.id() + " takes none" : Suggest.hint(name, names)));
        }
        List<String> words = known.get().words();
        if (!words.isEmpty() && !Stream.of(value.split(",")).allMatch(words::contains)) {
            throw Declined.badRequest(name + " is \"" + value + "\"; " + Suggest.hint(value, words));
        }
    }

    private Declined unknown(Request request) {
        List<String> methods = operations.stream()
                .filter(o -> o.route().pattern().matcher(request.path).matches())
                .map(o -> o.route().method())
                .toList();
        return methods.isEmpty()
                ? new Declined(
                        404, "operation", "there is no " + BASE + request.path + "; see " + BASE + "/openapi.json")
                : new Declined(405, "method", "this address takes " + String.join(" or ", methods));
    }
}
