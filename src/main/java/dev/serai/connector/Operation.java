package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.file.Template;
import dev.serai.run.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** One thing a connector can do: a read, a write, an upsert made of those, or listing what has changed. */
public sealed interface Operation permits Operation.Single, Upsert {
    String name();

    /** Every text of it that has settings or places. */
    Stream<Text> texts();

    /** The values it asks for, as arguments or fields of the body. */
    default Set<String> places() {
        var names = new TreeSet<String>();
        texts().forEach(text -> names.addAll(text.places()));
        return names;
    }

    /**
     * The operations that are called, once each, when it goes its longest way, by name and in their order: what is searched may
     * have to be created, and what is accepted first is asked for. What the way depends on, and how often, is not reckoned here.
     */
    default List<String> madeOf() {
        return List.of(name());
    }

    /** What is left of a search's lag, so long after something was written; zero when it shows all there is. */
    static Duration left(Duration lag, Duration ago) {
        Duration left = lag.minus(ago);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Whether nothing of a call is needed to ask it; what came with the token is none of that. */
    default boolean needsNothing() {
        return places().stream().allMatch(place -> place.startsWith(Values.TOKEN));
    }

    /** What it would be asked with: the value of each of its places that has one. */
    default Map<String, String> question(JsonNode body, Map<String, String> args) {
        var values = Values.places(args, body);
        var question = new TreeMap<String, String>();
        for (String place : places()) {
            Optional.ofNullable(values.apply(place)).ifPresent(value -> question.put(place, value));
        }
        return question;
    }

    /** What is one HTTP call. */
    sealed interface Single extends Operation permits Read, Write, Listing {
        Call call();

        /** Rules of its own; they come before those of the connector. */
        List<ErrorRule> errors();

        /** What its answer is read as. */
        default Result.As answers() {
            return Result.As.JSON;
        }

        @Override
        default Stream<Text> texts() {
            return call().texts();
        }
    }

    /** Fetches something; may be repeated at will. @param cache how long its answer may be used again; zero for not at all */
    record Read(String name, Call call, Result result, Duration cache) implements Single {
        @Override
        public List<ErrorRule> errors() {
            return result.errors();
        }

        @Override
        public Result.As answers() {
            return result.as();
        }
    }

    /** Changes something. */
    record Write(String name, Call call, Repeat repeat, Payload payload, Result result) implements Single {
        @Override
        public List<ErrorRule> errors() {
            return result.errors();
        }

        @Override
        public Result.As answers() {
            return result.as();
        }

        @Override
        public List<String> madeOf() {
            Stream<String> asked = result.accepted().stream()
                    .flatMap(accepted ->
                            Stream.of(accepted.read(), accepted.failures().read()))
                    .filter(read -> !read.isEmpty());
            return Stream.concat(Stream.of(name), asked).toList();
        }

        @Override
        public Stream<Text> texts() {
            Stream<JsonTemplate> beside =
                    Stream.concat(payload.body().with().stream(), payload.batch().flatMap(BatchShape::with).stream());
            return Stream.concat(call.texts(), beside.flatMap(with -> with.texts().stream()));
        }
    }

    /**
     * Where a call goes.
     *
     * @param path begins with a slash; appended to the base address
     * @param body the fixed body of a read or a listing that is asked by POST; the variables of a GraphQL document
     * @param form whether that body is sent as a form
     * @param graphql a GraphQL document that is sent with the body as its variables; empty for none
     */
    record Call(
            String method,
            Text path,
            Map<String, Text> query,
            Map<String, Text> headers,
            Optional<JsonTemplate> body,
            boolean form,
            String graphql) {

        Stream<Text> texts() {
            var named = Stream.concat(query.values().stream(), headers.values().stream());
            return Stream.concat(
                    Stream.concat(Stream.of(path), named), body.map(JsonTemplate::texts).orElse(Set.of()).stream());
        }
    }

    /**
     * What sending it again does.
     *
     * @param key how its key is sent; only for {@link WriteClass#KEYED}
     * @param keyKept for how long the remote recognises the key; zero for ever
     * @param lookup the read that tells whether it was done, for {@link WriteClass#LOOKUP} and for a key that was forgotten;
     *     empty for none
     * @param lag for how long after it was done the look-up may not show it
     */
    record Repeat(WriteClass writeClass, Key key, Duration keyKept, String lookup, Duration lag) {
        /** Whether one of unknown outcome may simply be sent again, however late. */
        public boolean repeatable() {
            return writeClass.repeatable() && keyKept.isZero();
        }

        /** For how long it means nothing yet that the look-up shows nothing, so long after the write was last sent. */
        public Duration unseen(Duration ago) {
            return left(lag, ago);
        }

        /** Whether the remote still recognises a repeat of what was first sent then. */
        public boolean recognised(Instant sent, Instant now) {
            return writeClass == WriteClass.KEYED && now.isBefore(sent.plus(keyKept));
        }
    }

    /**
     * What a repeat is recognised by.
     *
     * @param uuid whether it is sent as a UUID that is always the same for the same key
     */
    record Key(String header, boolean uuid) {
        private static final String HASH = "(.{8})(.{4}).(.{3}).(.{3})(.{12}).*";

        /** In the form of version 4, as systems that look at it ask for. */
        String sent(String key) {
            return uuid ? Template.FUNCTIONS.get("sha256").apply(key).replaceAll(HASH, "$1-$2-4$3-a$4-$5") : key;
        }
    }

    /** How a body is written. @param batch how it takes many records; empty for a write of one */
    record Payload(Body body, Optional<BatchShape> batch) {}

    /**
     * What is of use in an answer.
     *
     * @param as what the answer is read as; path and header are of JSON
     * @param path dotted, into the JSON body; empty for all of it, with {@code *} a list of all that stand there
     * @param header the header that says it instead, empty for none
     * @param accepted how an answer is recognised that only promises to do it; empty when every success is one
     */
    record Result(As as, String path, String header, List<ErrorRule> errors, Optional<Accepted> accepted) {

        private static final int NO_CONTENT = 204;

        /** What an answer is read as. */
        enum As {
            JSON,
            /** {@code {type, text}}. */
            TEXT,
            /** {@code {name, type, base64}}. */
            FILE
        }

        /** Whether it must be JSON to be of use: what is something else would be taken for nothing. */
        boolean needsJson() {
            return as == As.JSON && header.isEmpty();
        }

        /** Whether an answer says what is there, be it nothing: half of an answer, or one of another form, does not. */
        boolean isTold(Answer answer) {
            JsonNode json = answer.json();
            return !needsJson() || json.isMissingNode() || Json.tells(json, path);
        }

        JsonNode useful(Answer answer) {
            if (as != As.JSON) {
                boolean there = Verdicts.byStatus(answer.status()) == Verdict.SUCCESS && answer.status() != NO_CONTENT;
                return !there ? MissingNode.getInstance() : as == As.TEXT ? Content.text(answer) : Content.file(answer);
            }
            if (header.isEmpty() && ("." + path + ".").contains(".*.")) {
                return JsonNodeFactory.instance.arrayNode().addAll(Json.all(answer.json(), path));
            }
            return header.isEmpty()
                    ? Json.at(answer.json(), path)
                    : answer.header(header).<JsonNode>map(TextNode::valueOf).orElse(MissingNode.getInstance());
        }
    }
}
