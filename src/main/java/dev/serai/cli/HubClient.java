package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Api;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A hub, asked through its API and nothing else. What it declines is a {@link HubProblem} or a person's {@link WrongUse}. */
final class HubClient {
    private static final int PAGE = 500;
    /** {@code since: yesterday: not a time}: a word of the request, and what is wrong with it. */
    private static final Pattern MISFIT = Pattern.compile("([a-z_]+): (.*)", Pattern.DOTALL);

    private final HubWire wire;

    HubClient(HubWire wire) {
        this.wire = wire;
    }

    /** {@code /runs/r_81/settle}, whatever a person typed as a name. */
    static String path(String... parts) {
        var path = new StringBuilder();
        for (String part : parts) {
            if (part.isBlank() || part.matches("\\.+")) {
                throw new WrongUse("\"" + part + "\" is no name.");
            }
            path.append('/')
                    .append(URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"));
        }
        return path.toString();
    }

    static ObjectNode body() {
        return JsonNodeFactory.instance.objectNode();
    }

    JsonNode get(String path) {
        return get(path, Map.of());
    }

    /** @param query values that are null or empty say nothing */
    JsonNode get(String path, Map<String, String> query) {
        var said = new HashMap<>(query);
        said.values().removeIf(value -> value == null || value.isEmpty());
        return call("GET", path, said, MissingNode.getInstance());
    }

    /** Empty when the hub knows nothing of that name. */
    Optional<JsonNode> find(String path) {
        return find(path, Map.of());
    }

    Optional<JsonNode> find(String path, Map<String, String> query) {
        try {
            return Optional.of(get(path, query));
        } catch (HubProblem e) {
            if (e.isNotFound() || e.hasLeft()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The items of a list that has no pages. */
    List<JsonNode> items(String path) {
        var items = new ArrayList<JsonNode>();
        get(path).path("items").forEach(items::add);
        return items;
    }

    /** The items of a list, page after page. @param most of them */
    List<JsonNode> items(String path, Map<String, String> query, int most) {
        var items = new ArrayList<JsonNode>();
        var asked = new HashMap<>(query);
        while (items.size() < most) {
            asked.put("limit", Integer.toString(Math.min(PAGE, most - items.size())));
            JsonNode page = get(path, asked);
            page.path("items").forEach(items::add);
            if (page.path("next").isNull() || page.path("items").isEmpty()) {
                break;
            }
            asked.put("cursor", page.path("next").asText());
        }
        return items;
    }

    JsonNode post(String path, ObjectNode body) {
        return call("POST", path, Map.of(), body);
    }

    /** What takes no body. */
    JsonNode post(String path) {
        return call("POST", path, Map.of(), MissingNode.getInstance());
    }

    JsonNode delete(String path) {
        return call("DELETE", path, Map.of(), MissingNode.getInstance());
    }

    /** Lets a second pass in which the hub goes on with what it has written down. */
    void await() {
        wire.await();
    }

    private JsonNode call(String method, String path, Map<String, String> query, JsonNode body) {
        try {
            return wire.call(new Api.Request(method, path, query, body));
        } catch (HubProblem e) {
            throw e.isMisfit() ? new WrongUse(asFlag(e.getMessage(), query, body)) : e;
        }
    }

    /** A word of the request is a flag of the command: {@code --since yesterday: not a time}. */
    private static String asFlag(String sentence, Map<String, String> query, JsonNode body) {
        Matcher misfit = MISFIT.matcher(sentence);
        boolean aWord = misfit.matches()
                && (query.containsKey(misfit.group(1))
                        || body.has(misfit.group(1))
                        || body.path("filter").has(misfit.group(1)));
        return aWord ? "--" + misfit.group(1).replace('_', '-') + " " + misfit.group(2) : sentence;
    }
}
