package dev.serai.cli.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.cli.scaffold.OpenApi.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The headers of calls: what the document asks for, and what tells a repeat. */
final class Headers {
    private static final Pattern KEY = Pattern.compile("(?i)idempot");
    private static final Pattern REQUEST_ID = Pattern.compile("(?i)request[-_]?id");
    private static final Pattern SECRET = Pattern.compile("(?i)key|token|secret|pass|authorization");
    private static final String ACCEPT = "Accept";

    /** Where a header's value comes from. */
    private enum From {
        US,
        DOCUMENT,
        FLOW,
        SETTING
    }

    private final OpenApi document;
    private final SettingNames settings;
    private final SampleValues samples;

    Headers(OpenApi document, SettingNames settings) {
        this.document = document;
        this.settings = settings;
        this.samples = new SampleValues(document);
    }

    /** The header by which the system knows a repeat of a write, whether it must be there or may. */
    Optional<JsonNode> key(Operation operation) {
        return operation.isRead()
                ? Optional.empty()
                : operation.in("header").stream()
                        .filter(header -> KEY.matcher(name(header)).find()
                                || isRequestId(header)
                                        && KEY.matcher(header.path("description")
                                                        .asText())
                                                .find())
                        .findFirst();
    }

    /** One that only traces calls may be called like one that tells a repeat. */
    Optional<String> perhapsKey(Operation operation) {
        return operation.isRead() || key(operation).isPresent()
                ? Optional.empty()
                : operation.in("header").stream()
                        .filter(Headers::isRequestId)
                        .map(Headers::name)
                        .findFirst();
    }

    /** Whether a key of ours, {@code run:step}, is too long or of another form. */
    boolean wantsUuid(JsonNode key) {
        JsonNode schema = document.resolve(key.path("schema"));
        return schema.path("format").asText().equals("uuid") || schema.has("pattern") || schema.has("maxLength");
    }

    static String name(JsonNode parameter) {
        return parameter.path("name").asText();
    }

    private static boolean isRequestId(JsonNode header) {
        return REQUEST_ID.matcher(name(header)).find();
    }

    private From from(Operation operation, JsonNode header) {
        String name = name(header).toLowerCase(Locale.ROOT);
        if (List.of("authorization", "content-type", "accept", "user-agent").contains(name)
                || key(operation).filter(header::equals).isPresent()) {
            return From.US;
        }
        return isRequestId(header) ? From.FLOW : said(header).isPresent() ? From.DOCUMENT : From.SETTING;
    }

    /** The value the document itself gives it, when a file may hold that. */
    private Optional<String> said(JsonNode header) {
        JsonNode schema = document.resolve(header.path("schema"));
        JsonNode one = schema.path("enum").size() == 1 ? schema.path("enum").get(0) : schema.path("const");
        return Optional.of(schema.path("default").asText(one.asText()))
                .filter(value -> value.matches("[\\x21-\\x7e&&[^{}]]([\\x20-\\x7e&&[^{}]]*[\\x21-\\x7e&&[^{}]])?"))
                .filter(value -> !SECRET.matcher(name(header)).find());
    }

    /** Those of an operation, a line each. */
    List<String> of(Operation operation) {
        var lines = new ArrayList<String>();
        for (JsonNode header : operation.required("header")) {
            String name = Lines.quoted(name(header)) + ": ";
            switch (from(operation, header)) {
                case US -> {}
                case DOCUMENT -> lines.add(name + Lines.quoted(said(header).orElseThrow()));
                case FLOW ->
                    lines.add(name + Lines.quoted("{" + operation.place(header) + "}")
                            + "   # another one for each call");
                case SETTING -> lines.add(name + Lines.quoted(settings.free(name(header))) + "   # unknown: its value");
            }
        }
        accept(operation).ifPresent(media -> lines.add(ACCEPT + ": " + Lines.quoted(media)));
        document.body(operation)
                .filter(body -> !operation.isRead() && body.isJsonOfItsOwn())
                .ifPresent(body -> lines.add("Content-Type: " + Lines.quoted(body.media())));
        return lines;
    }

    private Optional<String> accept(Operation operation) {
        return operation.required("header").stream()
                .filter(header -> name(header).equalsIgnoreCase(ACCEPT))
                .findFirst()
                .flatMap(this::said)
                .or(() -> Optional.of(document.answer(operation).accept()))
                .filter(media -> !media.isEmpty());
    }

    /** Values for the settings among them, by name. */
    Map<String, String> examples(List<Operation> operations) {
        var examples = new LinkedHashMap<String, String>();
        operations.forEach(operation -> operation.required("header").stream()
                .filter(header -> from(operation, header) == From.SETTING)
                .forEach(header ->
                        examples.putIfAbsent(settings.freeName(name(header)), samples.text(header.path("schema")))));
        return examples;
    }

    /** Those a flow gives. */
    List<JsonNode> given(Operation operation) {
        return operation.required("header").stream()
                .filter(header -> from(operation, header) == From.FLOW)
                .toList();
    }
}
