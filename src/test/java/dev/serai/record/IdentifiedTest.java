package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdentifiedTest {
    private static Set<String> in(String payload) {
        return Identified.in(payload.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void addressesPhonesAndIdsAreFoundWhateverTheShape() {
        assertThat(in("""
                        {"properties": {"email": " Ada@Example.com", "Phone Number": "+49 (30) 901820", "name": "Ada"},
                         "crmContactId": 77, "external_ids": {"hubspot": "h-1"}, "note": "or call ada.l@example.org!", "amount": 12}"""))
                .containsExactlyInAnyOrder(
                        "email:ada@example.com",
                        "phone:+4930901820",
                        "id:contact:77",
                        "id:external:h-1",
                        "email:ada.l@example.org");
    }

    @Test
    void whoWorksOnARecordIsNotWhoItIsAbout() {
        assertThat(
                        in(
                                "{\"owner_email\": \"rep@example.com\", \"owner\": {\"email\": \"rep@example.com\"}, \"email\": \"a@b.co\"}"))
                .containsExactly("email:a@b.co");
    }

    @Test
    void aFormAndATextTellTheirAddresses() {
        assertThat(in("email=ada%40example.com&name=Ada")).contains("email:ada@example.com");
        assertThat(in("<mail>ada@example.com</mail>")).containsExactly("email:ada@example.com");
        assertThat(in("")).isEmpty();
        assertThat(in("%zz@")).isEmpty();
    }

    @Test
    void theNameOfARecordMayBeAnAddress() {
        assertThat(Identified.in("contact:Ada@example.com", "{}".getBytes())).containsExactly("email:ada@example.com");
    }

    @Test
    void whatAPersonTypesIsLookedForInEveryFormItMayStandIn() {
        assertThat(Identified.asked(" ADA@example.com ")).containsExactly("email:ada@example.com");
        assertThat(Identified.asked("contact:ada@example.com")).containsExactly("email:ada@example.com");
        assertThat(Identified.asked("+49 30 901820"))
                .as("and no id of anything that bears the same digits")
                .containsExactlyInAnyOrder("phone:+4930901820", "phone:030901820", "phone:30901820");
        assertThat(Identified.asked("0049 30 901820"))
                .contains("phone:+4930901820")
                .noneMatch(form -> form.startsWith("id:"));
        assertThat(Identified.asked("contact:7")).containsExactly("id:contact:7");
        assertThat(Identified.asked("7")).contains("id:contact:7", "id:order:7");
        assertThat(Identified.asked("  ")).isEmpty();
    }

    @Test
    void anAddressIsWhatTheExpressionForItFinds() {
        var expression = Pattern.compile("[\\pL\\pN.!#$%*+^_~-]+@[\\pL\\pN-]+(?:\\.[\\pL\\pN-]+)+");
        var pieces = List.of("a", "B7", "@", "@", ".", ".", "-", "+", " ", "ü", "𝒳", "½", "<", "co.uk", "ada@b.de");
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            String text = IntStream.range(0, 1 + random.nextInt(12))
                    .mapToObj(n -> pieces.get(random.nextInt(pieces.size())))
                    .collect(Collectors.joining());
            var expected = expression
                    .matcher(text)
                    .results()
                    .map(found -> "email:" + found.group().toLowerCase(Locale.ROOT))
                    .toList();
            assertThat(in(text)).as(text).containsExactlyElementsOf(new LinkedHashSet<>(expected));
        }
    }

    @Test
    void aPayloadThatIsNestedForEverEnds() {
        String deep = "{\"a\":".repeat(900) + "1" + "}".repeat(900);

        assertThat(in(deep)).isEmpty();
    }
}
