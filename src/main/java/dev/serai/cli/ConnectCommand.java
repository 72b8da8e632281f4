package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.config.Setting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "connect",
        description = {
            "Connect an account by consent: prints a link that works once, for 15 minutes.",
            "Open it in a browser, agree at the vendor, and the hub has its token. A hub must be running. Who made "
                    + "the link is noted."
        })
@SettingFlags.Uses({Setting.MAPPINGS, Setting.HTTP_PUBLIC_URL})
final class ConnectCommand extends HubCommand {
    @Parameters(paramLabel = "NAME", description = "The connection: hubspot.")
    private String name;

    ConnectCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        return hub(Cli.FOUND, hub -> {
            JsonNode link = hub.post(HubClient.path("connections", name, "reconnect"));
            out().println("Open this link once, within 15 minutes:");
            out().println(Facts.text(link, "open"));
            out().println("The app at the vendor must allow the address " + Facts.text(link, "callback"));
            return Cli.FINE;
        });
    }
}
