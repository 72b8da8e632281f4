package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.alert.Rule;
import dev.serai.alert.Rules;
import dev.serai.alert.Signal;
import dev.serai.api.ApiParts;
import dev.serai.api.OpenApi;
import dev.serai.record.Normalizer;
import dev.serai.record.Normalizers;
import dev.serai.record.RecordSchema;
import dev.serai.record.RecordSchemas;
import dev.serai.run.RetryPresets;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * The pages of the reference, each made from what the hub itself checks by: settings from their enum, files from their
 * schemas, components from Camel's catalogue files, commands from their flags.
 */
final class ReferencePages {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOTE =
            "\n*Generated; do not edit. `./serai reference --write .` in the project's folder writes it anew.*\n";

    private static final String EDITORS =
            "\n## In the editor\n\nThe JSON Schemas of our files are in [schema](schema/). An"
                    + " editor with a YAML language server completes and checks a file that begins with\n"
                    + "`# yaml-language-server: $schema=../../docs/reference/schema/mapping.schema.json` (or `table`, `connector`).\n";

    /** Options every Camel component has. */
    private static final List<String> CAMELS_OWN =
            List.of("bridgeErrorHandler", "exceptionHandler", "exchangePattern", "lazyStartProducer");

    private ReferencePages() {}

    /**
     * Every generated file by its path below the project's folder.
     *
     * @param line the command line with all commands
     * @param asked what the project's own files ask for
     */
    static Map<String, String> all(CommandLine line, AskedSettings asked) {
        var pages = new LinkedHashMap<String, String>();
        pages.put("docs/reference/settings.md", ReferenceCommand.markdown() + NOTE);
        pages.put("docs/reference/mappings.md", mappings());
        pages.put("docs/reference/records.md", records());
        pages.put("docs/reference/connectors.md", connectors());
        pages.put("docs/reference/systems.md", asked.page() + NOTE);
        pages.put("docs/reference/alerts.md", alerts());
        pages.put("docs/reference/components.md", components());
        pages.put("docs/reference/commands.md", commands(line));
        pages.put(
                "docs/reference/openapi.json",
                OpenApi.document(ApiParts.operations()).toPrettyString() + "\n");
        pages.put("docker/hub.properties.example", ReferenceCommand.properties());
        for (String kind : List.of("mapping", "table", "connector", "alerts")) {
            pages.put("docs/reference/schema/" + kind + ".schema.json", schema("/schema/" + kind + ".schema.json"));
        }
        for (String name : RecordSchemas.names()) {
            String file = name + ".schema.json";
            pages.put("docs/reference/schema/records/" + file, schema("/schema/records/" + file));
        }
        return pages;
    }

    private static String schema(String resource) {
        return json(resource).toPrettyString() + "\n";
    }

    private static String mappings() {
        var page = new StringBuilder("# Mapping files\n\n`mappings/<system>/<from>-to-<to>.yaml`. ");
        page.append(new SchemaPage(json("/schema/mapping.schema.json")).text());
        page.append("\n# Table files\n\n`mappings/<system>/tables/<name>.yaml`. ");
        page.append(new SchemaPage(json("/schema/table.schema.json")).below("table"));
        page.append(EDITORS);
        page.append("\n## Normalizers\n\nWhat `do:` may list, applied in the order given.\n\n");
        page.append("| name | what it does | may be told | leads back |\n|---|---|---|---|\n");
        for (Normalizer rule : Normalizers.all()) {
            String told = rule.options().stream()
                    .map(option -> "`" + option.key() + ":`")
                    .collect(Collectors.joining(", "));
            page.append("| `" + rule.name() + "` | " + SchemaPage.escaped(rule.description()) + " | " + told + " | "
                    + rule.inverse()
                            .map(name -> name.equals(rule.name()) ? "itself" : "`" + name + "`")
                            .orElse("") + " |\n");
        }
        return page.append(NOTE).toString();
    }

    private static String records() {
        var page = new StringBuilder("# Canonical records\n\nThe shapes all systems meet in: what `from:` and `to:` of"
                + " a mapping name. One with an `event_id` is an event, and is sent to `POST /v1/events/{type}`.\n");
        for (String name : RecordSchemas.names().stream().sorted().toList()) {
            RecordSchema schema = RecordSchemas.of(name).orElseThrow();
            page.append("\n## ")
                    .append(name)
                    .append("\n\nVersion ")
                    .append(schema.version())
                    .append(". ");
            page.append(new SchemaPage(schema.source()).below(name));
        }
        return page.append(NOTE).toString();
    }

