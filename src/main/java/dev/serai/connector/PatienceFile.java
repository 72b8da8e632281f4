package dev.serai.connector;

import dev.serai.file.Problems;
import dev.serai.file.Suggest;
import dev.serai.file.Yaml;
import dev.serai.run.Backoff;
import dev.serai.run.Breaker;
import dev.serai.run.RetryPolicy;
import dev.serai.run.RetryPolicy.Tier;
import dev.serai.run.RetryPresets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Reads how patient a connector is: {@code retry}, and {@code breaker} of all of it and of single operations. */
final class PatienceFile {
    private final Yaml root;
    private final Problems problems;

    PatienceFile(Yaml root, Problems problems) {
        this.root = root;
        this.problems = problems;
    }

    Connector.Patience read() {
        Breaker.Limits all = breaker(root, Breaker.Limits.DEFAULT);
        Map<String, Breaker.Limits> own = new LinkedHashMap<>();
        for (String kind : List.of("reads", "writes", "streams")) {
            root.get(kind).ifPresent(group -> group.entries().forEach((name, at) -> own.put(name, breaker(at, all))));
        }
        return new Connector.Patience(root.get("retry").flatMap(this::retry), all, own);
    }

    private Breaker.Limits breaker(Yaml map, Breaker.Limits otherwise) {
        return map.get("breaker")
                .map(at -> new Breaker.Limits(
                        FileParts.number(at, "failures", otherwise.failures()),
                        FileParts.span(at, "open", otherwise.open(), problems)))
                .orElse(otherwise);
    }

    private Optional<RetryPolicy> retry(Yaml at) {
        if (!at.isScalar()) {
            return Optional.of(policy(at));
        }
        var preset = RetryPresets.policy(at.text());
        if (preset.isEmpty()) {
            problems.add(
                    at,
                    "\"retry\" is \"" + at.text() + "\"; "
                            + Suggest.hint(at.text(), RetryPresets.byName().keySet()));
        }
        return preset;
    }

    private RetryPolicy policy(Yaml at) {
        var only = new TreeSet<Integer>();
        at.get("only").ifPresent(list -> list.items()
                .forEach(status -> only.add(status.json().asInt())));
        return new RetryPolicy(
                tier(at, "quick", RetryPresets.QUICK),
                tier(at, "durable", RetryPresets.MINUTES),
                at.get("max_age").map(age -> FileParts.span(at, "max_age", RetryPolicy.LONGEST_HELD, problems)),
                only);
    }

    private Tier tier(Yaml map, String name, Tier otherwise) {
        Optional<Yaml> given = map.get(name);
        if (given.isEmpty()) {
            return otherwise;
        }
        Yaml at = given.get();
        Backoff usual = otherwise.backoff();
        var first = FileParts.span(at, "first", usual.first(), problems);
        var longest = FileParts.span(at, "longest", usual.longest(), problems);
        if (at.get("longest").isPresent() && longest.compareTo(first) < 0) {
            problems.add(at.get("longest").get(), "\"longest\" is shorter than \"first\"; make it at least as long");
        }
        double jitter = at.get("jitter")
                .map(Yaml::json)
                .filter(json -> json.isNumber())
                .map(json -> json.asDouble())
                .orElse(usual.jitter());
        return new Tier(
                FileParts.number(at, "attempts", otherwise.attempts()),
                new Backoff(first, longest.compareTo(first) < 0 ? first : longest, jitter));
    }
}
