package dev.serai.cli.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.StreamEvent;
import dev.serai.simulator.VendorDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * A sample of what an operation answers, fuller than the records a simulator lists: is it as the contract has it, is what the
 * connector file says found in it, and does the mapping read each of its records?
 */
final class AnswerCheck {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Trial trial;
    private final Reader reader;
    private final byte[] sample;

    /** @throws IllegalArgumentException when the sample can't be read */
    AnswerCheck(Trial trial, Reader reader, Path folder) {
        this.trial = trial;
        this.reader = reader;
        this.sample = Examples.sample(folder, trial.example().sample().orElseThrow());
    }

    Finding contract() {
        JsonNode answer;
        try {
            answer = JSON.readTree(sample);
        } catch (IOException e) {
            return Finding.failed("it is no JSON; give the body as the system answers it");
        }
        trial.fresh();
        VendorDocument document = trial.bench().simulator().document(trial.vendor());
        String operation =
                trial.bench().promise(trial.connector(), trial.request()).operation();
        Optional<List<String>> unlike = document.unlike(operation, answer);
        if (unlike.isEmpty()) {
            return Finding.unverified("contract.json does not say what " + name() + " answers");
        }
        if (!unlike.get().isEmpty()) {
            return Finding.failed(operation + ": " + unlike.get().get(0));
        }
        return document.oursAlone() || document.ours(operation) ? Finding.unverified(CallChecks.OURS) : Finding.OK;
    }

    private String name() {
        return trial.operation().name();
    }

    Finding read() {
        var answer = new Answer(200, Map.of("Content-Type", "application/json"), sample);
        try {
            List<byte[]> records = trial.isStream() ? listed(answer) : returned(answer);
            return records.stream()
                    .flatMap(record -> reader.problem(record).stream())
                    .findFirst()
                    .map(Finding::failed)
                    .orElse(Finding.OK);
        } catch (ConnectorRefused e) {
            return Finding.failed(e.getMessage());
        }
    }

    /** One record, or each of the list it is. */
    private List<byte[]> returned(Answer answer) {
        JsonNode useful = trial.connector().useful(name(), answer);
        if (useful.isMissingNode() || useful.isNull() || useful.isArray() && useful.isEmpty()) {
            throw new ConnectorRefused("what \"returns\" of \"" + name() + "\" names is not in it");
        }
        Iterable<JsonNode> records = useful.isArray() ? useful : List.of(useful);
        return StreamSupport.stream(records.spliterator(), false)
                .map(record -> record.toString().getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private List<byte[]> listed(Answer answer) {
        Connector connector = trial.connector();
        var first = connector
                .polling(name())
                .first(Optional.empty(), trial.example().arguments(), Bench.NOON);
        List<StreamEvent> events = connector.polling(name()).read(first, answer).events();
        RepeatChecks.unfit(events).ifPresent(problem -> {
            throw new ConnectorRefused(problem);
        });
        if (events.isEmpty()) {
            throw new ConnectorRefused("no record is found in it; correct \"records\", or the sample");
        }
        return events.stream().map(StreamEvent::bytes).toList();
    }
}
