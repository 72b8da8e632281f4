package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connector.Body.Encoding;
import dev.serai.connector.Connector.Reach;
import dev.serai.connector.Operation.Write;
import dev.serai.connector.auth.TokenAuth;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Builds the requests of one connector. */
final class Requests {
    /** The headers that every request has. */
    static final Set<String> ALWAYS = Set.of("Accept", "User-Agent");

    private static final byte[] NOTHING = {};

    private final Reach reach;

    Requests(Reach reach) {
        this.reach = reach;
    }

    Request build(Operation.Single operation, JsonNode given, Map<String, String> args, String idempotencyKey) {
        JsonNode body = given == null ? MissingNode.getInstance() : given;
        var values = values(operation, Values.places(args, body));
        var draft = draft(operation, values);
        if (operation instanceof Write write) {
            addBody(draft, write, body, values);
            addKey(draft, write, idempotencyKey, values);
        } else {
            draft.ask(operation.call(), operation.call().body().map(template -> template.fill(values)));
        }
        return finish(operation, draft, values);
    }

    /** @throws ConnectorRefused as for {@link #build} */
    Request buildBatch(Write write, Batches batches, List<JsonNode> items, Map<String, String> args) {
        BatchShape shape = write.payload().batch().orElseThrow();
        var values = values(write, args::get);
        var draft = draft(write, values);
        draft.json(write.call(), batches.body(items, shape.with().map(with -> with.fill(values))));
        return finish(write, draft, values);
    }

    Values values(Operation operation, Function<String, String> places) {
        return new Values(reach.name(), operation.name(), reach.settings(), withToken(reach, places));
    }

    /** What came with the token is what the vendor said, and no record's field of that name stands in for it. */
    private static Function<String, String> withToken(Reach reach, Function<String, String> places) {
        return reach.auth() instanceof TokenAuth tokens
                ? name -> name.startsWith(Values.TOKEN)
                        ? tokens.field(name.substring(Values.TOKEN.length()))
                        : places.apply(name)
                : places;
    }

    /** A request in the making: what its parts hold before they are put together. */
    static final class Draft {
        final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        final Map<String, String> query = new LinkedHashMap<>();
        byte[] body = NOTHING;

        void json(Operation.Call call, JsonNode json) {
            JsonNode sent = json;
            if (!call.graphql().isEmpty()) {
                sent = Json.wrapped("variables", json);
                ((ObjectNode) sent).put("query", call.graphql());
            }
            body = sent.toString().getBytes(StandardCharsets.UTF_8);
            headers.putIfAbsent("Content-Type", "application/json");
        }

        void form(JsonNode fields) {
            body = Form.encode(fields).getBytes(StandardCharsets.UTF_8);
            headers.putIfAbsent("Content-Type", "application/x-www-form-urlencoded");
        }

        /** The fixed body of a question, if it has one. */
        void ask(Operation.Call call, Optional<JsonNode> json) {
            if (call.form()) {
                form(json.orElseThrow());
            } else if (json.isPresent() || !call.graphql().isEmpty()) {
                json(call, json.orElseGet(JsonNodeFactory.instance::objectNode));
            }
        }
    }

    /** Query and headers as the file gives them, nothing of the body yet. */
    Draft draft(Operation.Single operation, Values values) {
        var draft = new Draft();
        draft.headers.put("Accept", operation.answers() == Operation.Result.As.JSON ? "application/json" : "*/*");
        draft.headers.put("User-Agent", "Serai");
        reach.headers().forEach((name, text) -> draft.headers.put(name, values.fill(text)));
        operation.call().headers().forEach((name, text) -> draft.headers.put(name, values.fill(text)));
        operation.call().query().forEach((name, text) -> draft.query.put(name, values.fill(text)));
        return draft;
    }

