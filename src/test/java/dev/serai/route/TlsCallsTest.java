package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.serai.connector.Connector;
import dev.serai.connector.Verdicts;
import dev.serai.run.Verdict;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLServerSocket;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose certificate is believed. The certificates are made when the test begins. */
class TlsCallsTest {
    @TempDir
    static Path folder;

    private static DefaultCamelContext camel;
    private static Certificates certificates;

    @BeforeAll
    static void makeCertificates() throws Exception {
        camel = new DefaultCamelContext();
        camel.start();
        certificates = new Certificates(folder);
        // an authority that is trusted by itself is never looked at for its age, so the old certificate has one above
        // it
        Certificates.made(List.of(
                certificates.maker("good", "localhost"),
                certificates.maker("other", "shop.example"),
                certificates.keytool("expired", "-alias", "ca", "-ext", "bc:c")));
        Certificates.made(List.of(certificates.keytool(
                "expired",
                "-alias",
                "it",
                "-signer",
                "ca",
                "-ext",
                "san=dns:localhost",
                "-startdate",
                "-30d",
                "-validity",
                "5")));
    }

    @AfterAll
    static void stopCamel() {
        camel.stop();
    }

    @ParameterizedTest
    @CsvSource({"good, ''", "expired, ''", "other, ''", "expired, expired", "other, other", "good, other"})
    void aCertificateThatIsNotTrustedNotValidOrAnothersIsRefusedBeforeAnythingIsSent(String shown, String trusted)
            throws Exception {
        try (var server = server(shown);
                var calls = calls(trusted)) {
            Connector shop = HttpCallsTest.shop("https://localhost:" + server.port(), "");

            Throwable refused = catchThrowable(() -> calls.send(HttpCallsTest.get(shop), shop));

            assertThat(Verdicts.of(shop, refused).reason())
                    .isEqualTo("shop could not be reached safely: its TLS certificate or protocol was refused; correct"
                            + " base_url or trust its certificate (serai.calls.trust), then resume");
            assertThat(Verdicts.of(shop, refused).verdict()).isEqualTo(Verdict.FAIL);
            assertThat(Verdicts.inDoubt(refused)).isFalse();
            assertThat(server.asked).isEmpty();
        }
    }

    @Test
    void aPrivateAuthorityIsTrustedByASetting() throws Exception {
        try (var server = server("good");
                var calls = calls("good")) {
            Connector shop = HttpCallsTest.shop("https://localhost:" + server.port(), "");

            assertThat(calls.send(HttpCallsTest.get(shop), shop).status()).isEqualTo(200);
        }
    }

    @Test
    void aHostIsToldApartByItsNameAlsoWhenItsAddressIsTheSame() throws Exception {
        try (var server = server("other");
                var calls = new HttpCalls(
                        camel, settings("other"), host -> new InetAddress[] {InetAddress.getLoopbackAddress()})) {
            Connector named = HttpCallsTest.shop("https://shop.example:" + server.port(), "network: private");
            Connector another = HttpCallsTest.shop("https://pay.example:" + server.port(), "network: private");

            assertThat(calls.send(HttpCallsTest.get(named), named).status()).isEqualTo(200);
            assertThat(catchThrowable(() -> calls.send(HttpCallsTest.get(another), another)))
                    .isInstanceOf(javax.net.ssl.SSLException.class);
        }
    }

    @Test
    void anOldProtocolIsNotSpoken() throws Exception {
        var context = certificates.context("good");
        var socket = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        socket.setEnabledProtocols(new String[] {"TLSv1.1"});
        try (var server = new RawServer(socket, RawServer.ok(new byte[0]));
                var calls = calls("good")) {
            Connector shop = HttpCallsTest.shop("https://localhost:" + server.port(), "");

            assertThat(catchThrowable(() -> calls.send(HttpCallsTest.get(shop), shop)))
                    .isInstanceOf(javax.net.ssl.SSLException.class);
            assertThat(server.asked).isEmpty();
        }
    }

    @Test
    void aTrustFileThatCannotBeReadStopsTheStart() throws Exception {
        Path wrong = Files.writeString(folder.resolve("wrong.pem"), "-----BEGIN CERTIFICATE-----\nnonsense\n");

        assertThatThrownBy(() -> HttpCallsTest.settings(Map.of("serai.calls.trust", wrong.toString())))
                .hasMessageStartingWith("Can't start: serai.calls.trust = \"" + wrong + "\" cannot be read");
    }

    private static HttpCalls calls(String trusted) throws Exception {
        return new HttpCalls(camel, settings(trusted));
    }

    private static CallSettings settings(String trusted) throws Exception {
        return certificates.trusting(trusted, Map.of());
    }

    private static RawServer server(String certificate) throws Exception {
        ServerSocket socket = certificates
                .context(certificate)
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        return new RawServer(socket, RawServer.ok(new byte[0]));
    }
}
