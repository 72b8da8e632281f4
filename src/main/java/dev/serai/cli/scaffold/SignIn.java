package dev.serai.cli.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a token is got by OAuth 2.0, as the document has it.
 *
 * @param grant as a connector file calls it
 * @param authorize the consent page; empty where none is needed
 * @param scopes all that can be asked for
 */
record SignIn(String grant, Endpoint token, Optional<Endpoint> authorize, List<String> scopes, String basePath) {
    private static final String PASSWORD = "password";
    private static final Pattern ADDRESS = Pattern.compile("(https?://[^/?#]+)?(/?[^?#]*)([?#].*)?");

    /**
     * @param origin scheme and host; empty for one nobody knows
     * @param query what stands behind the path and can't be said
     */
    record Endpoint(String origin, String path, String query) {
        static Endpoint of(String url, Servers servers) {
            Matcher parts = ADDRESS.matcher(url);
            if (!parts.matches()) {
                return new Endpoint("", "/", url);
            }
            String path = parts.group(2).startsWith("/") ? parts.group(2) : "/" + parts.group(2);
            boolean below = parts.group(1) == null && !url.startsWith("/"); // relative to the server's own path
            return new Endpoint(
                    parts.group(1) == null ? servers.origin() : parts.group(1),
                    below ? servers.basePath() + path : path,
                    parts.group(3) == null ? "" : parts.group(3));
        }

        private String text(String setting, SettingNames settings) {
            String host =
                    origin.isEmpty() ? settings.text("base-url") : settings.text(setting, settings.settled(origin));
            String unsaid = query.isEmpty() ? "" : "   # left out: " + query.replaceAll("\\s+", " ");
            return Lines.quoted(host + settings.settled(path)) + (origin.startsWith("http:") ? Lines.PLAIN : unsaid);
        }

        private String played() {
            return path.replaceAll("\\{[^{}]+}", "x");
        }
    }

    static boolean canBeSaid(JsonNode scheme) {
        return grant(scheme).isPresent();
    }

    /** As a connector file calls it, by what is best: nobody has to consent, and no password is kept. */
    private static Optional<String> grant(JsonNode scheme) {
        if (byItself(scheme)) {
            return Optional.of("client_credentials");
        }
        if (byConsent(scheme)) {
            return Optional.of("authorization_code");
        }
        return scheme.at("/flows/password/tokenUrl").asText().isBlank() ? Optional.empty() : Optional.of(PASSWORD);
    }

    private static String flow(String grant) {
        return switch (grant) {
            case "client_credentials" -> "clientCredentials";
            case "authorization_code" -> "authorizationCode";
            default -> grant;
        };
    }

    private static boolean byItself(JsonNode scheme) {
        return !scheme.at("/flows/clientCredentials/tokenUrl").asText().isBlank();
    }

    private static boolean byConsent(JsonNode scheme) {
        JsonNode flow = scheme.at("/flows/authorizationCode");
        return !flow.path("tokenUrl").asText().isBlank()
                && !flow.path("authorizationUrl").asText().isBlank();
    }

    /** Empty when no token is got so. */
    static Optional<SignIn> of(JsonNode scheme, Servers servers) {
        return grant(scheme).map(grant -> {
            JsonNode flow = scheme.path("flows").path(flow(grant));
            var scopes = new ArrayList<String>();
            flow.path("scopes").fieldNames().forEachRemaining(scopes::add);
            return new SignIn(
                    grant,
                    Endpoint.of(flow.path("tokenUrl").asText().strip(), servers),
                    Optional.of(flow.path("authorizationUrl").asText().strip())
                            .filter(page -> grant.equals("authorization_code"))
                            .map(page -> Endpoint.of(page, servers)),
                    scopes,
                    servers.basePath());
        });
    }

    boolean isStep(String method, String path) {
        return method.equals("POST") && isAt(token, path)
                || method.equals("GET")
                        && authorize.filter(page -> isAt(page, path)).isPresent();
    }

    private boolean isAt(Endpoint endpoint, String path) {
        return endpoint.path.equals(path) || endpoint.path.equals(basePath + path);
    }

    void write(Lines lines, SettingNames settings, List<String> wanted) {
        lines.add("auth:").add("  type: oauth2").add("  grant: " + grant);
        authorize.ifPresent(page -> lines.add("  authorize_url: "
                + page.text(page.origin.equals(token.origin) ? "login-url" : "consent-url", settings)));
        lines.add("  token_url: " + token.text("login-url", settings));
        if (grant.equals(PASSWORD)) {
            lines.add("  user: " + Lines.quoted(settings.text("user")));
            lines.add("  password: " + Lines.quoted(settings.text("password")));
            lines.add("  # unknown: whether a client is named too; client_id, client_secret");
        } else {
            lines.add("  client_id: " + Lines.quoted(settings.text("client-id")));
            lines.add("  client_secret: " + Lines.quoted(settings.text("client-secret")));
            lines.add(
                    "  # unknown: whether id and secret go into the header, as they do now, or the form; client_auth: post");
        }
        if (!wanted.isEmpty()) {
            lines.add("  scopes: [ "
                    + String.join(", ", wanted.stream().map(Lines::quoted).toList())
                    + " ]   # no more than your flows need");
        }
    }

    /** The {@code oauth2} of a simulator. */
    String played() {
        return "{ token: " + Lines.quoted(token.played())
                + authorize
                        .map(page -> ", authorize: " + Lines.quoted(page.played()))
                        .orElse("")
                + ", grants: [ " + (grant.equals("authorization_code") ? grant + ", refresh_token" : grant)
                + " ], life: 1h, alone: true }   # unknown: its life";
    }

    /** Those of its paths, that a simulator must know. */
    List<String> variables() {
        var variables = new ArrayList<String>();
        Matcher places = Operations.PLACE.matcher(
                token.path + authorize.map(Endpoint::path).orElse(""));
        while (places.find()) {
            variables.add(places.group(1));
        }
        return variables;
    }
}
