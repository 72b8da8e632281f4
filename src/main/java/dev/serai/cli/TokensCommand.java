package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Role;
import dev.serai.file.Durations;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "tokens",
        description = {
            "Say who may use the console and the API, and for what. A token is shown once, when it is made.",
            "Works beside a running hub, on the same settings: so the first one is made. With it, also over --hub.",
            ""
        },
        synopsisSubcommandLabel = "(list | create | revoke)",
        footer = {
            "",
            "Examples:",
            "  serai tokens create ada --role operator",
            "  serai tokens create grafana --role viewer --expires 90d",
            "  serai tokens revoke grafana"
        },
        subcommands = {TokensCommand.Lists.class, TokensCommand.Create.class, TokensCommand.Revoke.class})
final class TokensCommand extends ShellCommand {
    TokensCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        throw new WrongUse("Write serai tokens list, or create or revoke and a name: serai tokens create ada.");
    }

    @Command(name = "list", description = "Who has a token, for what, and when it was last used.")
    static final class Lists extends ListCommand {
        Lists(Shell shell) {
            super(shell);
        }

        @Override
        List<JsonNode> items(HubClient hub) {
            return hub.items("/tokens");
        }

        @Override
        String none() {
            return "No tokens yet: serai tokens create ada --role operator.";
        }

        @Override
        Table table(List<JsonNode> tokens) {
            Instant now = Instant.now();
            var table = new Table("token", "role", "made by", "expires", "last used");
            tokens.forEach(token -> table.row(
                    Facts.text(token, "token"),
                    Facts.text(token, "role"),
                    Facts.text(token, "created_by"),
                    Facts.has(token, "expires_at") ? Words.time(Facts.time(token, "expires_at")) : "never",
                    Facts.age(token, "used_at", now, "never")));
            return table;
        }
    }

    @Command(name = "create", description = "Make a token; it is shown this once.")
    static final class Create extends HubCommand {
        @Parameters(paramLabel = "NAME", description = "Of the person or program; the audit says it.")
        private String name;

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                required = true,
                description = "viewer (people masked), operator (sees and acts) or admin (tokens, erasure too).")
        private String role;

        @Option(names = "--expires", paramLabel = "TIME", description = "After so long: 90d. Never, unless said.")
        private String expires;

        Create(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() {
            if (!name.matches("[a-z0-9][a-z0-9._-]{0,62}")) {
                throw new WrongUse(name + ": small letters, digits, dots and hyphens are a name, such as ada.");
            }
            ObjectNode order = HubClient.body().put("token", name).put("role", role().word());
            if (expires != null) {
                if (Durations.parse(expires).isEmpty()) {
                    throw new WrongUse("--expires " + expires + ": not a duration; write 90d or 12h");
                }
                order.put("expires_in", expires);
            }
            return hub(Cli.FOUND, hub -> {
                try {
                    JsonNode created = hub.post("/tokens", order);
                    out().println(Facts.text(created, "secret"));
                    shell().err()
                            .println("This is the token of " + name + ", " + Facts.text(created, "role")
                                    + ". It is not shown again.");
                    return Cli.FINE;
                } catch (HubProblem e) {
                    if (e.isConflict()) {
                        return missing(
                                "There is a token " + name + " already; serai tokens revoke " + name + " first.");
                    }
                    throw e;
                }
            });
        }

        private Role role() {
            try {
                return Role.valueOf(role.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new WrongUse("--role " + role + ": write viewer, operator or admin");
            }
        }
    }

    @Command(name = "revoke", description = "Take a token back, at once.")
    static final class Revoke extends HubCommand {
        @Parameters(paramLabel = "NAME", description = "As the list shows it.")
        private String name;

        Revoke(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() {
            return hub(Cli.FOUND, hub -> {
                try {
                    hub.delete(HubClient.path("tokens", name));
                    out().println("The token of " + name + " is no longer valid.");
                    return Cli.FINE;
                } catch (HubProblem e) {
                    if (e.isNotFound()) {
                        return missing("There is no token " + name + "; see serai tokens list.");
                    }
                    throw e;
                }
            });
        }
    }
}
