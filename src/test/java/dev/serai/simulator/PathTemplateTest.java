package dev.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PathTemplateTest {

    @Test
    void aPlaceMayBePartOfASegment() {
        assertThat(match("/contacts({id})", "/contacts(a%27b)")).isEqualTo(Map.of("id", "a'b"));
        assertThat(match("/tickets/{id}.json", "/tickets/7.json")).isEqualTo(Map.of("id", "7"));
        assertThat(match("/v1/{name}:cancel", "/v1/job:cancel")).isEqualTo(Map.of("name", "job"));
        assertThat(match("/r/{owner}-{name}", "/r/a-b")).isEqualTo(Map.of("owner", "a", "name", "b"));
        assertThat(match("/a/{id}", "/a/b+c")).isEqualTo(Map.of("id", "b+c"));
    }

    @Test
    void whatStandsAroundAPlaceMustBeThere() {
        assertThat(match("/contacts({id})", "/contacts()")).isNull();
        assertThat(match("/contacts({id})", "/contacts(7")).isNull();
        assertThat(match("/tickets/{id}.json", "/tickets/7xjson")).isNull();
        assertThat(match("/tickets/{id}", "/tickets/")).isNull();
        assertThat(match("/tickets/{id}", "/tickets/7/tags")).isNull();
    }

    @Test
    void theFormThatLeavesLessOpenIsMeant() {
        assertThat(new PathTemplate("/me").openness()).isLessThan(new PathTemplate("/{id}.json").openness());
        assertThat(new PathTemplate("/{id}.json").openness()).isLessThan(new PathTemplate("/{id}").openness());
    }

    private static Map<String, String> match(String template, String path) {
        return new PathTemplate(template).match(PathTemplate.segments(path)).orElse(null);
    }
}
