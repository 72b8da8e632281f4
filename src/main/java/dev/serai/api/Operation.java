package dev.serai.api;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One thing the API can do: what the router, the checks and the published OpenAPI document are all made of.
 *
 * @param path below {@code /api/v1}, places in braces
 * @param id its name in programs
 * @param takes the parameters of its query
 * @param body name of the schema of its body; empty when it takes none
 * @param answers name of the schema of its answer
 * @param waits whether it may take long, for a vendor or for very many rows: such are done apart, so that others are answered
 * @param compares whether what it tells of vendors' words to a viewer was held against the payloads of the runs
 */
public record Operation(
        Route route,
        String id,
        String summary,
        Role role,
        List<Parameter> takes,
        String body,
        String answers,
        Handler does,
        boolean waits,
        boolean compares) {

    /** @param names of the places of the path, in order */
    public record Route(String method, String path, Pattern pattern, List<String> names) {
        private static final Pattern PLACE = Pattern.compile("\\{(\\w+)}");

        static Route of(String method, String path) {
            var names = new ArrayList<String>();
            Matcher places = PLACE.matcher(path);
            while (places.find()) {
                names.add(places.group(1));
            }
            return new Route(
                    method, path, Pattern.compile(PLACE.matcher(path).replaceAll("([^/]+)")), List.copyOf(names));
        }
    }

    /** A parameter of the query. @param words the only values it takes; empty for any */
    public record Parameter(String name, String description, List<String> words) {
        static Parameter of(String name, String description) {
            return new Parameter(name, description, List.of());
        }
    }

    /** What is done when it is asked for. */
    interface Handler {
        Answer handle(Ask ask) throws SQLException;
    }

    static Operation get(String path, String id, String summary) {
        return of("GET", path, id, summary);
    }

    static Operation post(String path, String id, String summary) {
        return of("POST", path, id, summary).by(Role.OPERATOR);
    }

    static Operation delete(String path, String id, String summary) {
        return of("DELETE", path, id, summary).by(Role.OPERATOR);
    }

    private static Operation of(String method, String path, String id, String summary) {
        Handler nothing = ask -> {
            throw new IllegalStateException(id + " does nothing");
        };
        return new Operation(
                Route.of(method, path), id, summary, Role.VIEWER, List.of(), "", "", nothing, false, false);
    }

    Operation by(Role needed) {
        return new Operation(route, id, summary, needed, takes, body, answers, does, waits, compares);
    }

    Operation takes(List<Parameter> parameters) {
        return new Operation(route, id, summary, role, List.copyOf(parameters), body, answers, does, waits, compares);
    }

    Operation body(String schema) {
        return new Operation(route, id, summary, role, takes, schema, answers, does, waits, compares);
    }

    Operation answers(String schema, Handler handler) {
        return new Operation(route, id, summary, role, takes, body, schema, handler, waits, compares);
    }

    Operation mayWait() {
        return new Operation(route, id, summary, role, takes, body, answers, does, true, compares);
    }

    Operation comparesWithPayloads() {
        return new Operation(route, id, summary, role, takes, body, answers, does, waits, true);
    }

    Optional<Matcher> matches(String method, String path) {
        Matcher match = route.pattern.matcher(path);
        return route.method.equals(method) && match.matches() ? Optional.of(match) : Optional.empty();
    }
}
