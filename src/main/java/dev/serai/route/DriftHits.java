package dev.serai.route;

import dev.serai.drift.Finding;
import dev.serai.drift.Kind;
import dev.serai.file.FileRefused;
import dev.serai.file.Yaml;
import dev.serai.library.Library;
import dev.serai.mapping.Mapping;
import dev.serai.mapping.Reading;
import dev.serai.record.RecordSchemas;
import dev.serai.store.DriftShapes.Stream;
import dev.serai.store.Drifts.Drift;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which flows and mappings read what an event holds, by their files as they are now. A flow reads the event up to its first
 * call of a connector; what it sets and computes by other means than mappings and {@code ${body[…]}} is not seen.
 */
public final class DriftHits {
    private static final Pattern BODY = Pattern.compile("\\$\\{body((?:\\[[A-Za-z0-9_-]+])+)");

    private final List<Reader> readers = new ArrayList<>();

    /** @param mapping empty when the flow itself reads it @param source empty for any */
    private record Reader(String flow, String source, Set<String> types, String mapping, Reading reading) {}

    /**
     * A reader that a finding concerns.
     *
     * @param mapping empty when the flow itself reads it
     * @param field the target of the mapping
     * @param lack of a new value, the table that does not list it
     */
    public record Hit(String flow, String mapping, String field, boolean personal, Optional<Reading.Lack> lack) {}

    private DriftHits() {}

    /** By the files of {@code routes/} and {@code mappings/}; files that are broken read nothing. */
    public static DriftHits of(Path routes, Library library) {
        var hits = new DriftHits();
        new FlowFolder(routes).texts().forEach((path, text) -> {
            try {
                FlowFile.read(path.toString(), text).routes().forEach((id, route) -> hits.flow(id, route, library));
            } catch (FileRefused e) {
                // the lint tells
            }
        });
        return hits;
    }

    private void flow(String id, Yaml route, Library library) {
        Yaml from = route.get("from").orElse(route);
        String uri = from.text("uri").orElse("");
        if (!uri.startsWith("event:")) {
            return;
        }
        String query = uri.contains("?") ? uri.substring(uri.indexOf('?') + 1) : "";
        Matcher inUri = Pattern.compile("(?:^|&)source=([^&]*)").matcher(query);
        String source = inUri.find()
                ? inUri.group(1)
                : from.get("parameters").flatMap(p -> p.text("source")).orElse("");
        var types = new HashSet<String>();
        for (String type :
                uri.substring("event:".length()).replaceAll("\\?.*", "").split(",")) {
            types.add(type.strip());
        }
        new Walk(new Reader(id, source, types, "", null), library).steps(from);
    }

    /** Through the steps of a flow in the order of its file. */
    private final class Walk {
        private final Reader flow;
        private final Library library;
        private final Set<String> made = new HashSet<>();
        private boolean called;

        Walk(Reader flow, Library library) {
            this.flow = flow;
            this.library = library;
        }

        void steps(Yaml at) {
            if (at.isScalar() && !called && made.isEmpty()) {
                Matcher body = BODY.matcher(at.text());
                while (body.find()) {
                    String path = body.group(1).substring(1).replace("][", ".").replace("]", "");
                    add("", new Reading(path, true, "", true, List.of()));
                }
            }
            at.entries().forEach((key, value) -> {
                steps(value);
                if (key.equals("to")) {
                    to(value.isScalar() ? value.text() : value.text("uri").orElse(""));
                }
            });
            at.items().forEach(this::steps);
        }

        private void to(String uri) {
            called |= uri.startsWith("connector:");
            if (uri.startsWith("mapping:") && !called) {
                library.mapping(uri.substring("mapping:".length()).replaceAll("\\?.*", ""))
                        .filter(mapping -> !made.contains(mapping.from()))
                        .ifPresent(this::mapping);
            }
        }

        private void mapping(Mapping mapping) {
            mapping.readings().forEach(reading -> add(mapping.name(), reading));
            mapping.to().filter(record -> RecordSchemas.of(record).isPresent()).ifPresent(made::add);
        }

        private void add(String mapping, Reading reading) {
            readers.add(new Reader(flow.flow, flow.source, flow.types, mapping, reading));
        }
    }

    /** Whom it concerns, tables that lack a value first. */
    public List<Hit> of(Drift drift) {
        Finding finding = drift.finding();
        if (finding.kind() == Kind.PASSED) {
            String[] parts = finding.path().split(" ", 2);
            return List.of(new Hit("", parts[0], parts[parts.length - 1], false, Optional.empty()));
        }
        return readers.stream()
                .filter(reader -> takes(reader, drift.stream()) && reads(reader.reading, finding.path()))
                .map(reader -> new Hit(
                        reader.flow,
                        reader.mapping,
                        reader.reading.field(),
                        reader.reading.personal(),
                        finding.kind() == Kind.VALUE && reader.reading.path().equals(finding.path())
                                ? reader.reading.lack(finding.detail())
                                : Optional.empty()))
                .distinct()
                .sorted((a, b) -> Boolean.compare(b.lack.isPresent(), a.lack.isPresent()))
                .toList();
    }

    private static boolean takes(Reader reader, Stream stream) {
        return reader.types.contains(stream.type())
                && (reader.source.isEmpty() || reader.source.equals(stream.source()));
    }

    /** Whether one stands under the other; what is new beside a field that is read alone concerns nobody. */
    private static boolean reads(Reading reading, String path) {
        return under(path, reading.path()) || reading.whole() && under(reading.path(), path);
    }

    private static boolean under(String above, String path) {
        return above.isEmpty() || path.equals(above) || path.startsWith(above + ".");
    }
}
