package dev.serai.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.mapping.Mapping;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WhyFactsTest {
    private static final Mapping LEAD = Mapping.read("f", """
            mapping: crm/lead
            from: any
            fields:
              company.name: { from: firm }
              name: { from: name }
              home.Phone: { from: a }
              office.phone: { from: b }
            """, name -> Optional.empty());

    @Test
    void aFieldOfThatNameIsMeantBeforeThoseThatEndInIt() {
        assertThat(WhyFacts.targets(LEAD, "Name")).containsExactly("name");
        assertThat(WhyFacts.targets(LEAD, "company.name")).containsExactly("company.name");
    }

    @Test
    void ofSeveralThatEndInItAllAreTold() {
        assertThat(WhyFacts.targets(LEAD, "phone")).containsExactly("home.Phone", "office.phone");
        assertThat(WhyFacts.targets(LEAD, "shoe_size")).isEmpty();
    }
}
