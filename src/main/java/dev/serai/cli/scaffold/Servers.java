package dev.serai.cli.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connector.Text;
import dev.serai.connector.Urls;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Where a system answers by its document: the one address a connector file has, and those it leaves out. */
final class Servers {
    private static final int UNFIT = 3;

    private final List<String> all;
    private final Optional<String> chosen;

    Servers(JsonNode document) {
        List<String> own = urls(document.path("servers"));
        all = own.isEmpty() ? ofOperations(document.path("paths")) : own;
        chosen = all.stream().min(Comparator.comparingInt(Servers::rank)).filter(url -> rank(url) < UNFIT);
    }

    private static List<String> ofOperations(JsonNode paths) {
        for (JsonNode path : paths) {
            for (JsonNode level : path) {
                List<String> urls = urls(level.path("servers"));
                if (!urls.isEmpty()) {
                    return urls;
                }
            }
            List<String> urls = urls(path.path("servers"));
            if (!urls.isEmpty()) {
                return urls;
            }
        }
        return List.of();
    }

    /**
     * A variable that is one of several words has its default, https where it may; any other is a part of somebody's own
     * address, whatever example the document gives for it: a key must go to no stranger.
     */
    private static List<String> urls(JsonNode servers) {
        var urls = new ArrayList<String>();
        for (JsonNode server : servers) {
            String url = server.path("url").asText().strip();
            for (var variable : server.path("variables").properties()) {
                var words = new ArrayList<String>();
                variable.getValue().path("enum").forEach(word -> words.add(word.asText()));
                if (!words.isEmpty()) {
                    String usual = variable.getValue().path("default").asText(words.get(0));
                    url = url.replace("{" + variable.getKey() + "}", words.contains("https") ? "https" : usual);
                }
            }
            url = url.replaceFirst("^//", "https://").replaceAll("/+$", "");
            if (!url.isEmpty()) {
                urls.add(url);
            }
        }
        return urls;
    }

    private static int rank(String url) {
        boolean relative = url.startsWith("/");
        String sample = (relative ? "https://host" : "") + url.replaceAll("\\{[^{}]+}", "x");
        if (Urls.problem("base_url", sample, Text.EMPTY).isPresent()) {
            return UNFIT;
        }
        return relative ? 2 : url.startsWith("https:") ? 0 : 1;
    }

    /** The address of all calls: the first with https, else with http, else a path on a host nobody names; empty for none. */
    Optional<String> chosen() {
        return chosen;
    }

    /** The others of the document. */
    List<String> others() {
        return all.stream()
                .filter(url -> !chosen.equals(Optional.of(url)))
                .distinct()
                .toList();
    }

    /** The server of an operation that answers at none of the address that was chosen. */
    Optional<String> elsewhere(JsonNode path, JsonNode operation) {
        for (JsonNode level : List.of(operation, path)) {
            List<String> urls = urls(level.path("servers"));
            if (!urls.isEmpty()) {
                boolean here = chosen.isEmpty() || urls.contains(chosen.get());
                return here ? Optional.empty() : Optional.of(urls.get(0));
            }
        }
        return Optional.empty();
    }

    /** Scheme and host, or empty. */
    String origin() {
        String url = chosen.orElse("");
        return url.startsWith("http") ? url.replaceFirst("^([a-z]+://[^/]*).*", "$1") : "";
    }

    /** The path of the address; empty for none. */
    String basePath() {
        return chosen.orElse("").substring(origin().length()).replaceAll("\\{[^}]*}", "x");
    }
}
