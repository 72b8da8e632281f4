package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.connector.webhook.Incoming;
import dev.serai.connector.webhook.RawRequest;
import dev.serai.record.RecordSchema;
import dev.serai.record.RecordSchemas;
import dev.serai.run.Admission;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code POST /v1/events/{type}}: events of one's own systems, checked against the published schema of their type
 * (R-IN-12).
 */
final class EventDoor {
    /** Of whom all events are that come by this door. */
    static final String SOURCE = "api";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Door door;
    private final ApiKey key;
    private final InstantSource clock;

    EventDoor(Door door, ApiKey key, InstantSource clock) {
        this.door = door;
        this.key = key;
        this.clock = clock;
    }

    /** {@code GET /v1/events/{type}/schema}. */
    void schema(RoutingContext context) {
        Optional<RecordSchema> schema = schemaOf(context.pathParam("type"));
        if (schema.isEmpty()) {
            unknownType(context.pathParam("type")).send(context.response());
        } else {
            context.response()
                    .putHeader("Content-Type", "application/schema+json")
                    .end(schema.get().source().toString());
        }
    }

    void handle(RoutingContext context) {
        String type = context.pathParam("type");
        Optional<RecordSchema> schema = schemaOf(type);
        Optional<Admission> refused = key.refuse(context.request());
        if (refused.isPresent()) {
            door.refused(SOURCE, refused.get());
        } else if (schema.isEmpty()) {
            door.refuse(SOURCE, Admission.UNKNOWN, unknownType(type), context.response());
        } else {
            door.receive(SOURCE, context.request(), (request, answer) -> take(type, schema.get(), request, answer));
        }
    }

    /** The event {@code customer.converted} is the record {@code customer_converted}. */
    private static Optional<RecordSchema> schemaOf(String type) {
        return RecordSchemas.of(type.replace('.', '_')).filter(EventDoor::isEvent);
    }

    private static boolean isEvent(RecordSchema schema) {
        return schema.has("event_id");
    }

    private static HttpProblem unknownType(String type) {
        return new HttpProblem(
                404,
                "no_such_type",
                "\"" + type + "\" is not a published event type; known: "
                        + RecordSchemas.names().stream()
                                .filter(name -> RecordSchemas.of(name)
                                        .filter(EventDoor::isEvent)
                                        .isPresent())
                                .map(name -> name.replace('_', '.'))
                                .collect(Collectors.joining(", ")));
    }

    private void take(String type, RecordSchema schema, RawRequest request, HttpServerResponse response) {
        try {
            JsonNode event = JSON.readTree(request.body());
            String problems = schema.check(event).stream()
                    .map(misfit -> (misfit.field() + " " + misfit.sentence()).strip())
                    .collect(Collectors.joining("; "));
            if (problems.isEmpty()) {
                door.accept(SOURCE, List.of(incoming(type, event, request.body())), response);
            } else {
                door.refuse(SOURCE, Admission.SCHEMA, new HttpProblem(400, "schema", problems), response);
            }
        } catch (IOException e) {
            var problem = new HttpProblem(400, "malformed", "the body is not JSON");
            door.refuse(SOURCE, Admission.MALFORMED, problem, response);
        }
    }

    private Incoming incoming(String type, JsonNode event, byte[] body) {
        JsonNode customer = event.path("customer");
        String record =
                customer.path("crm_contact_id").asText(customer.path("email").asText(""));
        return new Incoming(
                event.path("event_id").asText(),
                false,
                type,
                record.isEmpty() ? Optional.empty() : Optional.of("contact:" + record),
                instant(event.path("occurred_at").asText()),
                Optional.empty(),
                body,
                "application/json");
    }

    private Optional<Instant> instant(String text) {
        try {
            return Optional.of(java.time.OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.of(clock.instant());
        }
    }
}
