package dev.serai.config;

import dev.serai.file.Durations;
import dev.serai.file.Suggest;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The settings of one start: flags win over the environment, the environment over {@code serai.properties}, that over
 * the files of {@code serai.secrets.dir}, those over the defaults. Names that begin with {@code serai.} are the hub's own and checked; all others ({@code mailchimp.api-key},
 * {@code lists.de}) belong to the files people write and are looked up when a file asks for them.
 */
public final class Settings {
    /** Kubernetes tells every pod of a service named serai: SERAI_SERVICE_HOST, SERAI_PORT, SERAI_PORT_8080_TCP, … */
    private static final Pattern FROM_KUBERNETES = Pattern.compile("SERAI_(SERVICE_.+|PORT(_\\d+_.+)?)");

    private final Map<String, String> file;
    private final Map<String, String> environment;
    private final Map<String, String> flags;
    private final SecretFiles secrets;
    /** Gives the secret for a value that says where in a vault it lies, and any other value back. */
    private final UnaryOperator<String> vault;

    private Settings(Map<String, String> file, Map<String, String> environment, Map<String, String> flags) {
        this(file, environment, flags, UnaryOperator.identity());
    }

    private Settings(
            Map<String, String> file,
            Map<String, String> environment,
            Map<String, String> flags,
            UnaryOperator<String> vault) {
        this.vault = vault;
        this.file = file;
        this.environment = environment;
        this.flags = flags;
        this.secrets = SecretFiles.of(given(Setting.SECRETS_DIR.key()));
    }

    /**
     * Reads and checks everything together.
     *
     * @param file {@code serai.properties}; need not exist
     * @throws SettingsRefused listing every problem
     */
    public static Settings read(Path file, Map<String, String> environment, Map<String, String> flags) {
        var settings = new Settings(properties(file), Map.copyOf(environment), Map.copyOf(flags));
        settings.check();
        return settings;
    }

    private static Map<String, String> properties(Path file) {
        var read = new HashMap<String, String>();
        if (Files.isRegularFile(file)) {
            var properties = new Properties();
            try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                properties.load(in);
            } catch (IOException e) {
                throw new UncheckedIOException("Can't read " + file, e);
            } catch (IllegalArgumentException e) {
                throw new SettingsRefused(List.of(
                        file.getFileName() + ": \\u begins the number of a character; write a backslash as \\\\"));
            }
            properties.forEach((key, value) -> read.put((String) key, ((String) value).strip()));
        }
        return Map.copyOf(read);
    }

    private void check() {
        var problems = new ArrayList<String>();
        var known = new TreeMap<String, Setting>();
        for (Setting setting : Setting.values()) {
            known.put(setting.key(), setting);
        }
        var given = new TreeMap<>(file);
        given.putAll(flags);
        for (String key : given.keySet()) {
            if (key.startsWith("serai.") && !known.containsKey(key)) {
                problems.add(key + ": no such setting; " + Suggest.hint(key, Setting.keys()));
            }
        }
        for (String name : new TreeMap<>(environment).keySet()) {
            if (name.startsWith("SERAI_")
                    && !FROM_KUBERNETES.matcher(name).matches()
                    && known.keySet().stream()
                            .noneMatch(k -> Setting.environmentName(k).equals(name))) {
                problems.add(name + ": no such setting; "
                        + Suggest.hint(
                                name,
                                known.keySet().stream()
                                        .map(Setting::environmentName)
                                        .toList()));
            }
        }
        known.forEach((key, setting) -> {
            String value = text(setting);
            if (!setting.accepts(value)) {
                problems.add(key + " = \"" + (setting.secret() ? "…" : value) + "\": " + setting.expected()
                        + " is needed (default " + setting.byDefault() + ")");
            }
        });
        String apiKey = text(Setting.API_KEY);
        if (!apiKey.isEmpty() && apiKey.length() < 16) {
            problems.add(Setting.API_KEY.key() + ": has " + apiKey.length()
                    + " characters; at least 16 are needed (try: openssl rand -hex 32)");
        }
        if (problems.isEmpty()) {
            problems.addAll(SignInCheck.of(this));
        }
        if (!problems.isEmpty()) {
            throw new SettingsRefused(problems);
        }
    }

    public String text(Setting setting) {
        return lookup(setting.key()).orElse(setting.byDefault());
    }

    /** Where its value comes from: a flag, the environment, serai.properties, serai.secrets.dir or the default. */
    public String origin(Setting setting) {
        String key = setting.key();
        if (flags.containsKey(key)) {
            return "flag";
        }
        if (environment.containsKey(Setting.environmentName(key))) {
            return "environment";
        }
        if (file.containsKey(key)) {
            return "serai.properties";
        }
        return secrets.get(key).isPresent() ? "serai.secrets.dir" : "default";
    }

    public Path path(Setting setting) {
        return Path.of(text(setting));
    }

    public int number(Setting setting) {
        return Integer.parseInt(text(setting));
    }

    public Duration duration(Setting setting) {
        return Durations.of(text(setting));
    }

    /** A copy with one setting changed, as if by a flag. */
    public Settings with(String key, String value) {
        var changed = new HashMap<>(flags);
        changed.put(key, value);
        return new Settings(file, environment, Map.copyOf(changed), vault);
    }

    /** A copy whose values may lie in a vault. @param secret gives what a value stands for, mostly the value itself */
    public Settings asking(UnaryOperator<String> secret) {
        return new Settings(file, environment, flags, secret);
    }

    /**
     * The value of any name, also one that only a file people wrote asks for as {@code {{name}}}: from flags,
     * environment ({@code MAILCHIMP_API_KEY} for {@code mailchimp.api-key}), {@code serai.properties} or a file of
     * {@code serai.secrets.dir}.
     */
    public Optional<String> lookup(String name) {
        String value = given(name);
        return (value == null ? secrets.get(name) : Optional.of(value)).map(vault);
    }

    private String given(String name) {
        String flag = flags.get(name);
        String fromEnvironment = environment.get(Setting.environmentName(name));
        return flag != null ? flag : fromEnvironment != null ? fromEnvironment : file.get(name);
    }
}
