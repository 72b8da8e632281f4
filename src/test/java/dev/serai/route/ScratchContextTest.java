package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a start does once, though it checks each file and then takes it. */
class ScratchContextTest {
    private static final FlowFile GOOD = flow("direct:there");
    private static final FlowFile WRONG = flow("nothing:there");

    private final AtomicInteger tries = new AtomicInteger();
    private final ScratchContext scratch = new ScratchContext(context -> tries.incrementAndGet());

    private static FlowFile flow(String to) {
        return FlowFile.read("routes/a.camel.yaml", """
                - route:
                    id: a
                    from:
                      uri: direct:a
                      steps:
                        - to: { id: there, uri: "%s" }
                """.formatted(to));
    }

    @Test
    void whatWasFoundGoodIsNotTriedAgainWhenItIsTaken() {
        assertThat(scratch.ahead(GOOD, List.of())).isEmpty();
        assertThat(scratch.problems(GOOD, List.of())).isEmpty();
        assertThat(tries).hasValue(1);
    }

    @Test
    void whatIsTakenLaterIsTriedAnewAsSettingsMayHaveChanged() {
        scratch.ahead(GOOD, List.of());
        scratch.problems(GOOD, List.of());
        scratch.problems(GOOD, List.of());
        assertThat(tries).hasValue(2);

        scratch.ahead(GOOD, List.of());
        scratch.forget();
        scratch.problems(GOOD, List.of());
        assertThat(tries).hasValue(4);
    }

    @Test
    void aFileThatIsRefusedOrHasOtherErrorHandlingBesideItIsTried() {
        assertThat(scratch.ahead(WRONG, List.of())).isNotEmpty();
        assertThat(scratch.problems(WRONG, List.of())).isNotEmpty();
        assertThat(tries).hasValue(2);

        scratch.ahead(GOOD, List.of());
        var handling = FlowFile.read("routes/errors.camel.yaml", """
                - routeConfiguration:
                    id: write
                    onException:
                      - onException:
                          exception: [java.lang.Exception]
                          steps:
                            - stop: {}
                """);
        assertThat(scratch.problems(GOOD, List.of(handling))).isEmpty();
        assertThat(tries).hasValue(4);
    }

    @Test
    void whatCamelDoesNotFindOnTheClassPathIsNotLookedForAgain() throws Exception {
        scratch.problems(GOOD, List.of());
        var asked = new ArrayList<String>();
        var thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(new ClassLoader(before) {
            @Override
            public URL getResource(String name) {
                asked.add(name);
                return super.getResource(name);
            }
        });
        try {
            scratch.problems(GOOD, List.of());
        } finally {
            thread.setContextClassLoader(before);
        }
        assertThat(asked).noneMatch(name -> name.startsWith("META-INF/services/org/apache/camel/"));
    }
}
