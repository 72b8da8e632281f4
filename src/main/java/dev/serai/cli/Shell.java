package dev.serai.cli;

import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.route.Vaults;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/** Where a command is called: its input and outputs, whether a person looks on, the flags given. */
public final class Shell {
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final SettingFlags flags = new SettingFlags();
    private final boolean terminal = System.console() != null && isTerminal();

    public Shell(InputStream in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /** From Java 22 on there is a console without a terminal too, and a method that tells. */
    private static boolean isTerminal() {
        try {
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(System.console());
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    InputStream in() {
        return in;
    }

    public PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    SettingFlags flags() {
        return flags;
    }

    boolean verbose() {
        return flags.verbose();
    }

    /** Whether a person looks on. */
    boolean terminal() {
        return terminal;
    }

    boolean colours() {
        return terminal && System.getenv("NO_COLOR") == null;
    }

    public Paint paint() {
        return new Paint(colours());
    }

    PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    /**
     * The settings of this call.
     *
     * @throws dev.serai.config.SettingsRefused listing every problem
     */
    Settings settings() {
        Settings settings = Settings.read(flags.config(), System.getenv(), flags.given());
        var vaults = new Vaults(
                settings.text(Setting.VAULT_AWS_REGION),
                settings.text(Setting.VAULT_AWS_ENDPOINT),
                InstantSource.system());
        return settings.asking(vaults::secret);
    }

    /** Settings for a command that answers in lines: the log only speaks up when something is wrong. */
    Settings quietSettings() {
        Settings settings = settings();
        logAs(settings, verbose() ? "INFO" : "ERROR");
        return settings;
    }

    /** Text for a person, JSON for a machine. Takes effect when it comes before the first log line. */
    void logAs(Settings settings, String level) {
        String format = settings.text(Setting.LOG_FORMAT);
        boolean text = format.equals("text") || format.equals("auto") && terminal;
        System.setProperty("serai.log.appender", text ? "text" : "json");
        System.setProperty("serai.log.level", level);
    }
}
