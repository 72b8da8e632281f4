package dev.serai.cli.suite;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.cli.suite.Bench.Answered;
import dev.serai.connector.WriteClass;
import dev.serai.file.Problem;
import dev.serai.run.Verdict;
import dev.serai.simulator.MailServer;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/**
 * What becomes of letters, on a mail server that is played on this machine: one that takes them, refuses them, wants patience,
 * hangs up. A server has no contract of its own; how a letter is handed over, standards say (RFC 5321, 4954, 3207).
 */
final class MailChecks {
    private static final String NO_CONTRACT =
            "a mail server has no contract of its own: standards say how a letter is handed over";
    private static final String NO_LIMITS = "a mail server that has had enough says 4yz, which is tried under errors";

    private static final Map<String, String> TAKES = Map.of("EHLO", "250-odd\r\n250 AUTH PLAIN");
    private static final Duration IN_TIME = Duration.ofSeconds(10);
    /** An answer that never comes is waited for this long; how quick this machine is does not matter. */
    private static final Duration SOON = Duration.ofMillis(50);

    private final Trial trial;
    private final Consumer<String> address;

    /** @param address takes the address of the server from now on */
    MailChecks(Trial trial, Consumer<String> address) {
        this.trial = trial;
        this.address = address;
    }

    /** A talk with a server. */
    private record Talk(Answered answered, List<String> heard, List<String> letters) {
        boolean hasLeftDoubt() {
            return answered.inDoubt();
        }

        String reason() {
            return answered.outcome().reason();
        }

        Verdict verdict() {
            return answered.outcome().verdict();
        }
    }

    /** Something a server says at one point, and what may follow. */
    private record No(String at, String said, Set<Verdict> follows) {}

    /** @param base where its address stands in the file @param at where the operation does */
    List<Report.Row> rows(Problem base, Problem at) {
        var findings = new EnumMap<Check, Finding>(Check.class);
        findings.put(Check.CONTRACT, Finding.none(NO_CONTRACT));
        findings.put(Check.CALL, Suite.found(this::call));
        if (findings.get(Check.CALL).state() == Finding.State.OK) {
            findings.put(Check.AUTH, Suite.found(this::auth));
            findings.put(Check.ERRORS, Suite.found(this::errors));
            findings.put(Check.LIMITS, Finding.none(NO_LIMITS));
            findings.put(Check.REPEAT, Suite.found(this::repeat));
        }
        return List.of(
                new Report.Row("encryption", base, Map.of(Check.AUTH, Suite.found(this::encryption))),
                new Report.Row(trial.operation().name(), at, findings));
    }

    private Talk talk(Map<String, String> says, Duration within) {
        return talk(says, trial.bodies().get(0), within);
    }

