package dev.serai.connector;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** One thing a connector can do: a read, a write, or listing what has changed. */
public sealed interface Operation permits Operation.Read, Operation.Write, Listing {
    String name();

    Call call();

    /** Rules of its own; they come before those of the connector. */
    List<ErrorRule> errors();

    /** The values its address, headers and body template ask for, as arguments or fields of the body. */
    default Set<String> places() {
        var names = new TreeSet<String>();
        call().texts().forEach(text -> names.addAll(text.places()));
        return names;
    }

    /** Fetches something; may be repeated at will. */
    record Read(String name, Call call, Result result) implements Operation {
        @Override
        public List<ErrorRule> errors() {
            return result.errors();
        }
    }

    /** Changes something. */
    record Write(String name, Call call, Repeat repeat, Payload payload, Result result) implements Operation {
        @Override
        public List<ErrorRule> errors() {
            return result.errors();
        }
    }

    /**
     * Where a call goes.
     *
     * @param path begins with a slash; appended to the base address
     * @param body the fixed body of a read or a listing that is asked by POST
     */
    record Call(
            String method, Text path, Map<String, Text> query, Map<String, Text> headers, Optional<JsonTemplate> body) {

        Stream<Text> texts() {
            var named = Stream.concat(query.values().stream(), headers.values().stream());
            return Stream.concat(
                    Stream.concat(Stream.of(path), named), body.map(JsonTemplate::texts).orElse(Set.of()).stream());
        }
    }

    /**
     * What sending it again does.
     *
     * @param keyHeader the header that carries the key; only for {@link WriteClass#KEYED}
     * @param lookup the read that tells whether it was done; only for {@link WriteClass#LOOKUP}
     */
    record Repeat(WriteClass writeClass, String keyHeader, String lookup) {}

    /**
     * How a body is written.
     *
     * @param wrap the name it is put under, empty for none
     * @param batch how it takes many records; empty for a write of one
     */
    record Payload(Encoding encoding, String wrap, Optional<BatchShape> batch) {}

    /** How a write's body is written. */
    enum Encoding {
        JSON,
        /** {@code application/x-www-form-urlencoded}, nested names in brackets: {@code metadata[crm_id]=42}. */
        FORM,
        NONE
    }

    /**
     * What is of use in an answer.
     *
     * @param path dotted, into the JSON body; empty for all of it
     * @param header the header that says it instead, empty for none
     */
    record Result(String path, String header, List<ErrorRule> errors) {}
}
