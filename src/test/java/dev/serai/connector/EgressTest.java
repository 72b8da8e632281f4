package dev.serai.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.connector.auth.Token;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a connection's calls may go: every line of {@code egress/cases.txt}, before the call and at each connection. */
class EgressTest {
    private static final Path CASES = Path.of("src/test/resources/egress/cases.txt");

    @TestFactory
    Stream<DynamicTest> aCallGoesWhereItsConnectionSaysAndNowhereElse() throws IOException {
        return cases().map(given -> DynamicTest.dynamicTest(
                String.join(" | ", given), () -> assertThat(said(given)).isEqualTo(given.get(4))));
    }

    @Test
    void thereAreMoreThanAHundredOfThem() throws IOException {
        assertThat(cases().filter(given -> !given.get(4).equals("passes"))).hasSizeGreaterThan(100);
        assertThat(cases().filter(given -> given.get(4).equals("passes"))).hasSizeGreaterThan(20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://2130706433",
                "http://0x7f.0.0.1",
                "http://0177.0.0.1",
                "http://127.1",
                "https://shop.example.",
                "https://1.2.3.4.5",
                "https://a..b.example",
                "https://shop.example:0"
            })
    void aBaseAddressIsSpeltInTheOneWayEverybodyReads(String base) {
        assertThatThrownBy(() -> connector(base, "")).hasMessageStartingWith("connector.yaml:2:11: \"base_url\" ");
    }

    @Test
    void aHostThatWaitsForItsSettingIsJudgedWhenItIsCalled() {
        Connector connector = Connector.read(
                "connector.yaml",
                "shop",
                "connector: shop\nbase_url: https://shop.example\nhosts: [\"{{shop.files}}\"]\n",
                name -> Optional.of("*.com"));

        assertThatThrownBy(connector::egress)
                .isInstanceOf(ConnectorRefused.class)
                .hasMessage("shop: \"hosts\" has \"*.com\"; a name like files.example.com, files.example.com:8443 or"
                        + " *.example.com is needed");
    }

    @ParameterizedTest
    @CsvSource({
        "http://shop.example, '', true",
        "http://shop.example, 'network: private', false",
        "https://shop.example, '', false",
        "http://8.8.8.8, '', true",
        "http://10.0.0.5, '', false",
        "http://127.0.0.1:9000, '', false",
        "http://shop, '', false",
        "http://shop.internal, '', false",
        "http://mine.example, '', false"
    })
    void anAddressFromASettingThatEverybodyOnTheWayCouldReadIsNotCalled(String base, String more, boolean refused) {
        Egress egress = Connector.read(
                        "connector.yaml",
                        "shop",
                        "connector: shop\nbase_url: \"{{shop.base-url}}\"\n" + more,
                        name -> Optional.of(base))
                .egress();
        String why = base
                + " is not called: everybody on the way could read what is sent; set it with https://, or, if it is"
                + " in your own network, write network: private into the connector file or name the host in"
                + " serai.calls.private-hosts";

        assertThat(egress.unencrypted("mine.example"::equals)).isEqualTo(refused ? Optional.of(why) : Optional.empty());
        if (refused) {
            assertThatThrownBy(() -> egress.check(URI.create(base + "/x"), "mine.example"::equals))
                    .isInstanceOf(ConnectorRefused.class)
                    .hasMessage("shop: " + why);
        } else {
            egress.check(URI.create(base + "/x"), "mine.example"::equals);
        }
    }

    private static Egress told(String signIn, String address, String more) {
        var shop = Connector.read(
                "connector.yaml", "shop", """
                connector: shop
                base_url: "{token.instance_url}/v1"
                auth: { type: oauth2, grant: client_credentials, token_url: "%s", client_id: serai, client_secret: "{{shop.secret}}" }
                """.formatted(signIn) + more, name -> Optional.of("a-secret-of-the-shop"));
        var fields = Map.of("instance_url", address);
        return shop.with(new Token("t", Optional.empty(), Instant.EPOCH, Optional.empty(), Optional.empty(), fields))
                .egress();
    }

    private static void call(Egress egress, String url, String address) throws IOException {
        URI to = URI.create(url);
        egress.check(to, host -> false);
        egress.check(to.getHost(), InetAddress.getByName(address), false);
    }

    @Test
    void anAddressThatCameWithATokenMayNotBePrivateNorPlain() throws IOException {
        String vendor = "https://login.shop.example/token";
        call(told(vendor, "https://eu.shop.example", ""), "https://eu.shop.example/v1/x", "8.8.8.8");
        assertThatThrownBy(() ->
                        call(told(vendor, "http://eu.shop.example", ""), "http://eu.shop.example/v1/x", "8.8.8.8"))
                .isInstanceOf(ConnectorRefused.class)
                .hasMessage("shop: http://eu.shop.example is not called: this address came with the token of"
                        + " https://login.shop.example, and calls there would carry it unencrypted; it must be https");
        for (String literal : List.of("127.0.0.1", "10.0.0.5", "[::1]", "[fd00::1]")) {
            String told = "https://" + literal;
            assertThatThrownBy(() -> call(told(vendor, told, ""), told + "/v1/x", literal))
                    .as(literal)
                    .isInstanceOf(ConnectorRefused.class)
                    .hasMessageContaining(" is not called: ")
                    .hasMessageContaining("network: private");
            assertThat(told(vendor, told, "").ownNetwork()).as(literal).isFalse();
            call(told(vendor, told, "network: private\n"), told + "/v1/x", literal);
        }
        assertThatThrownBy(() ->
                        call(told(vendor, "https://localhost:8443", ""), "https://localhost:8443/v1/x", "127.0.0.1"))
                .hasMessageContaining("is a loopback address");

        assertThatThrownBy(() -> call(
                        told(vendor, "http://eu.shop.example", "hosts: [files.shop.example]\n"),
                        "http://files.shop.example/x",
                        "8.8.8.8"))
                .hasMessageContaining("it must be https");

        String played = "http://127.0.0.1:9000/token";
        call(told(played, "http://127.0.0.1:9001", ""), "http://127.0.0.1:9001/v1/x", "127.0.0.1");
    }

    private static Stream<List<String>> cases() throws IOException {
        return Files.readAllLines(CASES).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> Stream.of(line.split("\\|", -1)).map(String::strip).toList());
    }

    private static String said(List<String> given) throws IOException {
        try {
            Egress egress = connector(given.get(0), given.get(1)).egress();
            URI called = URI.create(given.get(2));
            egress.check(called, "crm.internal"::equals);
            String host = called.getHost().toLowerCase(java.util.Locale.ROOT);
            for (String address : given.get(3).split(" ")) {
                egress.check(host, InetAddress.getByName(address), host.equals("crm.internal"));
            }
            return "passes";
        } catch (ConnectorRefused e) {
            return e.getMessage();
        }
    }

    private static Connector connector(String base, String more) {
        return Connector.read(
                "connector.yaml", "shop", "connector: shop\nbase_url: " + base + "\n" + more, name -> Optional.empty());
    }
}
