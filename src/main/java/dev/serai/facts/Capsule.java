package dev.serai.facts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.mapping.Mapping;
import dev.serai.mapping.Refused;
import dev.serai.record.Masks;
import dev.serai.record.Pseudonyms;
import dev.serai.store.History;
import dev.serai.store.History.Run;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A dead run as a test of the mapping that refused its record: it fails until the mapping takes the record. Other people stand in
 * place of those it was about.
 *
 * @param test an entry of the file's {@code tests:}, as YAML, indented by two
 */
public record Capsule(Mapping mapping, String test) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern REFUSAL = Pattern.compile("mapping (\\S+) refused the record: (.*)", Pattern.DOTALL);

    /** There is no test in that run; the message says why, and what to do. */
    public static final class None extends RuntimeException {
        public None(String message) {
            super(message, null, false, false);
        }
    }

    /** What the mapping was given. */
    private record Input(Mapping mapping, JsonNode record, Set<String> refused) {}

    /**
     * @param mappings the files of today
     * @param salt chance
     * @throws None when it did not die of a mapping, or lives by the files of today
     */
    public static Capsule of(History history, Run run, Collection<Mapping> mappings, byte[] salt) throws SQLException {
        Matcher refusal = REFUSAL.matcher(run.reason() == null ? "" : run.reason());
        if (!refusal.find()) {
            throw new None(run.name() + " is " + run.state()
                    + " and was refused by no mapping; leave --write away to have it as a"
                    + " folder with what it sent and was answered");
        }
        Mapping mapping = mappings.stream()
                .filter(each -> each.name().equals(refusal.group(1)))
                .findFirst()
                .orElseThrow(() -> new None("there is no mapping " + refusal.group(1) + " any more"));
        Input input = input(mapping, payload(history, run), run, mappings);
        Function<String, Optional<Boolean>> personal = path -> mapping.readings().stream()
                .filter(reading -> reading.path().equals(path))
                .map(reading -> mapping.declaresPersonal(reading.field(), path).orElse(reading.personal()))
                .reduce((one, other) -> one || other);
        var pseudonyms = new Pseudonyms(salt);
        for (boolean strict : List.of(true, false)) {
            JsonNode given = pseudonyms.of(input.record, personal, strict);
            if (refusals(mapping, given).equals(input.refused)) {
                return new Capsule(mapping, test(run, refusal.group(2), given));
            }
        }
        throw new None("with other people in it the record of " + run.name()
                + " is refused for other reasons; write the test by hand");
    }

    /** The mapping that refused the record of a run; empty when it died of something else. */
    static Optional<String> refusing(Run run) {
        Matcher refusal = REFUSAL.matcher(run.reason() == null ? "" : run.reason());
        return refusal.find() ? Optional.of(refusal.group(1)) : Optional.empty();
    }

    /** What it works on. @throws None when it is gone, or no JSON */
    static JsonNode payload(History history, Run run) throws SQLException {
        Optional<byte[]> bytes =
                Corrected.of(history, run).map(made -> made.payload().bytes());
        try {
            return JSON.readTree(
                    bytes.orElseThrow(() -> new None("the event of " + run.name() + " has left the history")));
        } catch (IOException e) {
            throw new None("the event of " + run.name() + " is no JSON");
        }
    }

    /** The event, or what another mapping of its source makes of it. */
    private static Input input(Mapping mapping, JsonNode event, Run run, Collection<Mapping> mappings) {
        Set<String> refused = refusals(mapping, event);
        boolean first = mapping.name().startsWith(run.event().source() + "/");
        if (first && !refused.isEmpty()) {
            return new Input(mapping, event, refused);
        }
        for (Mapping before : mappings) {
            if (!first
                    && before.name().startsWith(run.event().source() + "/")
                    && refusals(before, event).isEmpty()) {
                JsonNode record = before.apply(event);
                Set<String> then = refusals(mapping, record);
                if (!then.isEmpty()) {
                    return new Input(mapping, record, then);
                }
            }
        }
        throw new None("by the files of today " + mapping.name() + " refuses nothing that can be made of the event of "
                + run.name() + ": it is mended, or its record was fetched, which is not kept");
    }

    /** The fields for which a record is refused; empty when it is taken. */
    static Set<String> refusals(Mapping mapping, JsonNode record) {
        try {
            mapping.apply(record);
            return Set.of();
        } catch (Refused e) {
            return e.problems().stream().map(problem -> problem.field()).collect(Collectors.toSet());
        }
    }

    private static String test(Run run, String reason, JsonNode given) {
        String name = run.name() + " was refused: " + Masks.inText(reason);
        return "  - name: " + JSON.valueToTree(name) + "\n    given: " + given + "\n    expect: {}\n";
    }
}
