package dev.serai.cli.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What a caller proves itself with: the first need of the document that a connector file can say. Of several proofs that belong
 * together one is the file's {@code auth}, and the others are keys in headers or in the query.
 */
final class Credentials {
    /** What OAuth 1.0a calls itself in the header (RFC 5849). */
    private static final String OAUTH1 = "oauth";

    private final JsonNode document;
    private final Map<String, JsonNode> schemes = new LinkedHashMap<>();
    private final Set<String> chosen;
    private final List<JsonNode> keys = new ArrayList<>();
    private final JsonNode main;
    private final Optional<SignIn> signIn;

    Credentials(JsonNode document, Servers servers, UnaryOperator<JsonNode> resolve) {
        this.document = document;
        document.at("/components/securitySchemes")
                .properties()
                .forEach(scheme -> schemes.put(scheme.getKey(), resolve.apply(scheme.getValue())));
        this.chosen = needs().stream().filter(this::canBeSaid).findFirst().orElse(Set.of());
        chosen.forEach(name -> keys.add(schemes.get(name)));
        this.main = keys.stream()
                .filter(scheme -> !isKey(scheme))
                .findFirst()
                .or(() -> keys.stream().findFirst())
                .orElse(MissingNode.getInstance());
        keys.remove(main);
        this.signIn = SignIn.of(main, servers);
    }

    /** Those of the whole document, then those of operations, the commonest first, then each scheme alone. */
    private List<Set<String>> needs() {
        var needs = new ArrayList<>(needs(document.path("security")));
        var counted = new LinkedHashMap<Set<String>, Integer>();
        document.path("paths")
                .forEach(path -> path.forEach(operation ->
                        needs(operation.path("security")).forEach(need -> counted.merge(need, 1, Integer::sum))));
        counted.entrySet().stream()
                .sorted(Map.Entry.<Set<String>, Integer>comparingByValue().reversed())
                .forEach(need -> needs.add(need.getKey()));
        schemes.keySet().forEach(name -> needs.add(Set.of(name)));
        return needs;
    }

    private static List<Set<String>> needs(JsonNode security) {
        var needs = new ArrayList<Set<String>>();
        for (JsonNode need : security) {
            var names = new LinkedHashSet<String>();
            need.fieldNames().forEachRemaining(names::add);
            if (!names.isEmpty()) {
                needs.add(names);
            }
        }
        return needs;
    }

    private boolean canBeSaid(Set<String> need) {
        return need.stream().allMatch(name -> schemes.containsKey(name) && canBeSaid(schemes.get(name)))
                && need.stream().filter(name -> !isKey(schemes.get(name))).count() <= 1;
    }

    private static boolean canBeSaid(JsonNode scheme) {
        return isKey(scheme) && !scheme.path("in").asText().equals("cookie")
                || isHttp(scheme, "basic")
                || isHttp(scheme, "bearer")
                || isHttp(scheme, OAUTH1)
                || SignIn.canBeSaid(scheme);
    }

    private static boolean isKey(JsonNode scheme) {
        return scheme.path("type").asText().equals("apiKey");
    }

    private static boolean isHttp(JsonNode scheme, String kind) {
        return scheme.path("type").asText().equals("http")
                && scheme.path("scheme").asText().equalsIgnoreCase(kind);
    }

    /** Whether a parameter is one of the keys, which documents list among the others too. */
    boolean isOne(JsonNode parameter) {
        return OpenApi.joined(keys, List.of(main)).stream()
                .anyMatch(key -> isKey(key)
                        && key.path("in").equals(parameter.path("in"))
                        && key.path("name")
                                .asText()
                                .equalsIgnoreCase(parameter.path("name").asText()));
    }

    /** Whether an operation is a step of signing in, which {@code auth} does by itself. */
    boolean isSignIn(String method, String path) {
        return signIn.filter(way -> way.isStep(method, path)).isPresent();
    }

    /** The proof an operation asks for that the file does not give; empty when it gives all. */
    Optional<String> foreign(JsonNode operation) {
        JsonNode own = operation.path("security");
        List<Set<String>> needs = needs(own);
        boolean given = needs.size() < own.size() || needs.stream().anyMatch(chosen::containsAll);
        return chosen.isEmpty() || needs.isEmpty() || given
                ? Optional.empty()
                : Optional.of(String.join(
                        " or ",
                        needs.stream().map(need -> String.join(" and ", need)).toList()));
    }

