package dev.serai.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                .hasMessageContaining("\"exec\" is not a function; known: base64url, escaped, head, last, lower");
        assertThatThrownBy(() -> Template.of("{x")).hasMessageContaining("a brace that belongs to no place");
    }

    @Test
    void aValueStaysInsideItsQuotationMarks() {
        assertThat(Template.of("contacts(mail='{quoted(x)}')").fill(Map.of("x", "o'brien")::get))
                .isEqualTo("contacts(mail='o''brien')");
        assertThat(Template.of("Email = '{escaped(x)}'").fill(Map.of("x", "a\\' OR \"b")::get))
                .isEqualTo("Email = 'a\\\\\\' OR \\\"b'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "email:'{email}'                     | email",
                "Name LIKE '%{lower(name)}%'         | lower(name)",
                "email:\"{quoted(email)}\"         | quoted(email)",
                "at datetime'{day}' or later         | day",
                "'it''s {x}'                         | x",
                "'{last(escaped(uri))}'              | last(escaped(uri))",
                "'{escaped(last(uri))}'              | ``",
                "email:'{escaped(email)}'            | ``",
                "email:'{quoted(email)}'             | ``",
                "'{md5(lower(email))}'               | ``",
                "'{cursor}'                          | ``",
                "{name}'s and {other}'s              | ``",
                "don't ask {x}, it's late            | ``",
                "'open' {x} 'closed'                 | ``",
                "the rest of '{x}                    | ``"
            })
    void aPlaceBetweenQuotationMarksNeedsAFunctionThatKeepsItThere(String template, String loose) {
        assertThat(Template.of(template).looseInQuotes(Set.of("cursor")).orElse(""))
                .isEqualTo(loose);
    }

    @ParameterizedTest
    @CsvSource({
        "https://x.example/imports/42, 42",
        "/imports/a%3Ab%2F1/?wait=1, a:b/1",
        "https://x.example/api/contacts(0-1-2), 0-1-2",
        "job-7?, job-7?",
        "/imports/50%, 50%"
    })
    void anAddressEndsWithAnId(String address, String id) {
        assertThat(Template.of("{last(x)}").fill(Map.of("x", address)::get)).isEqualTo(id);
    }

    @Test
    void aHashOfBytesIsOfThemAndNotOfTheTextTheyMayBe() {
        byte[] binary = {(byte) 0xff, 0, 7};

        assertThat(Template.of("{upper(sha256(x))}").fillBytes(name -> binary))
                .asString()
                .isEqualTo("8288FA614808EC70410A0840AEFEF60938FCE67A0DC00B3CAA59E6B7FD5805A7");
        assertThat(Template.of("{x}").fillBytes(name -> binary)).isEqualTo(binary);
    }
}
