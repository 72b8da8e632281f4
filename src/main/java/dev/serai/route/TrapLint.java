package dev.serai.route;

import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Constructs that Camel takes and then loses messages with; what to write instead. */
final class TrapLint {
    private static final String BREAKER_OPTION = "throwExceptionWhenHalfOpenOrOpenState";

    private final Set<String> forgetful;

    /** @param forgetful ids of the error configurations that have no dead-letter channel */
    TrapLint(Set<String> forgetful) {
        this.forgetful = forgetful;
    }

    static boolean keepsDeadLetters(Yaml configuration) {
        return configuration
                .get("errorHandler")
                .flatMap(handler -> handler.get("deadLetterChannel"))
                .isPresent();
    }

    void check(FlowFile file, Problems problems) {
        for (Yaml route : file.routes().values()) {
            boolean flow = route.get("from")
                    .flatMap(from -> from.text("uri"))
                    .orElse("")
                    .startsWith("event:");
            Optional<Yaml> named = route.get("routeConfigurationId");
            if (flow && named.isPresent() && forgetful.contains(named.get().text())) {
                problems.add(
                        named.get(),
                        "\"" + named.get().text()
                                + "\" keeps no dead letters, so a failed run would count as done; name"
                                + " one that has a deadLetterChannel, such as write");
            }
        }
        visit(file.root(), problems);
    }

    private static void visit(Yaml node, Problems problems) {
        node.entries().forEach((key, value) -> {
            switch (key) {
                case "circuitBreaker" -> breaker(value, problems);
                case "onWhen" -> onWhen(value, problems);
                case "deadLetterChannel" -> deadLetterChannel(value, problems);
                case "parallelProcessing" -> parallel(value, problems);
                case "idempotentConsumer" -> key(value, problems);
                default -> {}
            }
            visit(value, problems);
        });
        node.items().forEach(item -> visit(item, problems));
    }

    private static void breaker(Yaml breaker, Problems problems) {
        boolean throwing = breaker.get("resilience4jConfiguration")
                .flatMap(configuration -> configuration.text(BREAKER_OPTION))
                .filter("true"::equals)
                .isPresent();
        if (!throwing) {
            problems.add(
                    breaker,
                    "an open breaker lets the message pass as delivered; add \"resilience4jConfiguration: { "
                            + BREAKER_OPTION + ": true }\"");
        }
    }

    private static void parallel(Yaml option, Problems problems) {
        if (!option.text().equals("false")) {
            problems.add(
                    option,
                    "parallel branches of one run would mix up their steps in the journal; leave parallelProcessing out, or"
                            + " publish an event for each part with \"to: event:…\"");
        }
    }

    /** Of events whose key is the same, all but the first are left out. */
    private static void key(Yaml consumer, Problems problems) {
        Yaml expression = consumer.get("expression").filter(Yaml::isMap).orElse(consumer);
        for (String language : List.of("constant", "simple")) {
            expression.get(language).ifPresent(at -> {
                String text = at.isMap() ? at.text("expression").orElse("") : at.text();
                if (language.equals("constant") || !text.contains("${") && !text.contains("$simple{")) {
                    problems.add(
                            at,
                            "\"" + text
                                    + "\" is the same key for every event, so that only the first would go on; write"
                                    + " what tells them apart, as in simple: \"${body[id]}\"");
                }
            });
        }
    }

    private static void onWhen(Yaml condition, Problems problems) {
        if (condition.get("method").isEmpty()) {
            problems.add(
                    condition,
                    "an expression that throws in onWhen ends the run without retry, dead letter or log line; use a"
                            + " bean, as \"method: { ref: failures, method: noQuickRetry }\"");
        }
    }

    private static void deadLetterChannel(Yaml channel, Problems problems) {
        if (channel.text("deadLetterHandleNewException").filter("false"::equals).isEmpty()) {
            problems.add(
                    channel,
                    "when the dead-letter route fails, the run would count as handled; add"
                            + " \"deadLetterHandleNewException: false\"");
        }
        if (channel.text("useOriginalMessage").filter("true"::equals).isEmpty()) {
            problems.add(
                    channel,
                    "the dead letter would hold whatever a step had made of the event; add \"useOriginalMessage: true\"");
        }
    }
}
