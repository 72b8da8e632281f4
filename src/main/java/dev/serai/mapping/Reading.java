package dev.serai.mapping;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.file.Place;
import dev.serai.record.Unacceptable;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A place of the record that a mapping reads.
 *
 * @param path dotted, {@code *} for any item of a list; empty for the record itself
 * @param whole whether all that stands under it is taken over as well
 * @param field the target
 * @param personal whether the value must be masked
 */
public record Reading(String path, boolean whole, String field, boolean personal, List<Act> acts) {

    /** The table that the value goes through, if there is one. */
    private Optional<Table> table() {
        return acts.stream()
                .filter(Table.class::isInstance)
                .map(Table.class::cast)
                .findFirst();
    }

    /** Where the table stands that does not list this value, and what it does with it; empty when all is well. */
    public Optional<Lack> lack(String value) {
        return table().filter(table -> !lists(table, value))
                .map(table -> new Lack(
                        table.place(),
                        switch (table.unknown()) {
                            case REFUSE -> "refuses the record";
                            case DEFAULT -> "makes \"" + table.otherwise().asText() + "\" of it";
                            case PASS -> "lets it pass as it is";
                            case LEAVE_OUT -> "leaves it out";
                        }));
    }

    /** @param place of the table's entries @param effect what the table does with the value, continues "it" */
    public record Lack(Place place, String effect) {}

    /** As a record with this value would come to the table. */
    private boolean lists(Table table, String value) {
        var nothing = new Given(TextNode.valueOf(value), Map.of());
        com.fasterxml.jackson.databind.JsonNode at = nothing.record();
        try {
            for (Act act : acts) {
                if (act == table || at == null) {
                    break;
                }
                at = act.apply(at, nothing);
            }
        } catch (Unacceptable e) {
            return false;
        }
        return at != null && table.lists(at);
    }
}