    private static String connectors() {
        return "# Connector files\n\n"
                + new SchemaPage(json("/schema/connector.schema.json")).text()
                + retryPolicies()
                + new SchemaPage(json("/schema/webhooks.schema.json")).below("webhooks") + NOTE;
    }

    private static String alerts() {
        var page = new StringBuilder("# Alert rules\n\n`routes/alerts.yaml`. ");
        page.append(new SchemaPage(json("/schema/alerts.schema.json")).text());
        page.append("\n## Signals\n\n| signal | told in | of each | window | what it is |\n|---|---|---|---|---|\n");
        for (Signal signal : Signal.values()) {
            String unit = signal.unit() == Signal.Unit.NONE ? "" : word(signal.unit());
            page.append("| `" + signal.word() + "` | " + unit + " | " + word(signal.about()) + " | "
                    + (signal.windowed() ? "yes" : "") + " | " + SchemaPage.escaped(signal.meaning()) + " |\n");
        }
        page.append("\n## Shipped rules\n\n`serai alerts rules` prints them with what your file makes of them.\n\n"
                + "| rule | signal | severity |\n|---|---|---|\n");
        for (Rule rule : Rules.SHIPPED.all()) {
            page.append("| `" + rule.name() + "` | `" + rule.signal().word() + "` | "
                    + rule.severity().word() + " |\n");
        }
        return page.append(NOTE).toString();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String retryPolicies() {
        var table = new StringBuilder(
                "\n## Retry policies\n\nWhat `retry:` of a connector file and `retry=` of a flow may"
                        + " name. Each wait is chosen evenly up to the one told.\n\n| name | what it does |\n|---|---|\n");
        RetryPresets.byName()
                .forEach((name, preset) -> table.append("| `" + name + "` | " + preset.meaning() + " |\n"));
        return table.toString();
    }

    private static String components() {
        var page = new StringBuilder("# Components\n\nThe three Camel components of Serai. Everything else in a flow is"
                + " Camel's own.\n");
        for (String name : List.of("event", "mapping", "connector")) {
            JsonNode model = json("/META-INF/dev/serai/route/" + name + ".json");
            JsonNode component = model.path("component");
            page.append("\n## ")
                    .append(name)
                    .append("\n\n`")
                    .append(component.path("syntax").asText());
            page.append("`. ")
                    .append(SchemaPage.escaped(component.path("description").asText()));
            page.append("\n\n| option | where | meaning |\n|---|---|---|\n");
            model.path("properties").properties().forEach(option -> page.append(row(option)));
        }
        return page.append(NOTE).toString();
    }

    private static String row(Map.Entry<String, JsonNode> option) {
        if (CAMELS_OWN.contains(option.getKey())) {
            return "";
        }
        JsonNode value = option.getValue();
        String where = value.path("kind").asText().equals("path")
                ? "in the address"
                : value.path("label").asText().equals("consumer") ? "`from`" : "`to`";
        return "| `" + option.getKey() + "` | " + where + " | "
                + SchemaPage.escaped(value.path("description").asText()) + ". |\n";
    }

    private static String commands(CommandLine line) {
        var page = new StringBuilder("# Commands\n\n`./serai` builds when something changed, then runs the command."
                + " Exit codes: 0 fine, 1 something was found or failed, 2 the command or a setting is wrong, 3 the hub or its"
                + " database could not be asked.\n");
        usage(line, page);
        return page.append(NOTE).toString();
    }

    private static void usage(CommandLine command, StringBuilder page) {
        String name = command.getCommandSpec().qualifiedName();
        page.append("\n## ").append(name).append("\n\n```text\n");
        command.getUsageMessage(Ansi.OFF).lines().forEach(text -> page.append(text.stripTrailing())
                .append("\n"));
        page.append("```\n");
        command.getSubcommands().values().forEach(sub -> usage(sub, page));
    }

    private static JsonNode json(String resource) {
        try (InputStream in = ReferencePages.class.getResourceAsStream(resource)) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
