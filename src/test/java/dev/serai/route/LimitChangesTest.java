package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connector.Connector;
import dev.serai.library.Library;
import dev.serai.store.Buckets.Limited;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LimitChangesTest {
    private static final Limited ALL = new Limited("shop", "");
    private static final Limited THING = new Limited("shop", "thing");

    private static Library library(String quota) {
        String file = "connector: shop\nbase_url: http://localhost\n" + quota
                + "\nreads:\n  thing: { path: /thing, quota: { requests: 3, per: 1s } }\n";
        return new Library(
                Map.of(), Map.of("shop", Connector.read("f", "shop", file, setting -> Optional.empty())), Map.of());
    }

    private static String used(String quota) {
        return library(quota)
                .connector("shop")
                .orElseThrow()
                .quotas()
                .all()
                .allowed()
                .toString();
    }

    @Test
    void aFileThatStatesAnotherLimitIsNoticedOnce() throws SQLException {
        var changes = new LimitChanges();
        assertThat(changes.look(library("quota: { requests: 5, per: day }"), Map::of))
                .isEmpty();
        assertThat(changes.look(library("quota: { requests: 5, per: day }"), Map::of))
                .isEmpty();

        assertThat(changes.look(library("quota: { requests: 50, per: day }"), Map::of))
                .containsExactly(ALL);
        assertThat(changes.look(library("quota: { requests: 50, per: day }"), Map::of))
                .isEmpty();

        assertThat(changes.look(Library.EMPTY, Map::of))
                .as("a file that can't be read")
                .isEmpty();
        assertThat(changes.look(library(""), Map::of)).as("no limit any more").containsExactly(ALL);
    }

    @Test
    void aHubThatStartsNoticesWhatWasChangedSinceALimitWasUsed() throws SQLException {
        Map<Limited, String> used =
                Map.of(ALL, used("quota: { requests: 5, per: day }"), new Limited("mail", "send"), "Allowance[old]");

        assertThat(new LimitChanges().look(library("quota: { requests: 5, per: day }"), () -> used))
                .isEmpty();
        assertThat(new LimitChanges().look(library("quota: { requests: 6, per: day }"), () -> used))
                .containsExactly(ALL);
        assertThat(new LimitChanges().look(library(""), () -> Map.of(THING, "Allowance[otherwise]")))
                .containsExactly(THING);
    }

    @Test
    void aLimitThatWasTakenOutIsKnownToBeStatedByNobody() throws SQLException {
        var changes = new LimitChanges();
        Map<Limited, String> used =
                Map.of(ALL, used("quota: { requests: 5, per: day }"), new Limited("shop", "gone"), "Allowance[old]");

        assertThat(changes.look(library("quota: { requests: 6, per: day }"), () -> used))
                .containsExactlyInAnyOrder(ALL, new Limited("shop", "gone"));
        assertThat(changes.states(ALL)).isTrue();
        assertThat(changes.states(new Limited("shop", "gone"))).isFalse();
    }
}
