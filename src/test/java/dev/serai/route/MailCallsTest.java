package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.Verdicts;
import dev.serai.run.Outcome;
import dev.serai.run.Verdict;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Letters to a real mail server, and to ones that answer as a test says. */
class MailCallsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LETTER = "{\"from\":\"Billing <billing@example.com>\",\"to\":[\"ada@example.org\"],"
            + "\"subject\":\"Grüße\",\"text\":\"Hello\\n.\\nWörld\"}";
    private static GreenMail server;
    private static HttpCalls calls;
    private static DefaultCamelContext camel;

    @BeforeAll
    static void start() {
        server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.setUser("serai", "a-mail-password");
        server.start();
        camel = new DefaultCamelContext();
        calls = new HttpCalls(camel, HttpCallsTest.settings(Map.of()), InetAddress::getAllByName);
    }

    @AfterAll
    static void stop() throws IOException {
        calls.close();
        camel.close();
        server.stop();
    }

    @Test
    void aLetterArrivesAsItWasWritten() throws Exception {
        server.purgeEmailFromAllMailboxes();
        Connector mail = mail(server.getSmtp().getPort(), "a-mail-password");
        String letter = """
                {"from": {"email": "billing@example.com", "name": "Büro, Nord"}, "to": ["Ada <ada@example.org>", {"email": "bob@example.org"}],
                 "cc": "carol@bücher.example", "bcc": ["dan@example.org"], "reply_to": "reply@example.com", "subject": "Grüße aus Köln",
                 "text": "Hello\\n.\\nWörld", "html": "<b>Hello</b>", "headers": {"X-Topic": "greetings"},
                 "attachments": [{"name": "ä.txt", "type": "text/plain", "content": "aGVsbG8="}]}""";

        Answer answer = calls.send(request(mail, letter), mail);

        assertThat(answer.status()).isEqualTo(200);
        MimeMessage[] arrived = server.getReceivedMessages();
        assertThat(arrived).hasSize(4);
        MimeMessage one = arrived[0];
        assertThat(one.getMessageID())
                .isEqualTo(answer.json().path("message_id").asText())
                .endsWith("@example.com>");
        assertThat(((InternetAddress) one.getFrom()[0]).getPersonal()).isEqualTo("Büro, Nord");
        assertThat(one.getRecipients(RecipientType.TO))
                .extracting(Object::toString)
                .containsExactly("Ada <ada@example.org>", "bob@example.org");
        assertThat(one.getRecipients(RecipientType.CC)[0]).hasToString("carol@xn--bcher-kva.example");
        assertThat(one.getHeader("Bcc")).isNull();
        assertThat(one.getSubject()).isEqualTo("Grüße aus Köln");
        assertThat(one.getHeader("X-Topic")).containsExactly("greetings");
        var mixed = (MimeMultipart) one.getContent();
        var words = (MimeMultipart) mixed.getBodyPart(0).getContent();
        assertThat(words.getBodyPart(0).getContent()).isEqualTo("Hello\r\n.\r\nWörld");
        assertThat(words.getBodyPart(1).getContent()).isEqualTo("<b>Hello</b>");
        assertThat(new String(mixed.getBodyPart(1).getInputStream().readAllBytes()))
                .isEqualTo("hello");
    }

    @Test
    void aRefusedPasswordParksTheConnection() throws Exception {
        Connector mail = mail(server.getSmtp().getPort(), "another-password");

        Outcome outcome = Verdicts.of(mail, "send", calls.send(request(mail, LETTER), mail), Instant.EPOCH);

        assertThat(outcome.verdict()).isEqualTo(Verdict.UNAUTHORIZED);
        assertThat(outcome.reason())
                .contains("renew the credential (setting email.password)")
                .doesNotContain("another-password");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            MAIL        | 451 4.7.1 come again later                 | RETRY | false | email said 451 4.7.1 come again later
            RCPT        | 450 4.2.0 greylisted                       | RETRY | false | email said 450 4.2.0 greylisted
            RCPT        | 550 5.1.1 <ada@example.org> is unknown     | FAIL  | false | email answered 422: 550 5.1.1 *** is unknown
            DATA        | 554 5.7.1 no                               | FAIL  | false | email answered 422: 554 5.7.1 no
            DATA        | 421 4.3.2 closing                          | RETRY | false | email said 421 4.3.2 closing
            .           | 452 4.3.1 the disk is full                 | RETRY | false | email said 452 4.3.1 the disk is full
            .           | 552 5.3.4 too large                        | FAIL  | false | email answered 422: 552 5.3.4 too large
            EHLO        | -                                          | RETRY | false | email refused the connection
            RCPT        | -                                          | RETRY | false | email refused the connection
            .           | -                                          | RETRY | true  | email broke the connection before it answered
            .           | wait                                       | RETRY | true  | email did not answer within 3.0 s
            """)
    void theServersWordDecidesAndOnlySilenceAfterTheLetterIsDoubt(
            String at, String said, Verdict verdict, boolean inDoubt, String reason) throws Exception {
        try (var odd = new OddMailServer(Map.of(at, said))) {
            Connector mail = plain(odd.port(), said.equals("wait") ? "timeout: 3s" : "");

            Outcome outcome;
            boolean doubt;
            try {
                Answer answer = calls.send(request(mail, LETTER), mail);
                outcome = Verdicts.of(mail, "send", answer, Instant.EPOCH);
                doubt = Verdicts.inDoubt(answer);
            } catch (IOException e) {
                outcome = Verdicts.of(mail, e);
                doubt = Verdicts.inDoubt(e);
            }

            assertThat(outcome.reason()).isEqualTo(reason);
            assertThat(outcome.verdict()).isEqualTo(verdict);
            assertThat(doubt).isEqualTo(inDoubt);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            454 4.7.0 later   | RETRY
            421 4.3.2 closing | RETRY
            535 5.7.8 no      | UNAUTHORIZED
            """)
    void aServerThatCantCheckThePasswordNowIsAskedAgainAndOnlyOneThatRefusesItStopsTheConnection(
            String said, Verdict verdict) throws Exception {
        try (var odd = new OddMailServer(Map.of("EHLO", "250-odd\r\n250 AUTH LOGIN", "AUTH", said))) {
            Connector mail = plain(odd.port(), "auth: { type: basic, user: serai, password: \"{{email.password}}\" }");

            Outcome outcome;
            try {
                outcome = Verdicts.of(mail, "send", calls.send(request(mail, LETTER), mail), Instant.EPOCH);
            } catch (IOException e) {
                assertThat(Verdicts.inDoubt(e)).isFalse();
                outcome = Verdicts.of(mail, e);
            }

            assertThat(outcome.verdict()).isEqualTo(verdict);
            assertThat(outcome.reason()).contains(said);
        }
    }

    @Test
    void aGoodbyeThatFailsDoesNotUnsayThatTheLetterWasTaken() throws Exception {
        try (var odd = new OddMailServer(Map.of("QUIT", "-"))) {
            Connector mail = plain(odd.port(), "");

            assertThat(calls.send(request(mail, LETTER), mail).status()).isEqualTo(200);
        }
    }

    @Test
    void aServerWithoutTlsGetsNeitherPasswordNorLetter() throws Exception {
        try (var odd = new OddMailServer(Map.of());
                var outside = new HttpCalls(
                        camel, HttpCallsTest.settings(Map.of("serai.calls.private-hosts", "mail.example.com")), host ->
                                new InetAddress[] {InetAddress.getLoopbackAddress()})) {
            String auth = "auth: { type: basic, user: serai, password: \"{{email.password}}\" }";
            Connector mail = connector("smtp://mail.example.com:" + odd.port(), auth, "a-mail-password");

            Throwable refused = catchThrowable(() -> outside.send(request(mail, LETTER), mail));

            assertThat(Verdicts.of(mail, refused).verdict()).isEqualTo(Verdict.FAIL);
            assertThat(Verdicts.of(mail, refused).reason()).startsWith("email could not be reached safely");
            assertThat(Verdicts.inDoubt(refused)).isFalse();
            assertThat(odd.heard).containsOnly("EHLO serai");
        }
    }

    @Test
    void whatAConnectionMayCallHoldsForLettersToo() throws Exception {
        try (var odd = new OddMailServer(Map.of())) {
            Connector mail = connector("smtp://mail.example.com:" + odd.port(), "", "x");
            try (var turned = new HttpCalls(camel, HttpCallsTest.settings(Map.of()), host ->
                    new InetAddress[] {InetAddress.getLoopbackAddress()})) {
                Throwable refused = catchThrowable(() -> turned.send(request(mail, LETTER), mail));

                assertThat(Verdicts.of(mail, refused).reason())
                        .startsWith("email: mail.example.com is not called: 127.0.0.1 is a loopback address");
                assertThat(Verdicts.inDoubt(refused)).isFalse();
            }
            assertThat(odd.heard).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"to":"a@b.example","subject":"s","text":"t"}                                            | "from" has 0 addresses; one is needed
            {"from":"a@b.example","subject":"s","text":"t"}                                          | the letter has 0 recipients; from 1 to 100 are possible in "to", "cc" and "bcc" together
            {"from":"a@b.example","to":"a@b.example\\r\\nBcc: x@y.example","subject":"s","text":"t"} | "to" must be text of one line
            {"from":"a@b.example","to":"a@b.example, x@y.example","subject":"s","text":"t"}          | "to" has what is no address; one like ada@example.com is needed, several as a list
            {"from":"a@b.example","to":"group: x@y.example;","subject":"s","text":"t"}               | "to" has what is no address; one like ada@example.com is needed, several as a list
            {"from":"a@b.example","to":"ada","subject":"s","text":"t"}                               | "to" has what is no address; one like ada@example.com is needed, several as a list
            {"from":"a@b.example","to":"jörg@b.example","subject":"s","text":"t"}                    | "to" has what is no address; one like ada@example.com is needed, several as a list
            {"from":"a@b.example","to":{"email":"a@b.example","name":"x\\nBcc: y"},"subject":"s","text":"t"} | "to" must be text of one line
            {"from":"a@b.example","to":"a@b.example","subject":"s\\nBcc: x@y.example","text":"t"}    | "subject" must be text of one line
            {"from":"a@b.example","to":"a@b.example","text":"t"}                                     | "subject" must be text of one line
            {"from":"a@b.example","to":"a@b.example","subject":"s"}                                  | the letter has neither "text" nor "html"; give it one of them, or both
            {"from":"a@b.example","to":"a@b.example","subject":"s","text":"t","headers":{"Bcc":"x@y.example"}} | "headers" has "Bcc", which is no header of a letter's own; only others, as X-Campaign, may be given
            {"from":"a@b.example","to":"a@b.example","subject":"s","text":"t","headers":{"X-A\\r\\nBcc":"x"}} | "headers" has "X-A??Bcc", which is no header of a letter's own; only others, as X-Campaign, may be given
            {"from":"a@b.example","to":"a@b.example","subject":"s","text":"t","headers":{"X-A":"x\\r\\nBcc: y"}} | "headers.X-A" must be text of one line
            {"from":"a@b.example","to":"a@b.example","subject":"s","text":"t","headers":{"Content-Type":"x"}} | "headers" has "Content-Type", which is no header of a letter's own; only others, as X-Campaign, may be given
            {"from":"a@b.example","to":"a@b.example","subject":"s","text":"t","attachments":[{"name":"a","type":"text/plain","content":"%"}]} | the "content" of an attachment is not base64; encode its bytes so
            {"from":"a@b.example","to":"a@b.example","subject":"s","text":"t","attachments":[{"name":"a","type":"message/rfc822","content":""}]} | an attachment has the type "message/rfc822"; a media type like application/pdf is needed
            {"from":"a@b.example","to":"a@b.example","subject":"s","text":"t","too":"x"}             | "too" is no field of a letter; did you mean "to"?
            """)
    void aLetterThatIsNotPlainlyALetterIsRefusedBeforeAnybodyIsCalled(String letter, String said) throws Exception {
        try (var odd = new OddMailServer(Map.of())) {
            Connector mail = plain(odd.port(), "");

            Throwable refused = catchThrowable(() -> calls.send(request(mail, letter), mail));

            assertThat(Verdicts.of(mail, refused)).isEqualTo(Outcome.fail("email: " + said));
            assertThat(Verdicts.inDoubt(refused)).isFalse();
            assertThat(odd.heard).isEmpty();
        }
    }

    private static dev.serai.connector.Request request(Connector mail, String letter) throws IOException {
        JsonNode body = JSON.readTree(letter);
        return mail.build("send", body, Map.of(), "");
    }

    /** The shipped file. */
    private static Connector mail(int port, String password) throws IOException {
        var settings =
                Map.of("email.server", "smtp://127.0.0.1:" + port, "email.user", "serai", "email.password", password);
        Path file = Path.of("mappings/email/connector.yaml");
        return Connector.read(
                file.toString(), "email", Files.readString(file), name -> Optional.ofNullable(settings.get(name)));
    }

    private static Connector plain(int port, String more) {
        return connector("smtp://127.0.0.1:" + port, more, "x");
    }

    private static Connector connector(String base, String more, String secret) {
        return Connector.read(
                "connector.yaml",
                "email",
                "connector: email\nbase_url: " + base + "\n" + more
                        + "\nwrites:\n  send: { method: POST, path: /, class: once, returns: message_id }\n",
                name -> Optional.of(secret));
    }
}
