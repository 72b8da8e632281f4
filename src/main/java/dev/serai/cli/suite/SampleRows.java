package dev.serai.cli.suite;

import dev.serai.file.Problem;
import dev.serai.file.Yaml;
import dev.serai.library.Library;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The rows of a folder's samples: of what the system answers, and of what it sends by itself. */
final class SampleRows {
    private final Library library;
    private final Path folder;
    private final Examples examples;

    SampleRows(Library library, Path folder, Examples examples) {
        this.library = library;
        this.folder = folder;
        this.examples = examples;
    }

    /** @param section {@code webhooks} of the connector file */
    List<Report.Row> sent(Yaml section) {
        var check = new WebhookCheck(section, folder, library);
        var rows = new ArrayList<Report.Row>();
        Problem at = section.problem(section.place(), "");
        for (Yaml example : examples.webhooks()) {
            rows.add(new Report.Row(
                    example.text("sample").orElseThrow(),
                    at,
                    Map.of(Check.WEBHOOK, Suite.found(() -> check.sample(example)))));
        }
        if (rows.isEmpty()) {
            var nothing = Finding.failed("examples.yaml has no sample of what it sends; put one into the folder samples"
                    + " and name it under webhooks, with ours: true where you wrote it yourself");
            rows.add(new Report.Row("webhooks", at, Map.of(Check.WEBHOOK, nothing)));
        }
        return rows;
    }

    /** @param trial of an operation that has a sample */
    Report.Row answered(Trial trial, Problem at) {
        var reader = new Reader(library, trial.example().readBy());
        var findings = new EnumMap<Check, Finding>(Check.class);
        findings.put(Check.CONTRACT, Suite.found(() -> new AnswerCheck(trial, reader, folder).contract()));
        if (findings.get(Check.CONTRACT).state() != Finding.State.FAILED) {
            findings.put(Check.CALL, Suite.found(() -> new AnswerCheck(trial, reader, folder).read()));
        }
        return new Report.Row(trial.example().sample().orElseThrow(), at, findings);
    }
}
