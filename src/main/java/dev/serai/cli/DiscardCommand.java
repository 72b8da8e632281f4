package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "discard",
        description = {
            "Give dead runs up: they end without having done their work, and later runs that wait behind them go on.",
            "Who and why are noted, and are the reason of the run from then on. There is no way back.",
            ""
        },
        footer = {"", "Example:", "  serai dead-letters discard r_81 --why \"the order was cancelled\""})
final class DiscardCommand extends HubCommand {
    private static final int MOST_AT_ONCE = 100_000;
    private static final int USUAL = 10_000;
    private static final int TOLD = 20;

    @Mixin
    private Chosen chosen;

    @Option(names = "--why", paramLabel = "TEXT", description = "Why nobody needs it any more. Needed.")
    private String why;

    @Option(
            names = "--limit",
            paramLabel = "NUMBER",
            defaultValue = "" + USUAL,
            description = "At most so many, the oldest first. Default: " + USUAL + ".")
    private int limit;

    @Option(names = "--dry-run", description = "Only show what would happen.")
    private boolean dryRun;

    @Option(names = "--json", description = "As JSON, for scripts.")
    private boolean json;

    DiscardCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        ObjectNode order = chosen.order("dead-letters discard", "dead");
        if (limit < 1 || limit > MOST_AT_ONCE) {
            throw new WrongUse("--limit " + limit + ": a number from 1 to " + MOST_AT_ONCE + " is needed.");
        }
        order.put("dry_run", dryRun);
        if (!dryRun) {
            order.put("why", Given.why(why));
        }
        return hub(Cli.FOUND, hub -> {
            JsonNode given = new ManyRuns(hub, new Progress(shell()), order, limit).discard();
            if (json) {
                json(given);
            } else {
                tell(given);
            }
            return given.path("refused").isEmpty() ? Cli.FINE : Cli.FOUND;
        });
    }

    private void tell(JsonNode result) {
        tellGiven(this, result.path("discarded").asInt(), result, "Nothing to discard: no dead letter fits.");
        tellRest(this, result, limit);
    }

    /** How many were given up, or would be. @param nothing said when none fits */
    static void tellGiven(HubCommand command, int given, JsonNode result, String nothing) {
        if (given > 0) {
            String be = result.path("dry_run").asBoolean() ? " would be" : given == 1 ? " is" : " are";
            command.out().println(Words.count(given, "run") + be + " given up.");
        } else if (result.path("refused").isEmpty()) {
            command.out().println(nothing);
        }
    }

    /** What failed alike in a dry run, what was left alone and why, and how many more there are. */
    static void tellRest(HubCommand command, JsonNode result, int limit) {
        if (!result.path("patterns").isEmpty()) {
            command.out().println();
            command.print(RunTable.ofPatterns(result.path("patterns")));
        }
        tellRefused(command, result);
        if (result.path("left").asLong() > 0) {
            command.out()
                    .println(Facts.text(result, "left") + " more fit, beyond --limit " + limit
                            + "; write the command again for them.");
        }
    }

    /** What was left alone and why. */
    static void tellRefused(HubCommand command, JsonNode result) {
        int told = 0;
        for (JsonNode each : result.path("refused")) {
            if (told++ < TOLD) {
                command.missing(Facts.text(each, "run") + ": " + Facts.text(each, "why") + ".");
            }
        }
        if (told > TOLD) {
            command.missing("… and " + (told - TOLD) + " more; --json lists all.");
        }
    }
}
