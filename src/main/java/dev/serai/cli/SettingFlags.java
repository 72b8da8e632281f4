package dev.serai.cli;

import dev.serai.config.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The flags every command takes, made from the list of settings: {@code --http-port} is {@code serai.http.port}. A
 * command's help shows those it {@link Uses uses}; it takes all of them.
 */
final class SettingFlags {
    private static final Path DEFAULT_CONFIG = Path.of("serai.properties");
    /** Who lists processes reads flags. */
    static final Setting NEVER_A_FLAG = Setting.HUB_TOKEN;

    /** What leads to a hub: an address, or its database. */
    private static final Set<Setting> OF_A_HUB =
            Set.of(Setting.HUB, Setting.HUB_TOKEN_FILE, Setting.DATA, Setting.DATABASE_URL);

    private final Map<String, String> given = new HashMap<>();
    private Path config = DEFAULT_CONFIG;
    private boolean configGiven;
    private boolean verbose;
    /** Null when nothing is. */
    private WrongUse wrong;

    /** The settings a command's help shows. */
    @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
    @interface Uses {
        Setting[] value() default {};

        boolean all() default false;
    }

    /** To all commands. */
    void addTo(CommandLine line) {
        addTo(line, name -> true);
    }

    /** To those whose name was said, which is all that a call needs: of all flags of all commands there are thousands. */
    void addTo(CommandLine line, Set<String> said) {
        // a file of words is read by the parser
        addTo(line, said.stream().anyMatch(word -> word.startsWith("@")) ? name -> true : said::contains);
    }

    private void addTo(CommandLine line, Predicate<String> called) {
        addTo(line.getCommandSpec());
        line.getSubcommands().entrySet().stream()
                .filter(command -> called.test(command.getKey()))
                .map(Map.Entry::getValue)
                .distinct()
                .forEach(command -> addTo(command, called));
    }

    private void addTo(CommandSpec spec) {
        spec.usageMessage().abbreviateSynopsis(true);
        Uses uses = spec.userObject().getClass().getAnnotation(Uses.class);
        boolean asksHub = spec.userObject() instanceof HubCommand;
        boolean any = uses != null || asksHub;
        for (Setting setting : Setting.values()) {
            boolean shown = uses != null && (uses.all() || List.of(uses.value()).contains(setting))
                    || asksHub && OF_A_HUB.contains(setting);
            if (setting != NEVER_A_FLAG) {
                spec.addOption(flag(setting, shown));
            }
        }
        if (!asksHub && spec.subcommands().isEmpty()) {
            sayItIsLocal(spec);
        }
        spec.addOption(option("--set", "NAME=VALUE", "Any setting by its name, such as mailchimp.api-key.", this::set)
                .hidden(!any)
                .build());
        spec.addOption(option("--config", "FILE", "File with settings. Default: serai.properties.", this::config)
                .hidden(!any)
                .build());
        if (spec.findOption("--verbose") == null) {
            spec.addOption(OptionSpec.builder("--verbose")
                    .arity("0")
                    .type(boolean.class)
                    .description("Show log lines, and where an error happened.")
                    .setter(setter(value -> verbose |= Boolean.parseBoolean(value)))
                    .build());
        }
        if (spec.findOption("--help") == null) {
            spec.addOption(OptionSpec.builder("-h", "--help")
                    .usageHelp(true)
                    .description("Show this help.")
                    .build());
        }
    }

    /** In the help of what is about this machine by its nature. */
    private static void sayItIsLocal(CommandSpec spec) {
        var words = new ArrayList<>(List.of(spec.usageMessage().description()));
        words.removeIf(String::isBlank);
        words.add("Works on this machine alone, and takes no --hub.");
        if (spec.usageMessage().footer().length > 0) {
            words.add("");
        }
        spec.usageMessage().description(words.toArray(String[]::new));
    }

    private OptionSpec flag(Setting setting, boolean shown) {
        String byDefault = setting.byDefault().isEmpty() ? "" : " Default: " + setting.byDefault() + ".";
        return option(
                        flagOf(setting),
                        setting.secret() ? "SECRET" : "VALUE",
                        (setting.meaning() + byDefault).replace("%", "%%"),
                        value -> given.put(setting.key(), value))
                .hidden(!shown)
                .build();
    }

    /** {@code --http-port} for {@code serai.http.port}. */
    static String flagOf(Setting setting) {
        return "--" + setting.key().substring("serai.".length()).replace('.', '-');
    }

    private static OptionSpec.Builder option(
            String name, String label, String description, java.util.function.Consumer<String> take) {
        return OptionSpec.builder(name)
                .arity("1")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel(label)
                .description(description)
                .setter(new ISetter() {
                    @Override
                    @SuppressWarnings("unchecked")
                    public <T> T set(T values) {
                        if (values != null) {
                            ((List<String>) values).forEach(take);
                        }
                        return null;
                    }
                });
    }

    private static ISetter setter(java.util.function.Consumer<String> take) {
        return new ISetter() {
            @Override
            public <T> T set(T value) {
                if (value != null) {
                    take.accept(value.toString());
                }
                return null;
            }
        };
    }

    /** What is wrong is said later: thrown from here, the value would stand in the parser's own words. */
    private void set(String pair) {
        int equals = pair.indexOf('=');
        if (equals < 1) {
            wrong = new WrongUse(
                    "--set " + (equals < 0 ? pair : "…") + ": NAME=VALUE is needed, such as lists.de=a1b2c3");
            return;
        }
        String name = pair.substring(0, equals).strip();
        if (name.equals(NEVER_A_FLAG.key())) {
            wrong = new WrongUse(
                    "--set " + name + "=…: others can read what stands on a command line; put the token into "
                            + Setting.environmentName(name) + ", or name a file that holds it with --hub-token-file");
            return;
        }
        given.put(name, pair.substring(equals + 1));
    }

    private void config(String file) {
        config = Path.of(file);
        configGiven = true;
    }

    /** @throws WrongUse when a file was named that does not exist */
    Path config() {
        if (configGiven && !java.nio.file.Files.isRegularFile(config)) {
            throw new WrongUse("--config " + config + ": there is no such file");
        }
        return config;
    }

    boolean isGiven(Setting setting) {
        return given.containsKey(setting.key());
    }

    /** @throws WrongUse when one of them can't be read */
    Map<String, String> given() {
        if (wrong != null) {
            throw wrong;
        }
        return Map.copyOf(given);
    }

    boolean verbose() {
        return verbose;
    }
}
