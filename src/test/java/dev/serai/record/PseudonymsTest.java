package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PseudonymsTest {
    private static final byte[] SALT = "a salt for tests".getBytes();

    private final Pseudonyms others = new Pseudonyms(SALT);

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode masked(String text) {
        return others.of(json(text), path -> Optional.empty(), true);
    }

    @Test
    void theSamePersonIsTheSameStandInHoweverTheNameIsWritten() {
        JsonNode seen =
                masked("{'name':'Ada Lovelace','first':' ADA ','mail':'ada.lovelace@shop.de','nick':'lovelace'}");

        String[] name = seen.path("name").asText().split(" ");
        assertThat(seen.path("first").asText()).isEqualTo(" " + name[0].toUpperCase() + " ");
        assertThat(seen.path("mail").asText())
                .isEqualTo(name[0].toLowerCase() + "." + name[1].toLowerCase() + "@example.com");
        assertThat(seen.path("nick").asText()).isEqualTo(name[1].toLowerCase());
        assertThat(seen.toString().toLowerCase()).doesNotContain("ada", "lovelace", "shop");
    }

    @Test
    void aPhoneNumberIsTheSameBeforeAndAfterItIsNormalized() {
        JsonNode seen = masked("{'phone':'+49 (30) 901-820','mobile':'+4930901820'}");

        assertThat(seen.path("phone").asText().replaceAll("[^+\\d]", ""))
                .isEqualTo(seen.path("mobile").asText())
                .startsWith("+493090")
                .hasSize(11)
                .isNotEqualTo("+4930901820");
    }

    @Test
    void wordsOfProgramsSmallNumbersAndTimesStay() {
        JsonNode plain =
                json("{'stage':'past_due','country':'DE','n':7,'at':'2026-11-21T10:00:00Z','ok':true,'none':null}");

        assertThat(others.of(plain, path -> Optional.empty(), true)).isEqualTo(plain);
    }

    @Test
    void lettersThatAreNotAsciiStaySuch() {
        String name = masked("{'name':'Müller 李'}").path("name").asText();

        assertThat(name).matches("[A-Z][äéñöü][a-z]{4} \\p{IsHan}").isNotEqualTo("Müller 李");
    }

    @Test
    void whatFilesWriteIntoARequestStaysAndWhatIsKnownOfPeopleGoes() {
        masked("{'email':'ada@shop.de','id':'51012345'}");
        var places = new TreeSet<String>();

        JsonNode sent = others.sent(
                json(
                        "{'path':['lists','v3','51012345'],'body':{'status':'subscribed','note':'for ada','tags':[12,123456]}}"),
                places);

        assertThat(sent.at("/path/0").asText()).isEqualTo("lists");
        assertThat(sent.at("/path/1").asText()).isEqualTo("v3");
        assertThat(sent.at("/body/status").asText()).isEqualTo("subscribed");
        assertThat(sent.toString()).doesNotContain("ada", "51012345", "123456");
        assertThat(places).containsExactly("body.note", "body.tags.1", "path.2");
    }

    @Test
    void aRefusalCanStillBeReadButNamesNobody() {
        masked("{'email':'ada@shop.de','name':'Lovelace'}");

        JsonNode heard =
                others.refusal(json("{'code':'INVALID_EMAIL','message':'The field email is wrong for ada@shop.de."
                        + " Ask Hopper, or lovelace, or call +4930901820'}"));

        assertThat(heard.path("code").asText()).isEqualTo("INVALID_EMAIL");
        assertThat(heard.path("message").asText())
                .startsWith("The field email is wrong for ")
                .contains(". Ask ", ", or ", "call ")
                .doesNotContain("ada", "Hopper", "lovelace", "901820");
    }

    @Test
    void whatWasReplacedIsComparedByItsForm() {
        JsonNode then = json(
                "{'path':['a','q1w2'],'body':{'name':'Xyz','phone':'+4930901111','n':5,'at':'2026-11-21T10:00:00Z'}}");
        Set<String> places = Set.of("body.name", "body.phone", "path.1");

        assertThat(Likeness.differences(
                        then,
                        json(
                                "{'path':['a','z9y8'],'body':{'name':'Abc','phone':'+4930902222','n':5.0,'at':'2026-11-22T11:01:01Z'}}"),
                        places))
                .isEmpty();
        assertThat(Likeness.differences(
                        then,
                        json(
                                "{'path':['a','z9y8'],'body':{'name':'Abcd','phone':'030 901111','n':6,'at':'today','more':1}}"),
                        places))
                .containsExactlyInAnyOrder(
                        "body.at: then \"2026-11-21T10:00:00Z\", now \"today\"",
                        "body.more: then nothing, now 1",
                        "body.n: then 5, now 6",
                        "body.name: then \"Xyz\", now \"Abcd\"",
                        "body.phone: then \"+4930901111\", now \"030 901111\"");
    }
}
