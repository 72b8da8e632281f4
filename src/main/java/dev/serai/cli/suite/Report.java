package dev.serai.cli.suite;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.file.Place;
import dev.serai.file.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the suite found about one connector, row by row. */
public record Report(String connector, List<Row> rows) {

    /**
     * One operation, or one sample of a webhook.
     *
     * @param at where it stands in the connector file
     * @param findings in the order of the checks; checks that are missing do not apply
     */
    public record Row(String name, Problem at, Map<Check, Finding> findings) {
        public Place place() {
            return at.place();
        }
    }

    /** A connector that can't be tried for what is wrong in its files: each is a row of the file's name. */
    static Report unreadable(String connector, List<Problem> problems) {
        return new Report(
                connector,
                problems.stream()
                        .map(problem -> new Row(
                                Path.of(problem.place().file()).getFileName().toString(),
                                problem,
                                Map.of(Check.CONTRACT, Finding.failed(problem.text()))))
                        .toList());
    }

    /** What failed, each at its place in the file. */
    public List<Problem> failures() {
        return rows.stream()
                .flatMap(row -> row.findings.entrySet().stream()
                        .filter(found -> found.getValue().state() == Finding.State.FAILED)
                        .map(found -> new Problem(
                                row.place(),
                                row.name + ", " + found.getKey().word() + ": "
                                        + found.getValue().why(),
                                row.at.line())))
                .toList();
    }

    public boolean passed() {
        return failures().isEmpty();
    }

    public long count(Finding.State state) {
        return rows.stream()
                .flatMap(row -> row.findings.values().stream())
                .filter(found -> found.state() == state)
                .count();
    }

    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("connector", connector);
        json.put("passed", passed());
        var list = json.putArray("operations");
        for (Row row : rows) {
            ObjectNode one =
                    list.addObject().put("name", row.name).put("at", row.place().toString());
            ObjectNode checks = one.putObject("checks");
            row.findings.forEach((check, found) -> checks.putObject(check.word())
                    .put(
                            "state",
                            found.state() == Finding.State.NONE
                                    ? "does_not_apply"
                                    : found.state().word())
                    .put("why", found.why()));
        }
        return json;
    }
}
