package dev.serai.route;

import dev.serai.file.Durations;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a flow with {@code batchSize} may consist of: steps that work on each record of the list in its body, one after the
 * other. Everything else would decide or change something once, for all records.
 */
final class BatchLint {
    private static final int MOST = 1000;
    private static final String INSTEAD =
            "; publish each record with \"to: event:…\" and let a flow without batchSize go on from there";

    private BatchLint() {}

    static void check(FlowFile file, Problems problems) {
        for (Yaml item : file.root().items()) {
            item.get("route")
                    .flatMap(route -> route.get("from"))
                    .filter(from -> from.text("uri").orElse("").startsWith("event:"))
                    .ifPresent(from -> checkFlow(from, problems));
        }
    }

    private static void checkFlow(Yaml from, Problems problems) {
        Optional<String> size = option(from, "batchSize");
        Optional<String> wait = option(from, "batchWait");
        if (size.isEmpty() || size.get().equals("1")) {
            if (wait.isPresent()) {
                problems.add(from, "\"batchWait\" does nothing without \"batchSize\"; add it, as in batchSize=100");
            }
            return;
        }
        if (!size.get().contains("{{")
                && !(size.get().matches("[1-9]\\d{0,3}") && Integer.parseInt(size.get()) <= MOST)) {
            problems.add(
                    from, "\"batchSize\" is \"" + size.get() + "\"; a whole number from 1 to " + MOST + " is needed");
        }
        wait.filter(w -> !w.contains("{{") && Durations.parse(w).isEmpty())
                .ifPresent(w -> problems.add(
                        from, "\"batchWait\" is \"" + w + "\"; a duration like " + Durations.SHAPES + " is needed"));
        if (from.text("uri").orElse("").replaceAll("\\?.*", "").contains(",")) {
            problems.add(from, "a batch holds events of one type; make a flow for each type");
        }
        for (Yaml step : from.get("steps").map(Yaml::items).orElse(List.of())) {
            for (Map.Entry<String, Yaml> part : step.entries().entrySet()) {
                checkStep(part.getKey(), part.getValue(), problems);
            }
        }
    }

    private static Optional<String> option(Yaml from, String name) {
        Optional<String> parameter = from.get("parameters").flatMap(p -> p.text(name));
        Matcher inUri = Pattern.compile("[?&]" + name + "=([^&]*)")
                .matcher(from.text("uri").orElse(""));
        return parameter.isPresent() || !inUri.find() ? parameter : Optional.of(inUri.group(1));
    }

    private static void checkStep(String kind, Yaml step, Problems problems) {
        if (kind.equals("log")) {
            return;
        }
        if (!kind.equals("to")) {
            problems.add(
                    step, "\"" + kind + "\" would work once for all the records of a batch, not for each" + INSTEAD);
            return;
        }
        String uri = step.isScalar() ? step.text() : step.text("uri").orElse("");
        if (!uri.matches("(mapping|connector|event):.*")) {
            problems.add(
                    step,
                    "\"" + uri.replaceAll("[:?].*", "")
                            + ":\" takes the whole list; in a batch only mapping:, connector: and event: work on each record"
                            + INSTEAD);
        }
        for (String key : List.of("variableSend", "variableReceive")) {
            if (step.get(key).isPresent()) {
                problems.addAtKey(
                        step,
                        key,
                        "records leave a batch when they fail, and a variable would still hold them; leave \"" + key
                                + "\" out");
            }
        }
    }
}
