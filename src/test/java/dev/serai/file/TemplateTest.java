package dev.serai.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {

    @Test
    void placesAreFilledWithValuesPathsAndFunctionsOfThem() throws Exception {
        var json = new ObjectMapper().readTree("{\"data\":{\"ids\":[7,8]},\"email\":\"a@x\"}");

        assertThat(Template.of("/m/{data.ids.1}/{md5(email)}").fill(Template.in(json)))
                .isEqualTo("/m/8/4895b1d4ed83c6da448e89f72e1103a0");
    }

    @Test
    void onlyTheFilledInPartIsEncoded() {
        assertThat(Template.of("/a b/{x}").fill(Map.of("x", "1/2")::get, s -> s.replace("/", "%2F")))
                .isEqualTo("/a b/1%2F2");
    }

    @Test
    void functionsAreAppliedFromTheInsideOut() {
        assertThat(Template.of("{md5(lower(x))}").fill(Map.of("x", "A@X")::get))
                .isEqualTo(Template.of("{md5(x)}").fill(Map.of("x", "a@x")::get));
    }

    @Test
    void aParenthesisThatIsNotClosedIsRefused() {
        assertThatThrownBy(() -> Template.of("{md5(x}")).hasMessageContaining("a different number of parentheses");
        assertThatThrownBy(() -> Template.of("{x)}")).hasMessageContaining("a different number of parentheses");
    }

    @Test
    void aMissingValueIsNamed() {
        assertThatThrownBy(() -> Template.of("contact:{id}").fill(name -> null))
                .hasMessage("\"id\" has no value; \"contact:{id}\" needs it");
    }

    @Test
    void anUnknownFunctionAndALooseBraceAreRefused() {
        assertThatThrownBy(() -> Template.of("{exec(x)}"))
                .hasMessageContaining("\"exec\" is not a function; known: base64url, head, lower");
        assertThatThrownBy(() -> Template.of("{x")).hasMessageContaining("a brace that belongs to no place");
    }
}
