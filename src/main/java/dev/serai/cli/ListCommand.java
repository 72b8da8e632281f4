package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import picocli.CommandLine.Option;

/** A list that a hub has: a table, or with {@code --json} the items as the API tells them. */
abstract class ListCommand extends HubCommand {
    @Option(names = "--json", description = "As JSON, for scripts.")
    private boolean json;

    ListCommand(Shell shell) {
        super(shell);
    }

    abstract List<JsonNode> items(HubClient hub);

    /** What is said of an empty list. */
    abstract String none();

    abstract Table table(List<JsonNode> items);

    /** More than the table, for people. */
    void more(List<JsonNode> items) {}

    /** The exit code. */
    int code(List<JsonNode> items) {
        return Cli.FINE;
    }

    /** Which way the hub is asked. */
    int ask(Errand errand) {
        return hub(Cli.FINE, errand);
    }

    @Override
    public final Integer call() {
        return ask(hub -> {
            List<JsonNode> items = items(hub);
            if (json) {
                json(items);
                return code(items);
            }
            if (items.isEmpty()) {
                out().println(none());
            } else {
                print(table(items));
            }
            more(items);
            return code(items);
        });
    }
}
