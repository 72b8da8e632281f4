package dev.serai.route;

import dev.serai.connector.Connector;
import dev.serai.file.Problems;
import dev.serai.file.Suggest;
import dev.serai.file.Yaml;
import dev.serai.library.Library;
import dev.serai.run.RetryPresets;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.tooling.model.BaseOptionModel;

/**
 * What Camel lets through and then does wrong in silence: a misspelt error configuration never dead-letters, a misspelt
 * HTTP option is sent to the remote, a step without an id can't be found in the journal.
 */
final class FlowLint {
    private static final Pattern RETRY = Pattern.compile("[?&]retry=([^&]*)");

    private final CamelCatalog catalog = new DefaultCamelCatalog(true);
    private final Library library;
    private final Set<String> configurations;

    /** @param configurations ids of the error handling that exists, those of other files included */
    FlowLint(Library library, Set<String> configurations) {
        this.library = library;
        this.configurations = configurations;
        for (String own : List.of("event", "mapping", "connector")) {
            catalog.addComponent(own, "dev.serai.route." + own, description(own));
        }
    }

    /** The options of one of our components, as the build writes them down; the catalogue alone does not find them. */
    private static String description(String component) {
        String path = "/META-INF/dev/serai/route/" + component + ".json";
        try (InputStream in = FlowLint.class.getResourceAsStream(path)) {
            return new String(Objects.requireNonNull(in, path).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void check(FlowFile file, Problems problems) {
        if (!file.root().isList()) {
            problems.add(file.root(), "a flow file is a list; begin with \"- route:\"");
            return;
        }
        for (Yaml item : file.root().items()) {
            item.get("route").ifPresent(route -> checkRoute(file, route, problems));
        }
        if (file.routes().isEmpty() && file.configurations().isEmpty()) {
            problems.add(file.root(), "the file declares no route; begin with \"- route:\"");
        }
    }

    private void checkRoute(FlowFile file, Yaml route, Problems problems) {
        if (route.text("id").isEmpty()) {
            problems.add(route, "the route has no id; add \"id:\", runs are kept under it");
        }
        boolean flow = file.uses(route).stream()
                .anyMatch(u -> u.key().equals("from") && u.uri().startsWith("event:"));
        checkConfiguration(route, flow, problems);
        for (FlowFile.Use use : file.uses(route)) {
            checkUse(use, problems);
        }
    }

    private void checkConfiguration(Yaml route, boolean flow, Problems problems) {
        var named = route.get("routeConfigurationId");
        if (named.isPresent() && !configurations.contains(named.get().text())) {
            String name = named.get().text();
            problems.add(
                    named.get(),
                    "\"" + name + "\" is not an error configuration; " + Suggest.hint(name, configurations));
        }
        if (named.isEmpty() && flow) {
            problems.add(
                    route,
                    "the flow names no error handling; add \"routeConfigurationId: write\", see routes/errors.camel.yaml");
        }
    }

    private void checkUse(FlowFile.Use use, Problems problems) {
        String uri = use.uri();
        if (use.key().equals("from") || uri.isEmpty()) {
            checkOptions(use, problems);
            checkRetry(use, problems);
            return;
        }
        if (use.at().isScalar() || use.at().text("id").isEmpty()) {
            problems.add(
                    use.at(),
                    "the step has no id; write \"" + use.key()
                            + ": { id: …, uri: … }\", the journal keeps it under that name");
        }
        String scheme = uri.contains(":") ? uri.substring(0, uri.indexOf(':')) : uri;
        String rest = uri.substring(Math.min(uri.length(), scheme.length() + 1)).replaceAll("\\?.*", "");
        switch (scheme) {
            case "mapping" -> {
                if (library.mapping(rest).isEmpty()) {
                    problems.add(
                            use.at(),
                            "there is no mapping \"" + rest + "\"; "
                                    + Suggest.hint(rest, library.mappings().keySet()));
                }
            }
            case "connector" -> checkConnector(use, rest, problems);
            default -> checkOptions(use, problems);
        }
    }

    private void checkConnector(FlowFile.Use use, String rest, Problems problems) {
        String system = rest.replaceAll("/.*", "");
        String operation = rest.replaceFirst("^[^/]*/?", "");
        Connector connector = library.connectors().get(system);
        if (connector == null) {
            problems.add(
                    use.at(),
                    "there is no connector \"" + system + "\"; "
                            + Suggest.hint(system, library.connectors().keySet()));
        } else if (!connector.operations().containsKey(operation)) {
            problems.add(
                    use.at(),
                    system + " has no operation \"" + operation + "\"; "
                            + Suggest.hint(operation, connector.operations().keySet()));
        }
    }

    private static void checkRetry(FlowFile.Use use, Problems problems) {
        Matcher inUri = RETRY.matcher(use.uri());
        String given = inUri.find()
                ? inUri.group(1)
                : use.parameters() == null ? "" : use.parameters().text("retry").orElse("");
        Set<String> known = RetryPresets.byName().keySet();
        if (use.uri().startsWith("event:") && !given.isEmpty() && !given.contains("{{") && !known.contains(given)) {
            problems.add(use.at(), "\"" + given + "\" is not a retry policy; " + Suggest.hint(given, known));
        }
    }

    /** Options that Camel's catalogue does not know; values with placeholders are not judged. */
    private void checkOptions(FlowFile.Use use, Problems problems) {
        String scheme =
                use.uri().contains(":") ? use.uri().substring(0, use.uri().indexOf(':')) : use.uri();
        if (!catalog.findComponentNames().contains(scheme)) {
            problems.add(
                    use.at(),
                    "\"" + scheme + "\" is not a Camel component; "
                            + Suggest.hint(scheme, catalog.findComponentNames()));
            return;
        }
        EndpointValidationResult result = catalog.validateEndpointProperties(withParameters(use), true);
        if (result.getUnknown() != null) {
            for (String option : result.getUnknown()) {
                String text = "\"" + option + "\" is not an option of " + scheme + ":; "
                        + Suggest.hint(option, options(scheme)) + suffix(scheme);
                if (use.parameters() != null && use.parameters().get(option).isPresent()) {
                    problems.addAtKey(use.parameters(), option, text);
                } else {
                    problems.add(use.at(), text);
                }
            }
        }
    }

    private static String suffix(String scheme) {
        return scheme.startsWith("http") ? " (query values of the remote go in the CamelHttpQuery header)" : "";
    }

    private List<String> options(String scheme) {
        return catalog.componentModel(scheme).getEndpointOptions().stream()
                .map(BaseOptionModel::getName)
                .toList();
    }

    private static String withParameters(FlowFile.Use use) {
        var parameters = new HashMap<String, String>();
        if (use.parameters() != null) {
            use.parameters().entries().forEach((name, value) -> parameters.put(name, value.text()));
        }
        var uri = new StringBuilder(use.uri());
        parameters.forEach((name, value) -> uri.append(uri.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append("=RAW(")
                .append(value)
                .append(')'));
        return uri.toString();
    }
}