    /** Further keys that stand there, as {@code "name": "{{setting}}"}. @param in header or query */
    List<String> keys(String in, SettingNames settings) {
        return keys.stream()
                .filter(key -> key.path("in").asText().equals(in))
                .map(key -> Lines.quoted(key.path("name").asText()) + ": " + Lines.quoted(keySetting(key, settings)))
                .toList();
    }

    private String keySetting(JsonNode key, SettingNames settings) {
        String name = key.path("name").asText();
        return isKey(main) ? settings.text(name) : settings.free(name);
    }

    /** The {@code auth} of the connector file. */
    void write(Lines lines, SettingNames settings) {
        if (signIn.isPresent()) {
            signIn.get().write(lines, settings, scopes());
        } else if (isHttp(main, "basic")) {
            lines.add("auth: { type: basic, user: " + Lines.quoted(settings.text("user")) + ", password: "
                    + Lines.quoted(settings.text("password")) + " }");
        } else if (isHttp(main, OAUTH1)) {
            lines.add("auth:   # unknown: its realm, if it wants one; whether it takes HMAC-SHA256")
                    .add("  type: oauth1");
            for (String part : List.of("consumer-key", "consumer-secret", "token", "token-secret")) {
                lines.add("  " + part.replace('-', '_') + ": " + Lines.quoted(settings.text(part)));
            }
        } else if (isKey(main)) {
            String value = keys.isEmpty() ? settings.text("token") : keySetting(main, settings);
            lines.add("auth: { type: " + main.path("in").asText() + ", name: "
                    + Lines.quoted(main.path("name").asText()) + ", value: " + Lines.quoted(value) + " }");
        } else {
            lines.add("auth: { type: bearer, token: " + Lines.quoted(settings.text("token")) + " }"
                    + (main.isMissingNode() ? "   # unknown: how a token is got" + said() : ""));
        }
    }

    /** What the document has in place of a proof that can be said. */
    private String said() {
        return needs().stream()
                .findFirst()
                .map(need -> "; the document says "
                        + String.join(" and ", need.stream().map(this::words).toList()))
                .orElse("");
    }

    private String words(String name) {
        JsonNode scheme = schemes.getOrDefault(name, MissingNode.getInstance());
        String more = scheme.path("scheme").asText(scheme.path("in").asText());
        return (scheme.path("type").asText(name) + " " + more).strip().replaceAll("\\s+", " ");
    }

    /** What operations ask for; all there are where they name none. */
    private List<String> scopes() {
        var scopes = new LinkedHashSet<String>();
        addScopes(document.path("security"), scopes);
        document.path("paths")
                .forEach(path -> path.forEach(operation -> addScopes(operation.path("security"), scopes)));
        if (scopes.isEmpty()) {
            scopes.addAll(signIn.orElseThrow().scopes());
        }
        scopes.removeIf(scope -> !scope.matches("[^\\s{}]+"));
        return List.copyOf(scopes);
    }

    private void addScopes(JsonNode security, Set<String> scopes) {
        security.forEach(need -> need.properties().stream()
                .filter(named -> chosen.contains(named.getKey()) && schemes.get(named.getKey()) == main)
                .forEach(named -> named.getValue().forEach(scope -> scopes.add(scope.asText()))));
    }

    /** The lines of a simulator's {@code auth}. */
    void play(Lines lines) {
        lines.add("auth:").add("  secret: simulated");
        signIn.ifPresent(way -> lines.add("  oauth2: " + way.played()));
        String in = main.path("in").asText();
        lines.add("  schemes:");
        if (isHttp(main, "basic")) {
            lines.add("    - { type: basic, user: '.*' }");
        } else if (isHttp(main, OAUTH1)) {
            lines.add("    - { type: oauth1 }");
        } else if (isKey(main)) {
            lines.add("    - { type: " + in + ", name: "
                    + Lines.quoted(main.path("name").asText()) + " }");
        } else {
            lines.add("    - { type: bearer }");
        }
    }

    /** Settings that the examples give, by name. */
    Map<String, String> examples(SettingNames settings) {
        var examples = new LinkedHashMap<String, String>();
        if (isHttp(main, "basic")) {
            examples.put(settings.name("user"), "ada@example.com");
        }
        signIn.ifPresent(way -> way.variables().forEach(variable -> examples.put(settings.name(variable), "x")));
        return examples;
    }
}
