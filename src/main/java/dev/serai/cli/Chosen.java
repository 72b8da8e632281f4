package dev.serai.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which runs a command is to do something with: named ones, or all that the flags describe. */
final class Chosen {
    /** Names at most: more are meant by a filter. */
    private static final int MOST_NAMES = 1000;

    @Parameters(arity = "0..*", paramLabel = "RUN", description = "Their ids, as lists show them: r_81.")
    private List<String> names = new ArrayList<>();

    @Mixin
    private RunFilterFlags flags;

    @Option(names = "--all", description = "All there are; needed when neither a run nor another flag says which.")
    private boolean all;

    /** Runs that were named; empty when a filter says which. */
    List<String> ids() {
        return names.stream().map(RunsCommand::run).distinct().toList();
    }

    /**
     * An order of the API for the named ones, else for those that fit the flags.
     *
     * @param command as it is written
     * @param state of those that are meant unless one is given
     * @throws WrongUse when nothing says which, or two things do
     */
    ObjectNode order(String command, String state) {
        ObjectNode order = HubClient.body();
        if (names.size() > MOST_NAMES) {
            throw new WrongUse(names.size() + " runs are named; at most " + MOST_NAMES
                    + " are taken: say which by flags, such as --flow or --reason.");
        }
        if (!names.isEmpty()) {
            if (flags.isGiven() || all) {
                throw new WrongUse("Write runs or flags that choose them, not both: serai " + command + " "
                        + ids().get(0) + ", or serai " + command + " --flow FLOW.");
            }
            ArrayNode runs = order.putArray("runs");
            ids().forEach(runs::add);
            return order;
        }
        if (!flags.isGiven() && !all) {
            throw new WrongUse("Which runs? Write serai " + command
                    + " r_81, or flags such as --flow, --reason or --since; --all means every one that is " + state
                    + ".");
        }
        if (all) {
            order.put("all", true);
        }
        ObjectNode filter = order.putObject("filter");
        flags.words(state).forEach(filter::put);
        return order;
    }
}
