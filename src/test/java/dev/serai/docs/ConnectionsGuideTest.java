package dev.serai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.connector.Connector;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The connector files of the guide are real ones, and it shows every kind of credential. */
class ConnectionsGuideTest {
    private static final Page GUIDE = Page.read("docs/connections.md");

    @Test
    void everyFileOfTheGuideIsTaken() {
        List<Page.Block> files = GUIDE.blocks().stream()
                .filter(block -> block.marker().equals("connector"))
                .toList();
        assertThat(files).hasSizeGreaterThan(5);
        for (Page.Block file : files) {
            String name = file.text().lines().findFirst().orElseThrow().replace("connector: ", "");
            assertThat(Connector.read(
                                    file.place(),
                                    name,
                                    file.text(),
                                    setting -> Optional.empty(),
                                    ConnectionsGuideTest::shipped)
                            .secretSettings())
                    .as(file.place())
                    .isNotEmpty();
        }
    }

    @Test
    void theGuideShowsEveryKindAndEveryGrant() throws IOException {
        JsonNode auth = new ObjectMapper()
                .readTree(getClass().getResourceAsStream("/schema/connector.schema.json"))
                .at("/$defs/auth");
        var lacking = new TreeSet<String>();
        auth.at("/properties/type/enum").forEach(kind -> lacking.add(kind.asText()));
        auth.findValues("grant").forEach(grant -> grant.path("enum").forEach(name -> lacking.add(name.asText())));
        assertThat(lacking).contains("oauth1", "jwt_bearer");
        lacking.remove("none");
        lacking.removeIf(GUIDE.text()::contains);

        assertThat(lacking).isEmpty();
    }

    private static Optional<String> shipped(String name) {
        return Optional.of(Page.read("mappings/" + name + "/connector.yaml").text());
    }
}
