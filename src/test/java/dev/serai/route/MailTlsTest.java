package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.connector.Connector;
import dev.serai.connector.Request;
import dev.serai.connector.Verdicts;
import dev.serai.run.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Letters to mail servers that show a certificate: from the first byte, or after STARTTLS. */
class MailTlsTest {
    private static final Map<String, String> TAKES = Map.of("EHLO", "250-odd\r\n250 AUTH PLAIN");
    private static final String UNSAFE =
            "email could not be reached safely: its TLS certificate or protocol was refused";

    @TempDir
    static Path folder;

    private static DefaultCamelContext camel;
    private static Certificates certificates;

    @BeforeAll
    static void start() throws Exception {
        certificates = new Certificates(folder);
        Certificates.made(List.of(
                certificates.maker("good", "mail.example.com"), certificates.maker("other", "mail.example.org")));
        camel = new DefaultCamelContext();
    }

    @AfterAll
    static void stop() throws IOException {
        camel.close();
    }

    private static OddMailServer server(String scheme, Map<String, String> says, String shown) throws Exception {
        return scheme.equals("smtps")
                ? OddMailServer.smtps(says, certificates.context(shown))
                : OddMailServer.startTls(says, certificates.context(shown));
    }

    private static HttpCalls calls(String trusted) throws Exception {
        return new HttpCalls(
                camel, certificates.trusting(trusted, Map.of("serai.calls.private-hosts", "mail.example.com")), host ->
                        new InetAddress[] {InetAddress.getLoopbackAddress()});
    }

    private static Connector mail(String scheme, OddMailServer server) {
        return Connector.read(
                "f", "email", """
                connector: email
                base_url: %s://mail.example.com:%d
                auth: { type: basic, user: serai, password: "{{email.password}}" }
                timeout: 1m
                writes: { send: { method: POST, path: /, class: once, returns: message_id } }
                """.formatted(scheme, server.port()), name -> Optional.of("a-mail-password"));
    }

    private static Request letter(Connector mail) throws IOException {
        return mail.build(
                "send",
                new ObjectMapper()
                        .readTree(
                                "{\"from\":\"a@example.com\",\"to\":\"b@example.org\",\"subject\":\"s\",\"text\":\"t\"}"),
                Map.of(),
                "");
    }

    private static void assertNothingWasGivenAway(OddMailServer server) {
        assertThat(server.heard).isSubsetOf("EHLO serai", "STARTTLS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"smtps", "smtp"})
    void toAServerWhoseCertificateIsTrustedALetterGoesEncrypted(String scheme) throws Exception {
        try (var server = server(scheme, TAKES, "good");
                var calls = calls("good")) {
            Connector mail = mail(scheme, server);

            assertThat(calls.send(letter(mail), mail).status()).isEqualTo(200);

            assertThat(server.heard).contains("tls .").anyMatch(line -> line.startsWith("tls AUTH PLAIN "));
            assertThat(server.heard.stream().filter(line -> !line.startsWith("tls ")))
                    .containsExactlyElementsOf(scheme.equals("smtps") ? List.of() : List.of("EHLO serai", "STARTTLS"));
        }
    }

    @ParameterizedTest
    @CsvSource({"smtps, good, ''", "smtp, good, ''", "smtps, other, other", "smtp, other, other", "smtps, good, other"})
    void aCertificateThatIsNotTrustedOrAnothersGetsNeitherPasswordNorLetter(String scheme, String shown, String trusted)
            throws Exception {
        try (var server = server(scheme, TAKES, shown);
                var calls = calls(trusted)) {
            Connector mail = mail(scheme, server);

            Throwable refused = catchThrowable(() -> calls.send(letter(mail), mail));

            assertThat(Verdicts.of(mail, refused).verdict()).isEqualTo(Verdict.FAIL);
            assertThat(Verdicts.of(mail, refused).reason()).startsWith(UNSAFE);
            assertThat(Verdicts.inDoubt(refused)).isFalse();
            assertNothingWasGivenAway(server);
        }
    }

    /** Somebody in between refuses it, or hangs up before the handshake. */
    @ParameterizedTest
    @ValueSource(strings = {"454 4.7.0 not now", "502 5.5.1 what is that", "-", "220 begin"})
    void whereTlsDoesNotComeAboutNothingIsGivenAway(String reply) throws Exception {
        var says = Map.of("EHLO", "250-odd\r\n250-STARTTLS\r\n250 AUTH PLAIN", "STARTTLS", reply);
        try (var server = new OddMailServer(says);
                var calls = calls("good")) {
            Connector mail = mail("smtp", server);

            Throwable refused = catchThrowable(() -> calls.send(letter(mail), mail));

            assertThat(Verdicts.of(mail, refused).verdict()).isEqualTo(Verdict.RETRY);
            assertThat(Verdicts.inDoubt(refused)).isFalse();
            assertNothingWasGivenAway(server);
        }
    }

    @Test
    void withoutTheOfferOfTlsNothingIsGivenAway() throws Exception {
        try (var server = new OddMailServer(TAKES);
                var calls = calls("good")) {
            Connector mail = mail("smtp", server);

            Throwable refused = catchThrowable(() -> calls.send(letter(mail), mail));

            assertThat(Verdicts.of(mail, refused).verdict()).isEqualTo(Verdict.FAIL);
            assertThat(Verdicts.of(mail, refused).reason()).startsWith(UNSAFE);
            assertNothingWasGivenAway(server);
        }
    }

    /** CVE-2011-0411 and its like: what somebody put behind the server's last plain word must not count as said by TLS. */
    @Test
    void whatIsSaidBeforeTheHandshakeIsForgottenAfterIt() throws Exception {
        var says = Map.of("EHLO", "250-odd\r\n250 AUTH PLAIN", "STARTTLS", "220 begin\r\n250-forged\r\n250 AUTH LOGIN");
        try (var server = server("smtp", says, "good");
                var calls = calls("good")) {
            Connector mail = mail("smtp", server);

            assertThat(calls.send(letter(mail), mail).status()).isEqualTo(200);
            assertThat(server.heard).anyMatch(line -> line.startsWith("tls AUTH PLAIN "));
        }
    }
}
