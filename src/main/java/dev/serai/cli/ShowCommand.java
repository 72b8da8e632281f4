package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Option;

/** One thing that a hub has: in lines, or with {@code --json} as the API tells it. */
abstract class ShowCommand extends HubCommand {
    @Option(names = "--json", description = "As JSON, for scripts.")
    private boolean json;

    ShowCommand(Shell shell) {
        super(shell);
    }

    /** @throws HubProblem when there is none */
    abstract JsonNode read(HubClient hub);

    abstract void tell(JsonNode found);

    /** What is said when there is none. */
    String missing(HubProblem problem) {
        return problem.getMessage();
    }

    @Override
    public final Integer call() {
        return hub(Cli.FOUND, hub -> {
            JsonNode found;
            try {
                found = read(hub);
            } catch (HubProblem e) {
                if (e.isNotFound()) {
                    return missing(missing(e));
                }
                throw e;
            }
            if (json) {
                json(found);
            } else {
                tell(found);
            }
            return Cli.FINE;
        });
    }
}
