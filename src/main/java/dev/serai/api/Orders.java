package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.facts.RunQuery;
import dev.serai.run.Correction;
import dev.serai.run.Pace;
import dev.serai.store.Names;
import dev.serai.store.Resume;
import dev.serai.store.RunFilter;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What is asked to be done with many at once: which, how many, how; and what is told when it was cut short. */
final class Orders {
    private static final List<String> WHOLE = List.of("payload", "payload_base64");

    private Orders() {}

    /** The runs that a body means: those it names, or those that fit its filter. */
    record Meant(RunFilter which, List<Long> named) {}

    /** @param states when the filter names none */
    static Meant meant(Ask ask, List<String> states) {
        Meant meant = chosen(ask, states);
        return ask.body().has("after")
                ? new Meant(
                        meant.which.after(
                                number("after", ask.body().get("after").asText())),
                        meant.named)
                : meant;
    }

    private static Meant chosen(Ask ask, List<String> states) {
        JsonNode body = ask.body();
        boolean all = body.path("all").asBoolean();
        if (body.has("runs") == (body.has("filter") || all)) {
            throw Declined.badRequest("write \"runs\", a list of names, or \"filter\", such as"
                    + " {\"flow\":\"lead-created\"}; \"all\": true without a filter means every one");
        }
        if (body.has("runs")) {
            var ids = new ArrayList<Long>();
            body.get("runs").forEach(name -> ids.add(number("runs", name.asText())));
            return new Meant(RunFilter.ALL.ids(ids), ids);
        }
        Map<String, String> words = words(body);
        if (words.isEmpty() && !all) {
            throw Declined.badRequest("filter is {}, which would mean every run; say which, such as"
                    + " {\"flow\":\"lead-created\"}, or write \"all\": true beside it");
        }
        return new Meant(filter(words, states, ask), List.of());
    }

    /** The words of its filter, which its schema has checked: each says something. */
    static Map<String, String> words(JsonNode body) {
        var words = new HashMap<String, String>();
        body.path("filter")
                .properties()
                .forEach(word -> words.put(word.getKey(), word.getValue().asText()));
        return words;
    }

    /**
     * What vendors said is looked through as it is, people included: who is to see none would read them letter by letter.
     *
     * @param states when none are given
     */
    static RunFilter filter(Map<String, String> words, List<String> states, Ask ask) {
        for (String word : RunQuery.OF_VENDORS) {
            if (!words.getOrDefault(word, "").isEmpty() && !ask.caller().role().allows(Role.OPERATOR)) {
                throw new Declined(
                        403,
                        "role",
                        word
                                + " looks through what vendors said, people included, and takes the role operator; the token of "
                                + ask.caller().name() + " has "
                                + ask.caller().role().word()
                                + ": narrow it by flow, step, connection or record");
            }
        }
        try {
            return RunQuery.filter(words, states, ask.now());
        } catch (RunQuery.Misfit e) {
            throw Declined.badRequest(e.word() + ": " + e.getMessage());
        }
    }

    private static long number(String word, String run) {
        try {
            return Names.parseRun(run);
        } catch (IllegalArgumentException e) {
            throw Declined.badRequest(word + ": " + e.getMessage());
        }
    }

    static boolean dryRun(JsonNode body) {
        return body.path("dry_run").asBoolean();
    }

    /** How many it takes up at most. */
    static int most(JsonNode body) {
        return body.path("limit").asInt(Resume.MOST);
    }

    static Optional<Correction> correction(JsonNode body) {
        try {
            if (body.has("payload")) {
                return Optional.of(
                        Correction.whole(body.get("payload").toString().getBytes(StandardCharsets.UTF_8)));
            }
            if (body.has("payload_base64")) {
                return Optional.of(Correction.whole(
                        Base64.getDecoder().decode(body.get("payload_base64").asText())));
            }
            return body.has("patch")
                    ? Optional.of(Correction.patch(body.get("patch").toString()))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            throw Declined.badRequest((body.has("patch") ? "patch: " : "payload_base64: ") + e.getMessage());
        }
    }

    /** The same of an order, in which a whole payload is that of one run: it tells of one person. */
    static Optional<Correction> correctionOfRuns(JsonNode body) {
        List<String> given = Stream.concat(WHOLE.stream(), Stream.of("patch"))
                .filter(body::has)
                .toList();
        if (given.size() > 1) {
            throw Declined.badRequest("write one of " + String.join(" and ", given) + ", not both");
        }
        boolean whole = !given.isEmpty() && WHOLE.contains(given.get(0));
        if (whole && body.path("runs").size() != 1) {
            throw Declined.badRequest(given.get(0)
                    + " is the payload of one run; name that run alone in \"runs\", or write \"patch\" for many");
        }
        return correction(body);
    }

    static Pace pace(JsonNode body) {
        try {
            Pace pace = body.has("rate") ? Pace.of(body.get("rate").asText()) : Pace.AT_ONCE;
            return body.has("due_after")
                    ? pace.behind(Instant.parse(body.get("due_after").asText()))
                    : pace;
        } catch (IllegalArgumentException e) {
            throw Declined.badRequest("rate: " + e.getMessage());
        } catch (DateTimeException e) {
            throw Declined.badRequest("due_after: write last_due_at of the answer before");
        }
    }

    /** What was committed before the database was lost is told, not taken back. */
    static ObjectNode cutShort(ObjectNode json) {
        return json.put("more", true)
                .put(
                        "problem",
                        "the database did not answer on the way; what is told here was done, and 500 more at most may have been: look"
                                + " at the audit before you ask again for the rest");
    }
}
