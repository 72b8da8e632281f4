package dev.serai.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.serai.record.Masks;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines of the log in which nobody is recognised, whoever wrote the words: all of them go through here, so that none is forgotten.
 * See {@code logback.xml}.
 */
public final class MaskedLines extends EncoderBase<ILoggingEvent> {
    /** Escapes of a line in JSON: their letters are no part of an address behind them. */
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u[0-9a-fA-F]{4}|.)");

    private Encoder<ILoggingEvent> encoder;

    /** Who writes the line. */
    public void setEncoder(Encoder<ILoggingEvent> encoder) {
        this.encoder = encoder;
    }

    @Override
    public byte[] headerBytes() {
        return encoder.headerBytes();
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        return masked(new String(encoder.encode(event), StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    private static String masked(String line) {
        if (line.indexOf('\\') < 0) {
            return Masks.inText(line);
        }
        var masked = new StringBuilder(line.length());
        Matcher escape = ESCAPE.matcher(line);
        int end = 0;
        while (escape.find()) {
            masked.append(Masks.inText(line.substring(end, escape.start()))).append(escape.group());
            end = escape.end();
        }
        return masked.append(Masks.inText(line.substring(end))).toString();
    }

    @Override
    public byte[] footerBytes() {
        return encoder.footerBytes();
    }

    @Override
    public void stop() {
        encoder.stop();
        super.stop();
    }
}
