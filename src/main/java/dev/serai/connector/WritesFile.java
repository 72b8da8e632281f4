package dev.serai.connector;

import dev.serai.connector.Body.Encoding;
import dev.serai.connector.Operation.Payload;
import dev.serai.connector.Operation.Repeat;
import dev.serai.connector.Operation.Write;
import dev.serai.file.DottedPath;
import dev.serai.file.Durations;
import dev.serai.file.FirstTemplate;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads one of the {@code writes} of a connector file. */
final class WritesFile {
    private static final int ACCEPTED = 202;
    private static final Duration FIRST_LOOK = Duration.ofSeconds(5);
    private static final Duration LONGEST_LOOK = Duration.ofMinutes(5);
    private static final Duration GIVE_UP = Duration.ofDays(1);
    private static final Duration SEARCH_LAG = Duration.ofMinutes(1);

    private final Problems problems;

    WritesFile(Problems problems) {
        this.problems = problems;
    }

    Operation read(String name, Yaml at, Operation.Call call) {
        Optional<Yaml> upsert = at.get("upsert").filter(Yaml::isMap);
        if (upsert.isPresent()) {
            checkAlone(at);
            return upsert(name, upsert.get());
        }
        for (String key : List.of("method", "path", "class")) {
            if (at.isMap() && at.get(key).isEmpty()) {
                problems.add(at, "\"writes." + name + "\" lacks \"" + key + "\"");
            }
        }
        return new Write(name, call, repeat(at), payload(at), OperationsFile.result(at, accepted(at), problems));
    }

    private Repeat repeat(Yaml at) {
        var repeat = new Repeat(
                FileParts.oneOf(at, "class", WriteClass.ONCE),
                new Operation.Key(
                        at.text("idempotency_header").orElse(""),
                        at.text("key_as").orElse("").equals("uuid")),
                FileParts.span(at, "key_kept", Duration.ZERO, problems),
                at.text("lookup").orElse(""),
                FileParts.duration(at, "lag", SEARCH_LAG, problems));
        String given = at.text("class").orElse("").toUpperCase(Locale.ROOT);
        // else the class was noted as missing or unknown
        if (given.equals(repeat.writeClass().name())) {
            boolean keyed = repeat.writeClass() == WriteClass.KEYED;
            boolean forgets = at.get("key_kept").isPresent();
            belongs(at, "idempotency_header", keyed, "keyed");
            if (!keyed) {
                belongs(at, "lookup", repeat.writeClass() == WriteClass.LOOKUP, "lookup");
            }
            for (String key : List.of("key_kept", "key_as")) {
                if (!keyed && at.get(key).isPresent()) {
                    problems.addAtKey(at, key, "\"" + key + "\" is only for a write of class keyed");
                }
            }
            if (keyed && !forgets && at.get("lookup").isPresent()) {
                problems.addAtKey(
                        at,
                        "lookup",
                        "a write of class keyed is looked up when its key is forgotten; write \"key_kept\"");
            }
            if (at.get("lag").isPresent() && at.get("lookup").isEmpty()) {
                problems.addAtKey(at, "lag", "\"lag\" is about a \"lookup\", and there is none");
            }
        }
        return repeat;
    }

    private void belongs(Yaml at, String key, boolean wanted, String writeClass) {
        if (wanted && at.get(key).isEmpty()) {
            problems.add(at, "a write of class " + writeClass + " lacks \"" + key + "\"");
        } else if (!wanted && at.get(key).isPresent()) {
            problems.addAtKey(at, key, "\"" + key + "\" is only for a write of class " + writeClass);
        }
    }

    private Payload payload(Yaml at) {
        Encoding encoding = FileParts.oneOf(at, "body", Encoding.JSON);
        List<String> files = texts(at, "files");
        if (!files.isEmpty() && encoding != Encoding.MULTIPART) {
            problems.addAtKey(at, "files", "files are sent in parts; write \"body: multipart\"");
        }
        if (at.get("graphql").isPresent() && encoding != Encoding.JSON) {
            problems.addAtKey(at, "body", "a GraphQL document and its variables are sent as JSON; leave \"body\" out");
        }
        for (String key : List.of("wrap", "as_list", "defaults", "without", "with")) {
            if (encoding == Encoding.NONE && at.get(key).isPresent()) {
                problems.addAtKey(at, key, "\"" + key + "\" is about a body and \"body: none\" sends none");
            } else if (encoding == Encoding.RAW && at.get(key).isPresent()) {
                problems.addAtKey(
                        at,
                        key,
                        "\"" + key + "\" is about fields, and \"body: raw\" sends a file as it is; remove one");
            }
        }
        if ((encoding == Encoding.FORM || encoding == Encoding.MULTIPART)
                && at.get("as_list").isPresent()) {
            problems.addAtKey(at, "as_list", "a form has named fields and is no list; only a JSON body can be one");
        }
        var body = new Body(
                encoding,
                at.text("wrap").orElse(""),
                at.get("as_list").map(l -> l.json().asBoolean()).orElse(false),
                new Body.Fields(
                        at.get("defaults").map(defaults -> JsonTemplate.of(defaults, problems)), texts(at, "without")),
                at.get("with").map(with -> JsonTemplate.of(with, problems)),
                files);
        return new Payload(
                body, new BatchFile(problems).read(at, FileParts.oneOf(at, "class", WriteClass.ONCE), encoding));
    }

    private static List<String> texts(Yaml at, String key) {
        return at.get(key).map(Yaml::items).orElse(List.of()).stream()
                .map(Yaml::text)
                .toList();
    }

