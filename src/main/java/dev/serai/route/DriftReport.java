package dev.serai.route;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.drift.Finding;
import dev.serai.drift.Kind;
import dev.serai.record.Masks;
import dev.serai.route.DriftHits.Hit;
import dev.serai.store.Drifts.Drift;
import dev.serai.store.Receipt;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What people and programs are told of a finding. */
public final class DriftReport {
    private DriftReport() {}

    /** How much it matters, the most first. */
    public enum Weight {
        /** A table does not list a value. */
        TABLE,
        /** A mapping or a flow reads the field. */
        READ,
        /** Nothing reads it. */
        HARMLESS;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static Weight weight(Drift drift, List<Hit> hits) {
        if (drift.finding().kind() == Kind.PASSED
                || hits.stream().anyMatch(hit -> hit.lack().isPresent())) {
            return Weight.TABLE;
        }
        return hits.isEmpty() ? Weight.HARMLESS : Weight.READ;
    }

    /** What has become different, in a few words: {@code status has a new value: on_hold}. */
    public static String words(Drift drift, List<Hit> hits) {
        Finding finding = drift.finding();
        String detail = shown(finding, finding.detail(), hits);
        String field = finding.path().isEmpty() ? "the body" : finding.path();
        return switch (finding.kind()) {
            case NEW -> field + " is new";
            case GONE -> field + " is gone";
            case RETYPED -> field + " is " + detail + (finding.was().isEmpty() ? "" : ", was " + finding.was());
            case EMPTY -> field + " has no value where it had one";
            case VALUE -> field + " has a new value: " + detail;
            case BACK -> field + " is back";
            case PASSED -> field + " let pass: " + detail;
        };
    }

    /** What a person can do. */
    public static String whatToDo(Drift drift, List<Hit> hits) {
        String detail = shown(drift.finding(), drift.finding().detail(), hits);
        if (drift.finding().kind() == Kind.PASSED) {
            return "Add \"" + detail + "\" to the table at " + drift.finding().was() + ".";
        }
        String tables = hits.stream()
                .flatMap(hit -> hit.lack().stream()
                        .map(lack -> "Add \"" + detail + "\" to the table at " + lack.place() + " (" + hit.field()
                                + "); now it " + lack.effect() + "."))
                .distinct()
                .collect(Collectors.joining(" "));
        if (!tables.isEmpty()) {
            return tables;
        }
        if (hits.isEmpty()) {
            return "Nothing: no flow and no mapping reads it.";
        }
        return "Check " + readers(hits) + "; if it is right as it is, serai drift accept " + drift.name() + ".";
    }

    /** The mappings and flows, each once. */
    public static String readers(List<Hit> hits) {
        return hits.stream()
                .map(hit -> hit.mapping().isEmpty() ? "flow " + hit.flow() : hit.mapping())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** What stands there now, as it may be shown. */
    public static String example(Drift drift, List<Hit> hits) {
        return shown(drift.finding(), drift.finding().example(), hits);
    }

    /** What a mapping calls personal is masked, however plain it looked to the radar. */
    private static String shown(Finding finding, String text, List<Hit> hits) {
        boolean value = finding.kind() == Kind.VALUE || text.equals(finding.example());
        boolean personal = hits.stream().anyMatch(hit -> !hit.mapping().isEmpty() && hit.personal());
        return value && personal && !text.isEmpty() && !text.contains("***")
                ? Masks.personal(JsonNodeFactory.instance.textNode(text))
                : text;
    }

    /** For scripts and alerts. @param count how often since */
    public static ObjectNode json(Drift drift, List<Hit> hits, long count) {
        Finding finding = drift.finding();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("drift", drift.name())
                .put("importance", weight(drift, hits).word())
                .put("source", drift.stream().source())
                .put("type", drift.stream().type())
                .put("kind", finding.kind().name().toLowerCase(Locale.ROOT))
                .put("field", finding.path())
                .put("what", words(drift, hits))
                .put("example", example(drift, hits))
                .put("receipt", new Receipt(finding.event(), false).name())
                .put("since", finding.at().toString())
                .put("count", count)
                .put("state", drift.state())
                .put("what_to_do", whatToDo(drift, hits));
        ArrayNode list = json.putArray("read_by");
        for (Hit hit : hits) {
            ObjectNode one = list.addObject()
                    .put("flow", hit.flow())
                    .put("mapping", hit.mapping())
                    .put("field", hit.field());
            hit.lack().ifPresent(lack -> one.put("table", lack.place().toString()));
        }
        return json;
    }
}
