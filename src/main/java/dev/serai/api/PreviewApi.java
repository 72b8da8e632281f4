package dev.serai.api;

import static dev.serai.api.Operation.post;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.facts.Corrected;
import dev.serai.facts.Flow;
import dev.serai.facts.Flow.Step;
import dev.serai.mapping.Mapping;
import dev.serai.run.Correction;
import dev.serai.store.History;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the mappings of a flow would make of the payload of a run, as it is or as somebody is about to correct it. Only those
 * are tried that read the payload, or what a mapping before them made of it: what a call will bring, nobody knows.
 */
final class PreviewApi {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** Steps that leave the body to the next one. */
    private static final Set<String> LEAVE_THE_BODY = Set.of(
            "log",
            "setHeader",
            "setHeaders",
            "setProperty",
            "setVariable",
            "setVariables",
            "removeHeader",
            "removeHeaders",
            "removeProperty",
            "removeVariable");

    private final Running running;
    private final History history;
    private final Payloads payloads;

    PreviewApi(Running running, History history, Payloads payloads) {
        this.running = running;
        this.history = history;
        this.payloads = payloads;
    }

    List<Operation> operations() {
        return List.of(post(
                        "/runs/{run}/preview",
                        "preview_run",
                        "What the mappings of its flow make of the payload of a run, corrected or not; nothing is kept or"
                                + " sent")
                .body("PreviewOrder")
                .answers("Preview", this::preview));
    }

    private Answer preview(Ask ask) throws SQLException {
        Optional<History.Run> found = history.run(ask.run());
        if (found.isEmpty()) {
            throw Left.run(history, ask.run());
        }
        History.Run run = found.get();
        var walk = new Walk(payload(ask, run));
        Optional<Flow> flow = running.flows().stream()
                .filter(one -> one.id().equals(run.flow()))
                .findFirst();
        flow.ifPresent(known -> walk.all(known.drawing().steps()));
        ObjectNode json = Json.object().put("run", run.name()).put("flow", run.flow());
        json.set("tried", walk.tried);
        json.set("not_tried", walk.notTried);
        return Answer.of(json);
    }

    private JsonNode payload(Ask ask, History.Run run) throws SQLException {
        History.Payload made = Corrected.of(history, run)
                .map(Corrected::payload)
                .orElseThrow(() -> Declined.notFound("its payload has left the history"));
        Optional<Correction> correction = Orders.correction(ask.body());
        if (!ask.body().has("payload")) {
            payloads.seen(ask, run.name());
        }
        try {
            byte[] bytes = made.bytes();
            return JSON.readTree(correction.isPresent() ? correction.get().of(made.contentType(), bytes) : bytes);
        } catch (Correction.Refused e) {
            throw Declined.badRequest(e.getMessage());
        } catch (IOException e) {
            throw Declined.badRequest("the payload of " + run.name() + " is not JSON; mappings read JSON");
        }
    }

    /** From step to step, as long as it is known what the next one reads. */
    private final class Walk {
        private final ArrayNode tried = Json.object().putArray("tried");
        private final ArrayNode notTried = Json.object().putArray("not_tried");
        private JsonNode body;
        /** Why the body is not known any more; null while it is. */
        private String lost;

        Walk(JsonNode body) {
            this.body = body;
        }

        void all(List<Step> steps) {
            for (Step step : steps) {
                if (step.kind().equals("mapping")) {
                    mapping(step);
                } else if (!LEAVE_THE_BODY.contains(step.kind()) && lost == null) {
                    lost = "what comes of step " + name(step) + " is known when it is done";
                }
                step.branches().forEach(branch -> all(branch.steps()));
            }
        }

        private void mapping(Step step) {
            Optional<Mapping> mapping = running.library().mapping(step.what());
            if (lost == null && !step.options().isEmpty()) {
                lost = "the flow gives " + step.what() + " " + String.join(", ", step.options())
                        + ", which is known when it runs";
            }
            if (lost == null && mapping.isPresent()) {
                ObjectNode made = MappingsApi.tried(mapping.get(), body, Map.of());
                tried.add(made);
                body = made.path("result");
                lost = made.has("result") ? null : step.what() + " refuses what it would get";
            } else {
                notTried.addObject()
                        .put("mapping", step.what())
                        .put("why", lost == null ? "there is no such mapping" : lost);
            }
        }

        private static String name(Step step) {
            return step.id().isEmpty() ? step.kind() : step.id();
        }
    }
}