    /** The places in the defaults of a write. */
    static Set<String> defaults(Operation.Single operation) {
        return operation instanceof Write write
                ? write.payload().body().fields().defaults().stream()
                        .flatMap(defaults -> defaults.texts().stream())
                        .flatMap(text -> text.places().stream())
                        .collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    private Optional<Accepted> accepted(Yaml write) {
        return write.get("accepted").filter(Yaml::isMap).map(at -> {
            if (at.get("job").isPresent() == at.get("job_header").isPresent()) {
                problems.add(
                        at, "\"accepted\" needs one of \"job\" and \"job_header\", whichever names what to ask for");
            }
            if (at.get("done").isEmpty() && at.get("failed").isEmpty()) {
                problems.add(
                        at, "\"accepted\" names neither \"done\" nor \"failed\"; say which words of \"state\" end it");
            }
            Set<Integer> statuses = RulesFile.statuses(at, "status");
            checkWords(at);
            return new Accepted(
                    statuses.isEmpty() ? Set.of(ACCEPTED) : statuses,
                    at.text("read").orElse(""),
                    new Accepted.Job(
                            at.text("job").orElse(""), at.text("job_header").orElse(""), places(at, "job")),
                    new Accepted.Words(
                            at.text("state").orElse(""),
                            words(at, "done"),
                            words(at, "failed"),
                            at.text("reason").orElse("")),
                    looks(at),
                    failures(write, at));
        });
    }

    private void checkWords(Yaml accepted) {
        Set<String> failed = words(accepted, "failed");
        words(accepted, "done").stream()
                .filter(failed::contains)
                .findFirst()
                .ifPresent(word -> problems.addAtKey(
                        accepted,
                        "failed",
                        "\"" + word + "\" stands under \"done\" and under \"failed\"; remove it from one of them"));
    }

    private Accepted.Looks looks(Yaml at) {
        var looks = new Accepted.Looks(
                FileParts.span(at, "first", FIRST_LOOK, problems),
                FileParts.span(at, "longest", LONGEST_LOOK, problems),
                FileParts.span(at, "within", GIVE_UP, problems));
        checkOrder(at, "first", looks.first(), "longest", looks.longest());
        checkOrder(at, "first", looks.first(), "within", looks.within());
        return looks;
    }

    private void checkOrder(Yaml at, String first, Duration shorter, String then, Duration longer) {
        if (shorter.compareTo(longer) > 0) {
            problems.addAtKey(
                    at,
                    at.get(then).isPresent() ? then : first,
                    "\"" + first + "\" is " + Durations.text(shorter) + " and \"" + then + "\" only "
                            + Durations.text(longer) + "; write a longer \"" + then + "\", or a shorter \"" + first
                            + "\"");
        }
    }

    /** Text with places of the answer; empty where there is none, or a dotted path alone. */
    private Optional<FirstTemplate> places(Yaml map, String key) {
        Optional<Yaml> at = map.get(key).filter(Yaml::isScalar);
        if (at.filter(value -> value.text().contains("{")).isPresent()) {
            return FirstTemplate.read(map, key, problems);
        }
        at.filter(value -> DottedPath.isOfAnotherDialect(value.text()))
                .ifPresent(value -> problems.add(
                        value, "\"" + key + "\" is \"" + value.text() + "\"; " + DottedPath.instead(value.text())));
        return Optional.empty();
    }

    private Accepted.Failures failures(Yaml write, Yaml at) {
        boolean listed =
                write.get("batch").flatMap(batch -> batch.get("failures")).isPresent();
        for (String key : List.of("failures_read", "failures_total")) {
            if (!listed && at.get(key).isPresent()) {
                problems.addAtKey(
                        at,
                        key,
                        "\"" + key
                                + "\" is about records that a job refused; name the \"failures\" of a \"batch\" too, by"
                                + " which they are found");
            }
        }
        return new Accepted.Failures(
                at.text("failures_read").orElse(""), at.text("failures_total").orElse(""));
    }

    private static Set<String> words(Yaml at, String key) {
        var words = new LinkedHashSet<String>();
        at.get(key).ifPresent(list -> list.items().forEach(item -> words.add(item.text())));
        return words;
    }

    private void checkAlone(Yaml at) {
        at.entries().keySet().stream()
                .filter(key -> !key.equals("upsert"))
                .forEach(key -> problems.addAtKey(
                        at,
                        key,
                        "an upsert is made of other operations; write \"" + key + "\" at its create and update"));
    }

    private Optional<FirstTemplate> createdId(Yaml upsert) {
        Optional<FirstTemplate> id = FirstTemplate.read(upsert, "created_id", problems);
        id.filter(text -> text.names().isEmpty())
                .ifPresent(text -> problems.addAtKey(
                        upsert,
                        "created_id",
                        "\"created_id\" is the same for every record; name where the answer of create says it, as in"
                                + " \"{last(header.Location)}\""));
        return id;
    }

    private Upsert upsert(String name, Yaml at) {
        Text key = FileParts.text(at, "key", problems);
        at.get("key")
                .filter(k -> key.places().isEmpty())
                .ifPresent(
                        k -> problems.add(
                                k,
                                "\"key\" is the same for every record; name the field that tells them apart, as in \"{email}\""));
        return new Upsert(
                name,
                at.text("object").orElse(name),
                key,
                new Upsert.Calls(
                        at.text("search").orElse(""),
                        at.text("create").orElse(""),
                        at.text("update").orElse(""),
                        at.text("over").orElse("")),
                new Upsert.Hit(
                        at.text("found").orElse("id"),
                        createdId(at),
                        at.text("same").orElse(""),
                        FileParts.duration(at, "lag", SEARCH_LAG, problems)));
    }
}
