package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.KeyValuePair;

/** The log as it is written by {@code logback.xml}: nobody whom a vendor names by an address or a number gets into it. */
class MaskedLinesTest {
    private static final Path FILE = Path.of("src/main/resources/logback.xml");

    @TempDir
    private Path folder;

    private final LoggerContext context = new LoggerContext();

    @AfterEach
    void stop() {
        context.stop();
    }

    private String line(String appender, String words, Object value, Throwable thrown) throws JoranException {
        context.putProperty("serai.log.appender", appender);
        context.putProperty("serai.log.file", folder.resolve("log").toString());
        context.setMDCAdapter(new LogbackMDCAdapter());
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(FILE.toFile());
        var logger = context.getLogger("dev.serai.route.Gate");
        var event = new LoggingEvent("", logger, Level.WARN, words, thrown, null);
        event.addKeyValuePair(new KeyValuePair("reason", value));
        var out =
                (OutputStreamAppender<ILoggingEvent>) context.getLogger("ROOT").getAppender(appender);
        return new String(out.getEncoder().encode(event), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json", "file"})
    void whoeverWroteTheWordsNobodyIsRecognised(String appender) throws JoranException {
        String line = line(
                appender,
                "breaker.opened at https://hub.example/x for e_81",
                "answered 400: ada@example.com, +49 30 901820, is taken",
                new IllegalStateException("no grace@example.com"));

        assertThat(line)
                .contains("breaker.opened at https://hub.example/x for e_81", "a***@e***", "+***", "no g***@e***")
                .doesNotContain("ada@", "901820", "grace@")
                .endsWith("\n");
    }

    @Test
    void aLineForMachinesStaysJsonWhateverStandsBeforeAnAddress() throws JoranException, JsonProcessingException {
        var escapes = List.of("\u0001", "\n", "\t", "\"", "\\", "\u001b");
        for (String before : escapes) {
            JsonNode line = new ObjectMapper().readTree(line("json", "x", before + "ada@example.com", null));

            assertThat(line.path("reason").asText()).isEqualTo(before + "a***@e***");
            assertThat(line.path("@timestamp").asText()).endsWith("Z");
        }
    }
}
