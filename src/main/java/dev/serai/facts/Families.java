package dev.serai.facts;

import dev.serai.connector.Listing;
import dev.serai.connector.Operation;
import dev.serai.library.Library;
import dev.serai.store.History.EventLine;
import dev.serai.store.Trails.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Flows that write the same: one, and those that replace it, of which each record goes through one at a time. A family has the name
 * of the flow that was there first.
 */
final class Families {
    private final List<Flow> flows;
    private final Library library;
    private final Map<String, String> replaced = new HashMap<>();

    /** @param flows those that have a file */
    Families(List<Flow> flows, Library library) {
        this.flows = flows;
        this.library = library;
        flows.stream()
                .filter(flow -> !flow.terms().replaces().isEmpty())
                .forEach(flow -> replaced.put(flow.id(), flow.terms().replaces()));
    }

    /** A step of a flow that writes. @param step as its file names it */
    record Writer(String step, String connection, String operation) {
        static Writer of(Write write) {
            // the second turn of a step in a run is tell#2
            return new Writer(write.step().replaceFirst("#\\d+$", ""), write.connection(), write.operation());
        }

        /** Whether it is where a write went: a step may have written elsewhere before its file was changed. */
        boolean made(Write write) {
            return place().equals(of(write).place());
        }

        List<String> place() {
            return List.of(step, connection);
        }
    }

    String of(String flow) {
        String first = flow;
        for (int i = 0; i < replaced.size() && replaced.containsKey(first); i++) {
            first = replaced.get(first);
        }
        return first;
    }

    /** Those that take events of that type and source now. */
    Set<String> taking(EventLine event) {
        var families = new LinkedHashSet<String>();
        flows.stream().filter(flow -> takes(flow, event)).forEach(flow -> families.add(of(flow.id())));
        return families;
    }

    /** Through which an event of that type and source may go now. @param before the flow it went through; empty for none */
    Optional<String> way(String family, EventLine event, String before) {
        List<String> ways = flows.stream()
                .filter(flow -> of(flow.id()).equals(family) && takes(flow, event))
                .map(Flow::id)
                .toList();
        return ways.contains(before) ? Optional.of(before) : ways.stream().findFirst();
    }

    /** The flows of a family, also one that has no file any more. */
    List<String> members(String family) {
        var members = new LinkedHashSet<String>(List.of(family));
        flows.stream().map(Flow::id).filter(id -> of(id).equals(family)).forEach(members::add);
        return List.copyOf(members);
    }

    /** What the files of a family write, in their order; steps without an id of their own are known by what they did alone. */
    List<Writer> writers(String family) {
        var writers = new ArrayList<Writer>();
        for (Flow flow : flows) {
            if (of(flow.id()).equals(family)) {
                for (Flow.Step step : Calling.steps(flow.drawing().steps())) {
                    Calling.called(step, library)
                            .filter(call -> !step.id().isEmpty() && writes(call))
                            .map(call -> new Writer(step.id(), call.connector().name(), call.operation()))
                            .ifPresent(writers::add);
                }
            }
        }
        return writers;
    }

    private static boolean writes(Calling.Called call) {
        Operation operation = call.connector().operations().get(call.operation());
        return !(operation instanceof Operation.Read || operation instanceof Listing);
    }

    private static boolean takes(Flow flow, EventLine event) {
        String source = flow.terms().source();
        return flow.terms().types().contains(event.type()) && (source.isEmpty() || source.equals(event.source()));
    }
}
