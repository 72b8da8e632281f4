package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.file.Problem;
import dev.serai.file.Problems;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LoopLintTest {
    @Test
    void flowsThatFeedEachOtherAreToldOfOnceAtTheStepThatBeginsIt() {
        FlowFile there = flow("a", "order.created", "event:order.changed");
        FlowFile back = flow("b", "order.changed,order.seen", "event:order.created?source=x");

        assertThat(problems(there, back))
                .extracting(Problem::toString)
                .containsExactly(
                        "routes/a.camel.yaml:6:15: flows feed each other without end: a → b → a; publish an event that"
                                + " none of them takes, or add loop: with the reason why it ends");
    }

    @Test
    void aFlowThatFeedsItselfIsALoopToo() {
        assertThat(problems(flow("a", "order.created", "event:order.created")))
                .extracting(Problem::text)
                .containsExactly(
                        "flows feed each other without end: a → a; publish an event that none of them takes, or add"
                                + " loop: with the reason why it ends");
    }

    @Test
    void aLoopThatEndsSaysWhyAtTheStepThatPublishes() {
        assertThat(problems(flow("a", "order.created", "event:order.created?loop=a part has no parts")))
                .isEmpty();
        assertThat(problems(
                        flow("a", "order.created", "event:order.changed?loop=only the first change is passed on"),
                        flow("b", "order.changed", "event:order.created")))
                .isEmpty();
    }

    @Test
    void aReasonWithoutALoopOrALoopWithoutAReasonIsTold() {
        assertThat(problems(flow("a", "order.created", "event:order.seen?loop=why not")))
                .extracting(Problem::text)
                .containsExactly("loop: says nothing here: no event comes back to \"a\"; take it out");
        FlowFile empty = FlowFile.read("routes/a.camel.yaml", """
                - route:
                    id: a
                    from:
                      uri: event:x
                      steps:
                        - to: { id: s, uri: "event:x", parameters: { loop: "" } }
                """);
        assertThat(problems(empty))
                .extracting(Problem::toString)
                .containsExactly(
                        "routes/a.camel.yaml:6:15: loop: is empty; say why the events of \"a\" come to an end");
    }

    @Test
    void aChainIsNone() {
        assertThat(problems(flow("a", "x", "event:y"), flow("b", "y", "event:z"), flow("c", "z", "log:end")))
                .isEmpty();
    }

    private static List<Problem> problems(FlowFile... files) {
        var problems = new Problems();
        Stream.of(files).forEach(file -> new LoopLint(List.of(files)).check(file, problems));
        return problems.all();
    }

    private static FlowFile flow(String id, String takes, String to) {
        return FlowFile.read("routes/" + id + ".camel.yaml", """
                - route:
                    id: %s
                    from:
                      uri: "event:%s"
                      steps:
                        - to: { id: s, uri: "%s" }
                """.formatted(id, takes, to));
    }
}
