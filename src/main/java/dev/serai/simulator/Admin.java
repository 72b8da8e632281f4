package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.file.Durations;
import java.util.List;
import java.util.Set;

/**
 * The door for people and scripts, under {@code /_simulator}: what happened, what the vendors know, what shall go
 * wrong. Only for callers that name this machine, so that no web page can use it through a name of its own.
 */
final class Admin {
    private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost");
    private static final int LEDGER_PAGE = 1_000;

    private final Simulator simulator;

    Admin(Simulator simulator) {
        this.simulator = simulator;
    }

    /** {@code asked.path()} is what follows {@code /_simulator}. */
    Answer answer(Asked asked) {
        if (!THIS_MACHINE.contains(asked.header("Host").split(":", 2)[0])) {
            return problem(403, "/_simulator answers on 127.0.0.1 and localhost only");
        }
        try {
            return route(asked);
        } catch (Refusal | IllegalArgumentException e) {
            return problem(400, e.getMessage());
        }
    }

    static Answer problem(int status, String text) {
        return Answer.json(status, Json.MAKE.objectNode().put("error", text));
    }

    private Answer route(Asked asked) {
        List<String> at = List.of(asked.path().replaceFirst("^/", "").split("/"));
        return switch (asked.method() + " " + at.get(0)) {
            case "GET " -> overview();
            case "GET ledger" -> ledger(asked);
            case "DELETE ledger" -> {
                simulator.ledger().clear();
                yield Answer.empty(204);
            }
            case "GET records" -> records(at);
            case "POST records" -> seed(at, Json.parse(asked.body()));
            case "GET faults" -> faults();
            case "POST faults" -> fault(Json.parse(asked.body()));
            case "DELETE faults" -> clearFaults(asked);
            case "POST limits" -> limits(Json.parse(asked.body()));
            case "DELETE limits" -> {
                simulator.used().values().forEach(Vendor::noLimits);
                yield Answer.empty(204);
            }
            case "POST reset" -> {
                simulator.reset();
                yield Answer.empty(204);
            }
            default ->
                problem(
                        404,
                        "known: GET /_simulator, GET or DELETE /ledger, GET or POST /records/{vendor}/{collection},"
                                + " GET, POST or DELETE /faults, POST or DELETE /limits, POST /reset");
        };
    }

    private Answer overview() {
        ObjectNode overview = Json.MAKE.objectNode();
        simulator
                .vendors()
                .forEach(vendor -> overview.put(vendor, "http://127.0.0.1:" + simulator.port() + "/" + vendor));
        return Answer.json(200, Json.MAKE.objectNode().set("vendors", overview));
    }

    /** The newest calls that fit, oldest first. */
    private Answer ledger(Asked asked) {
        String vendor = asked.query("vendor").orElse("");
        String operation = asked.query("operation").orElse("");
        int limit = asked.query("limit").map(Integer::parseInt).orElse(LEDGER_PAGE);
        List<Call> calls = simulator
                .ledger()
                .matching(call -> (vendor.isEmpty() || call.vendor().equals(vendor))
                        && (operation.isEmpty() || call.operation().equals(operation)));
        ArrayNode list = Json.MAKE.arrayNode();
        calls.subList(Math.max(0, calls.size() - limit), calls.size()).forEach(call -> list.add(json(call)));
        return Answer.json(
                200, Json.MAKE.objectNode().put("total", calls.size()).set("calls", list));
    }

    private static ObjectNode json(Call call) {
        ObjectNode json = Json.MAKE.objectNode();
        json.put("at", call.at().toString()).put("vendor", call.vendor()).put("operation", call.operation());
        json.put("method", call.asked().method()).put("path", call.asked().path());
        json.put("query", call.asked().query());
        ObjectNode headers = json.putObject("headers");
        call.asked().headers().forEach(headers::put);
        json.put("body", call.body()).put("status", call.status()).put("violation", call.violation());
        json.put("fault", call.done().fault()).put("record", call.record()).put("effect", call.effect());
        return json;
    }

    private Answer records(List<String> at) {
        ArrayNode list = Json.MAKE.arrayNode();
        simulator.records(part(at, 1), part(at, 2)).forEach(list::add);
        return Answer.json(200, list);
    }

    private Answer seed(List<String> at, JsonNode records) {
        if (!records.isArray()) {
            throw new IllegalArgumentException("a list of records is needed");
        }
        records.forEach(record -> simulator.seed(part(at, 1), part(at, 2), record));
        return Answer.empty(204);
    }

    private static String part(List<String> at, int index) {
        if (at.size() <= index) {
            throw new IllegalArgumentException("write /_simulator/records/{vendor}/{collection}");
        }
        return at.get(index);
    }

    private Answer faults() {
        ObjectNode waiting = Json.MAKE.objectNode();
        simulator.used().keySet().forEach(vendor -> {
            ArrayNode list = waiting.putArray(vendor);
            simulator.faults(vendor).forEach(list::add);
        });
        return Answer.json(200, waiting);
    }

    private Answer fault(JsonNode body) {
        Fault fault = FaultJson.read(body);
        simulator.fault(body.path("vendor").asText(), body.path("operation").asText(""), fault);
        return Answer.empty(204);
    }

    private Answer clearFaults(Asked asked) {
        asked.query("vendor")
                .ifPresentOrElse(
                        simulator::clearFaults, () -> simulator.used().values().forEach(Vendor::clearFaults));
        return Answer.empty(204);
    }

    /** {@code {"vendor": …}} for the vendor's own quotas, with {@code requests} and {@code per} for another. */
    private Answer limits(JsonNode body) {
        String vendor = body.path("vendor").asText();
        if (body.has("requests")) {
            simulator.limits(
                    vendor,
                    body.path("requests").asInt(),
                    Durations.of(body.path("per").asText()));
        } else {
            simulator.limits(vendor);
        }
        return Answer.empty(204);
    }
}
