package dev.serai;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Everything that is logged while it is open. */
public final class LogCapture extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private Level before;
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    /** Says which files were taken. */
    private final Logger files = (Logger) LoggerFactory.getLogger("dev.serai.route.CamelHub");

    public LogCapture() {
        setContext(root.getLoggerContext());
        start();
        root.addAppender(this);
        files.setLevel(Level.INFO);
    }

    @Override
    protected void append(ILoggingEvent event) {
        String failure = event.getThrowableProxy() == null
                ? ""
                : "\n" + ch.qos.logback.classic.spi.ThrowableProxyUtil.asString(event.getThrowableProxy());
        // a line of everything has its named values too; others are read by their words alone
        String values = before == null || event.getKeyValuePairs() == null ? "" : " " + event.getKeyValuePairs();
        lines.add(event.getFormattedMessage() + values + failure);
    }

    /** From now on also what is usually not logged. */
    public void everything() {
        before = root.getLevel();
        root.setLevel(Level.DEBUG);
    }

    public List<String> lines() {
        return lines;
    }

    @Override
    public void close() {
        root.detachAppender(this);
        files.setLevel(null);
        if (before != null) {
            root.setLevel(before);
        }
    }
}