    private Talk talk(Map<String, String> says, JsonNode body, Duration within) {
        try (var server = MailServer.start(says)) {
            address.accept("smtp://" + Bench.HERE + ":" + server.port());
            return talk(server, body, within);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Talk talk(MailServer server, JsonNode body, Duration within) {
        var answered = trial.bench().send(trial.connector(), trial.operation().name(), trial.request(body), within);
        return new Talk(answered, server.heard(), server.letters());
    }

    /** Says both at once: what it offers, and one thing else. */
    private static Map<String, String> saying(String at, String reply) {
        return at.equals("EHLO") ? Map.of(at, reply) : Map.of("EHLO", TAKES.get("EHLO"), at, reply);
    }

    /** Each letter that its mapping makes is taken, is the one that was meant, and goes to whom it names. */
    private Finding call() {
        for (JsonNode body : trial.bodies()) {
            Talk talk = talk(TAKES, body, IN_TIME);
            if (!talk.answered().outcome().succeeded()) {
                return Finding.failed(talk.reason());
            }
            JsonNode told = trial.connector()
                    .useful(trial.operation().name(), talk.answered().answer().orElseThrow());
            Optional<String> wrong = wrong(talk, body, told.asText());
            if (wrong.isPresent()) {
                return Finding.failed(wrong.get());
            }
        }
        return Finding.OK;
    }

    private static Optional<String> wrong(Talk talk, JsonNode body, String told) {
        if (talk.letters().size() != 1) {
            return Optional.of("the server took " + talk.letters().size() + " letters");
        }
        try {
            var letter = new MimeMessage(
                    Session.getInstance(new Properties()),
                    new ByteArrayInputStream(talk.letters().get(0).getBytes(StandardCharsets.UTF_8)));
            if (!told.equals(letter.getMessageID())) {
                return Optional.of("the answer does not name the letter; write returns: message_id");
            }
            if (!body.path("subject").asText().equals(letter.getSubject())) {
                return Optional.of("the letter has another subject than the body");
            }
            if (letter.getAllRecipients() == null) {
                return Optional.empty(); // to whom only the server knows
            }
            for (Address to : letter.getAllRecipients()) {
                String plain = ((InternetAddress) to).getAddress();
                if (talk.heard().stream().noneMatch(line -> line.startsWith("RCPT TO:<" + plain + ">"))) {
                    return Optional.of("the letter names somebody to whom it was not sent");
                }
            }
            return Optional.empty();
        } catch (MessagingException e) {
            return Optional.of("the letter can't be read: " + e.getMessage());
        }
    }

    /** A password that is refused stops the connection; a server that can't look it up now does not. */
    private Finding auth() {
        if (trial.connector().secretSettings().isEmpty()) {
            return Finding.none("it has no credential");
        }
        if (talk(TAKES, IN_TIME).heard().stream().noneMatch(line -> line.startsWith("AUTH "))) {
            return Finding.failed("the server was not told who asks; write auth: basic");
        }
        Talk refused = talk(saying("AUTH", "535 5.7.8 no such user"), IN_TIME);
        if (refused.verdict() != Verdict.UNAUTHORIZED) {
            return Finding.failed("a refused credential was judged " + CallChecks.word(refused.verdict())
                    + ", not unauthorized: " + refused.reason());
        }
        Talk later = talk(saying("AUTH", "454 4.7.0 come again later"), IN_TIME);
        return later.verdict() == Verdict.RETRY && !later.hasLeftDoubt()
                ? Finding.OK
                : Finding.failed("a server that can't look the credential up now was judged "
                        + CallChecks.word(later.verdict()) + ": " + later.reason());
    }

    private static List<No> noes() {
        Set<Verdict> no = EnumSet.of(Verdict.FAIL);
        Set<Verdict> later = EnumSet.of(Verdict.RETRY);
        return List.of(
                new No("RCPT", "550 5.1.1 <somebody@example.com> is unknown", no),
                new No("RCPT", "451 4.7.1 greylisted", later),
                new No("MAIL", "421 4.3.2 closing", later),
                new No("DATA", "554 5.7.1 no", no),
                new No(".", "552 5.3.4 too large", no),
                new No(".", "452 4.3.1 the disk is full", later),
                new No("EHLO", "-", later),
                new No("RCPT", "-", later));
    }

    /** The server's word decides; its words are kept, and nobody's address in them. */
    private Finding errors() {
        for (No no : noes()) {
            Talk talk = talk(saying(no.at(), no.said()), IN_TIME);
            String what = "at " + no.at() + " \"" + no.said() + "\"";
            if (!no.follows().contains(talk.verdict())) {
                return Finding.failed(
                        what + " was judged " + CallChecks.word(talk.verdict()) + " (" + talk.reason() + ")");
            }
            if (talk.hasLeftDoubt()) {
                return Finding.failed(what + " left it open whether the letter was taken");
            }
            if (no.said().length() > 1 && !talk.reason().contains(no.said().substring(0, 9))) {
                return Finding.failed(what + " lost the server's words: " + talk.reason());
            }
            if (talk.reason().contains("@")) {
                return Finding.failed(what + " put an address into its reason");
            }
        }
        Talk late = talk(saying(".", "wait"), SOON);
        return late.verdict() == Verdict.RETRY
                ? Finding.OK
                : Finding.failed("no answer in time was judged " + CallChecks.word(late.verdict()));
    }

    /** Two letters are two letters: one whose end is not known is for a person, and one that was never begun is not. */
    private Finding repeat() {
        if (!trial.writeClass().filter(WriteClass.ONCE::equals).isPresent()) {
            return Finding.failed("a letter that is sent twice is two letters; write class: once");
        }
        Talk lost = talk(saying(".", "-"), IN_TIME);
        if (lost.letters().size() != 1 || !lost.hasLeftDoubt()) {
            return Finding.failed("the server hung up when it had the letter, and that was not held to be in doubt: "
                    + lost.reason());
        }
        Talk before = talk(saying("DATA", "-"), IN_TIME);
        return before.hasLeftDoubt()
                ? Finding.failed("the server hung up before it had the letter, and that was held to be in doubt")
                : Finding.OK;
    }

    /** Who can't or won't speak TLS is told neither who asks nor what for. */
    private Finding encryption() {
        address.accept("smtp://" + Bench.ELSEWHERE);
        if (trial.connector().egress().ownNetwork()) {
            return Finding.none("network: private says that its letters stay in one's own network");
        }
        var open = new ArrayList<String>();
        plain("a server without STARTTLS", "smtp", () -> MailServer.start(TAKES))
                .ifPresent(open::add);
        plain("a server that shows no certificate", "smtp", () -> MailServer.startTls(TAKES, nameless()))
                .ifPresent(open::add);
        plain("a server that shows no certificate", "smtps", () -> MailServer.smtps(TAKES, nameless()))
                .ifPresent(open::add);
        return open.isEmpty() ? Finding.OK : Finding.failed(open.get(0));
    }

    /** Begins to serve. */
    @FunctionalInterface
    private interface Begun {
        MailServer server() throws IOException;
    }

    /** @return what it was told that nobody may hear */
    private Optional<String> plain(String who, String scheme, Begun begun) {
        Predicate<String> harmless = line -> line.startsWith("EHLO ") || line.equals("STARTTLS");
        try (MailServer server = begun.server()) {
            address.accept(scheme + "://" + Bench.ELSEWHERE + ":" + server.port());
            Talk talk = talk(server, trial.bodies().get(0), IN_TIME);
            boolean quiet =
                    talk.heard().stream().allMatch(harmless) && talk.letters().isEmpty();
            return quiet && !talk.answered().outcome().succeeded() && !talk.hasLeftDoubt()
                    ? Optional.empty()
                    : Optional.of(who + " was told more than a greeting, and it was judged "
                            + CallChecks.word(talk.verdict()) + ": " + talk.reason());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** TLS without a certificate: nobody can know whom they talk to. */
    private static SSLContext nameless() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[0], null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java knows no TLS", e);
        }
    }
}
