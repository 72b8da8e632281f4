package dev.serai.cli;

import dev.serai.api.Role;
import dev.serai.config.Setting;
import dev.serai.file.Durations;
import dev.serai.store.ApiTokens;
import dev.serai.store.ApiTokens.Token;
import dev.serai.store.ByHand;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "tokens",
        description = {
            "Say who may use the console and the API, and for what. A token is shown once, when it is made.",
            "Works beside a running hub, on the same settings.",
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

    private static ByHand here() {
        return new ByHand(System.getProperty("user.name"), "by serai tokens");
    }

    @Command(name = "list", description = "Who has a token, for what, and when it was last used.")
    @SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
    static final class Lists extends ShellCommand {
        Lists(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() throws SQLException {
            return RunLists.inStore(shell(), Cli.FINE, database -> {
                List<Token> tokens = new ApiTokens(database.dataSource(), InstantSource.system()).all();
                if (tokens.isEmpty()) {
                    out().println("No tokens yet: serai tokens create ada --role operator.");
                    return Cli.FINE;
                }
                Instant now = Instant.now();
                var table = new Table("token", "role", "made by", "expires", "last used");
                tokens.forEach(token -> table.row(
                        token.name(),
                        token.role(),
                        token.createdBy(),
                        token.expiresAt() == null ? "never" : Words.time(token.expiresAt()),
                        token.usedAt() == null ? "never" : Words.age(token.usedAt(), now)));
                table.print(out(), shell().paint());
                return Cli.FINE;
            });
        }
    }

    @Command(name = "create", description = "Make a token; it is shown this once.")
    @SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
    static final class Create extends ShellCommand {
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
        public Integer call() throws SQLException {
            if (!name.matches("[a-z0-9][a-z0-9._-]{0,62}")) {
                throw new WrongUse(name + ": small letters, digits, dots and hyphens are a name, such as ada.");
            }
            Role given = role();
            Optional<Instant> end = life().map(Instant.now()::plus);
            return RunLists.inStore(shell(), Cli.FOUND, database -> {
                Optional<String> token = new ApiTokens(database.dataSource(), InstantSource.system())
                        .create(name, given.word(), end, here());
                if (token.isEmpty()) {
                    shell().err()
                            .println("There is a token " + name + " already; serai tokens revoke " + name + " first.");
                    return Cli.FOUND;
                }
                out().println(token.get());
                shell().err()
                        .println("This is the token of " + name + ", " + given.word() + ". It is not shown again.");
                return Cli.FINE;
            });
        }

        private Role role() {
            try {
                return Role.valueOf(role.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new WrongUse("--role " + role + ": write viewer, operator or admin");
            }
        }

        private Optional<Duration> life() {
            if (expires == null) {
                return Optional.empty();
            }
            return Optional.of(Durations.parse(expires)
                    .orElseThrow(() -> new WrongUse("--expires " + expires + ": not a duration; write 90d or 12h")));
        }
    }

    @Command(name = "revoke", description = "Take a token back, at once.")
    @SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
    static final class Revoke extends ShellCommand {
        @Parameters(paramLabel = "NAME", description = "As the list shows it.")
        private String name;

        Revoke(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() throws SQLException {
            return RunLists.inStore(shell(), Cli.FOUND, database -> {
                if (!new ApiTokens(database.dataSource(), InstantSource.system()).revoke(name, here())) {
                    shell().err().println("There is no token " + name + "; see serai tokens list.");
                    return Cli.FOUND;
                }
                out().println("The token of " + name + " is no longer valid.");
                return Cli.FINE;
            });
        }
    }
}
