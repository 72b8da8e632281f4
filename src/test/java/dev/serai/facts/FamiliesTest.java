package dev.serai.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.library.Library;
import dev.serai.store.History.EventLine;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FamiliesTest {
    private static final EventLine OF_CRM = new EventLine(1, "crm", "contact.updated", "contact:7", Instant.EPOCH);

    private static Flow flow(String id, String source, String replaces) {
        return new Flow(
                id,
                new Flow.Terms(List.of("contact.updated"), source, replaces, "normal", 0, 1),
                new Flow.Drawing("", "", "", List.of()),
                true);
    }

    private static Families families(Flow... flows) {
        return new Families(List.of(flows), Library.EMPTY);
    }

    @Test
    void aFlowAndThoseThatReplaceItOneAfterTheOtherAreOne() {
        Families families = families(flow("old", "", ""), flow("new", "", "old"), flow("newest", "", "new"));

        assertThat(List.of("old", "new", "newest"))
                .allMatch(flow -> families.of(flow).equals("old"));
        assertThat(families.members("old")).containsExactly("old", "new", "newest");
        assertThat(families.taking(OF_CRM)).containsExactly("old");
        assertThat(families.way("old", OF_CRM, "newest")).contains("newest");
        assertThat(families.way("old", OF_CRM, "")).contains("old");
    }

    @Test
    void aFlowWhoseFileIsGoneIsStillWhatItWas() {
        Families families = families(flow("new", "", "old"));

        assertThat(families.of("old")).isEqualTo("old");
        assertThat(families.members("old")).containsExactly("old", "new");
        assertThat(families.way("old", OF_CRM, "old")).contains("new");
        assertThat(families.of("alone")).isEqualTo("alone");
    }

    @Test
    void whatComesFromElsewhereIsNotTaken() {
        Families families = families(flow("of-shop", "shop", ""), flow("of-crm", "crm", ""));

        assertThat(families.taking(OF_CRM)).containsExactly("of-crm");
        assertThat(families.way("of-shop", OF_CRM, "of-shop")).isEmpty();
    }
}
