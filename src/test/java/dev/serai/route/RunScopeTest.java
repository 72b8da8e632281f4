package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.store.ClaimedRun;
import dev.serai.store.Journal.Recorded;
import dev.serai.store.Journal.State;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunScopeTest {
    private static final Recorded DONE = new Recorded(State.SUCCEEDED, null);

    @Test
    void anItemOfAListIsKnownByWhatItSaysAndThoseThatSayTheSameAreCounted() {
        RunScope scope = scope(Map.of());

        assertThat(turn(scope, "a")).isEqualTo("tell#a");
        assertThat(turn(scope, "b")).isEqualTo("tell#b");
        assertThat(turn(scope, "a")).isEqualTo("tell#a.2");
    }

    @Test
    void aStepThatIsRedeliveredHasTheSameTurnAndTheNextItemAnotherThoughItDidNotEnd() {
        RunScope scope = scope(Map.of());

        assertThat(scope.begin("tell", "a")).isEqualTo("tell#a");
        assertThat(scope.begin("tell", "a")).isEqualTo("tell#a");
        assertThat(scope.begin("tell", "b")).isEqualTo("tell#b");
    }

    @Test
    void aRunThatAnOlderVersionBeganGoesOnByNumbers() {
        RunScope scope = scope(Map.of("tell", DONE, "tell#2", DONE, "note#3fa9c1d2e4b5", DONE));

        assertThat(turn(scope, "a")).isEqualTo("tell");
        assertThat(turn(scope, "b")).isEqualTo("tell#2");
        assertThat(turn(scope, "c")).isEqualTo("tell#3");
        assertThat(scope.begin("note", "3fa9c1d2e4b5")).isEqualTo("note#3fa9c1d2e4b5");
    }

    private static String turn(RunScope scope, String item) {
        String turn = scope.begin("tell", item);
        scope.end();
        return turn;
    }

    private static RunScope scope(Map<String, Recorded> recorded) {
        var run = new ClaimedRun(1, "f", 2, 0, 1, Instant.EPOCH, null, null);
        return new RunScope(run, FlowOptions.USUAL, recorded);
    }
}