    private static void addBody(Draft draft, Write write, JsonNode record, Values values) {
        Body body = write.payload().body();
        if (body.encoding() == Encoding.NONE) {
            return;
        }
        if (record.isMissingNode() || record.isNull()) {
            throw values.refused("there is no body to send; give it a JSON body, or declare \"body: none\"");
        }
        JsonNode sent = body.around(record, values);
        if (body.encoding() == Encoding.JSON) {
            draft.json(write.call(), sent);
        } else if (body.encoding() == Encoding.RAW) {
            Content.send(draft, sent, values);
        } else if (!sent.isObject()) {
            throw values.refused("a form is made of named fields; give it a JSON object");
        } else if (body.encoding() == Encoding.FORM) {
            draft.form(sent);
        } else {
            Multipart.put(draft, sent, body.files(), values);
        }
    }

    private static void addKey(Draft draft, Write write, String key, Values values) {
        if (write.repeat().writeClass() != WriteClass.KEYED) {
            return;
        }
        if (key == null || key.isBlank()) {
            throw values.refused("a write of class keyed needs an idempotency key and none was given; call it in a"
                    + " flow that begins with event:, whose run has one");
        }
        draft.headers.put(write.repeat().key().header(), write.repeat().key().sent(key));
    }

    /** Adds the credential, checks the headers and puts the address together. */
    Request finish(Operation.Single operation, Draft draft, Values values) {
        reach.auth().apply(values, draft.headers, draft.query);
        return request(operation, draft, url(operation, draft, values), values);
    }

    /** The request for a page whose address the remote gave. @throws ConnectorRefused when no call may go there */
    Request follow(Operation.Single operation, Draft draft, Values values, String address, Egress egress) {
        draft.query.clear();
        reach.auth().apply(values, draft.headers, draft.query);
        return request(operation, draft, new NextAddress(base(reach), egress, values).of(address, draft.query), values);
    }

    /** An address in an answer, such that it can be followed without its page. @param page the address of that page */
    String settled(String address, URI page) {
        return NextAddress.settled(address, page, base(reach));
    }

    private static Request request(Operation.Single operation, Draft draft, URI url, Values values) {
        draft.headers.forEach((name, value) -> {
            if (value.chars().anyMatch(c -> c < 0x20 || c > 0x7E)) {
                throw values.refused("header " + name
                        + " would hold a line break or another character no header may carry; correct its value");
            }
        });
        return new Request(operation.call().method(), url, sealed(draft.headers), draft.body);
    }

    private URI url(Operation.Single operation, Draft draft, Values values) {
        String base = base(reach).replaceAll("/+$", "");
        String path = values.fill(operation.call().path(), Urls::encode);
        if (Urls.hasDotSegment(path)) {
            throw values.refused("a value would make a . or .. in \""
                    + operation.call().path() + "\" and reach another resource; correct the value");
        }
        String query = Urls.query(draft.query);
        return URI.create(base + path + (query.isEmpty() ? "" : "?" + query));
    }

    /** The base address as it is set now. @throws ConnectorRefused when it is missing or unfit */
    static String base(Reach reach) {
        Text from = reach.base().orElse(Text.EMPTY);
        String base = new Values(reach.name(), "", reach.settings(), withToken(reach, place -> null)).fill(from);
        Urls.problem("base_url", base, from).ifPresent(problem -> {
            throw new ConnectorRefused(reach.name() + ": " + problem);
        });
        return base;
    }

    /** @throws ConnectorRefused when no request can be built at all: for its address, a header of all calls, its credential */
    void requireFit() {
        base(reach);
        var values = new Values(reach.name(), Connector.SIGN_IN, reach.settings(), withToken(reach, place -> null));
        reach.headers().values().stream()
                .filter(text -> text.places().isEmpty())
                .forEach(values::fill);
        reach.auth().apply(values, new TreeMap<>(), new TreeMap<>());
    }

    private static Map<String, String> sealed(Map<String, String> headers) {
        return Collections.unmodifiableMap(headers);
    }
}
