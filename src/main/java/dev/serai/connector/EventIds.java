package dev.serai.connector;

import dev.serai.file.FirstTemplate;
import dev.serai.file.Problems;
import dev.serai.file.Template;
import dev.serai.file.Yaml;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Streams of one connector share their ids: contact 5 and company 5 that changed in the same second would be one event, and the
 * second be lost. Two that tell of the same things, as two lists of contacts do, are meant to share them.
 */
final class EventIds {
    private static final String PLACE = "\\{[^{}]*}";

    private EventIds() {}

    /** Notes each stream whose ids may be those of an earlier one, for other records. @param streams by name, as they stand */
    static void check(Map<String, Yaml> streams, Map<String, Operation> operations, Problems problems) {
        var before = new LinkedHashMap<String, Listing.Shape>();
        streams.forEach((name, at) -> {
            Optional<Yaml> id = at.get("event").flatMap(event -> event.get("id"));
            if (id.isPresent() && operations.get(name) instanceof Listing listing) {
                before.entrySet().stream()
                        .filter(other -> !tellsTheSame(listing.shape(), other.getValue()))
                        .flatMap(other -> shared(
                                        listing.shape().id(), other.getValue().id())
                                .stream()
                                .map(text -> problem(name, other.getKey(), text)))
                        .findFirst()
                        .ifPresent(problem -> problems.add(id.get(), problem));
                before.put(name, listing.shape());
            }
        });
    }

    private static String problem(String name, String other, String id) {
        return "\"streams." + other + "\" gives ids of the same form as \"" + id
                + "\" to other things, so that a record"
                + " could be taken for a repeat of one of those and be lost; write a word of its own into it, as in \""
                + name
                + ":" + id + "\"";
    }

    private static boolean tellsTheSame(Listing.Shape one, Listing.Shape other) {
        return one.type().toString().equals(other.type().toString())
                && forms(one.record()).equals(forms(other.record()));
    }

    /** The first of its texts that may give an id of the other's. */
    private static Optional<String> shared(FirstTemplate one, FirstTemplate other) {
        var taken = forms(other);
        return texts(one).stream().filter(text -> taken.contains(form(text))).findFirst();
    }

    private static List<String> forms(FirstTemplate templates) {
        return texts(templates).stream().map(EventIds::form).toList();
    }

    private static List<String> texts(FirstTemplate templates) {
        return templates.templates().stream().map(Template::toString).toList();
    }

    /** What all its ids have in common: places of other names may have the same value all the same. */
    private static String form(String text) {
        return text.replaceAll(PLACE, "{}");
    }
}
