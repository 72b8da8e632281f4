package dev.serai.connector;

import dev.serai.run.Outcome;
import dev.serai.run.Owner;
import dev.serai.run.Verdict;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Judges what came back from a remote, or why nothing did. */
public final class Verdicts {
    /** How long we wait when a remote asks for patience and does not say how much. N-12 */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int NOT_MODIFIED = 304;

    /** A proxy, a login or a maintenance page stood in the way; the remote itself may never have seen the call. */
    private static final String A_PAGE = "a web page came in place of its answer; correct base_url if it goes on";

    private Verdicts() {}

    /**
     * What an answer to an operation comes to: the first rule of the connector file that matches, else the defaults of
     * HTTP. The reason quotes the remote's own message with all secrets masked.
     *
     * @param now to turn a moment that it is to be waited for into a wait
     */
    public static Outcome of(Connector connector, String operation, Answer answer, Instant now) {
        Optional<ErrorRule> rule = rule(connector, operation, answer);
        if (rule.isPresent()) {
            return byRule(connector, operation, rule.get(), answer, now);
        }
        if (answer.status() == NOT_MODIFIED && connector.operation(operation) instanceof Listing) {
            return Outcome.SUCCESS;
        }
        Verdict verdict = byStatus(answer.status());
        Duration wait = wait(connector, operation, verdict, answer, now);
        if (verdict == Verdict.SUCCESS && VendorMessage.isPage(answer)) {
            return outcome(connector, Verdict.RETRY, answer, wait, said(connector, answer), A_PAGE);
        }
        if (verdict == Verdict.SUCCESS) {
            return isMisread(connector, operation, answer)
                    ? misread(connector, operation, answer)
                    : isHalf(connector, operation, answer) ? half(connector, operation, answer) : Outcome.SUCCESS;
        }
        return outcome(connector, verdict, answer, wait, said(connector, answer), advice(connector, answer));
    }

    /** What a read can't make anything of would be taken for an empty record. */
    private static boolean isMisread(Connector connector, String operation, Answer answer) {
        return connector.operation(operation) instanceof Operation.Read read
                && read.result().needsJson()
                && answer.isOtherThanJson();
    }

    /** Broken JSON may be whole the next time; anything else is what the file did not expect. */
    private static Outcome misread(Connector connector, String operation, Answer answer) {
        String type = answer.header("Content-Type").orElse("content of no type");
        return type.contains("json")
                ? outcome(connector, Verdict.RETRY, answer, Duration.ZERO, "JSON that is broken", "")
                : outcome(
                        connector,
                        Verdict.FAIL,
                        answer,
                        Duration.ZERO,
                        VendorMessage.oneLine(type, connector.signIn().masking()) + ", and no JSON",
                        "write answers: text or answers: file at the read \"" + operation + "\"");
    }

    /** Where a record is made when a read finds none, an answer without what it returns would be taken for none. */
    private static boolean isHalf(Connector connector, String operation, Answer answer) {
        return connector.operation(operation) instanceof Operation.Read read
                && !read.result().isTold(answer)
                && connector.operations().values().stream()
                        .anyMatch(other -> other instanceof Upsert upsert
                                        && upsert.calls().search().equals(operation)
                                || other instanceof Operation.Write write
                                        && write.repeat().lookup().equals(operation));
    }

    private static Outcome half(Connector connector, String operation, Answer answer) {
        String path = ((Operation.Read) connector.operation(operation)).result().path();
        return outcome(
                connector,
                Verdict.RETRY,
                answer,
                Duration.ZERO,
                "an answer without \"" + path + "\"",
                "correct \"returns\" of \"" + operation
                        + "\"; if that is left out where nothing is found, add the error rule" + " { field: " + path
                        + ", exists: false, status: [200], verdict: ignore }");
    }

    private static Optional<ErrorRule> rule(Connector connector, String operation, Answer answer) {
        return connector.rules(operation).stream()
                .filter(rule -> rule.matches(answer))
                .findFirst();
    }

    private static String said(Connector connector, Answer answer) {
        return VendorMessage.of(answer, connector.signIn().masking());
    }

    private static Outcome byRule(Connector connector, String operation, ErrorRule rule, Answer answer, Instant now) {
        if (rule.verdict() == Verdict.SUCCESS) {
            return Outcome.SUCCESS;
        }
        String message = rule.reason().isEmpty()
                ? said(connector, answer)
                : VendorMessage.field(answer, rule.reason(), connector.signIn().masking());
        Duration wait = rule.patience()
                .flatMap(w -> w.in(answer, now))
                .map(RetryAfter::bounded)
                .orElseGet(() -> wait(connector, operation, rule.verdict(), answer, now));
        return outcome(connector, rule.verdict(), answer, wait, message, rule.because());
    }

    static Verdict byStatus(int status) {
        if (status >= 200 && status < 300) {
            return Verdict.SUCCESS;
        }
        if (status == 429) {
            return Verdict.RATE_LIMITED;
        }
        if (status == 401) {
            return Verdict.UNAUTHORIZED;
        }
        return status == 408 || status >= 500 ? Verdict.RETRY : Verdict.FAIL;
    }

    private static String advice(Connector connector, Answer answer) {
        int status = answer.status();
        if (status == 401) {
            return reconnect(connector);
        }
        if (status == 403) {
            return "give " + credential(connector) + " the permission, then resume";
        }
        return status >= 300 && status < 400 ? "it points to another address; correct base_url, then resume" : "";
    }

    private static String reconnect(Connector connector) {
        return "renew " + credential(connector) + ", or say serai connections resume " + connector.name()
                + " --why REASON";
    }

    private static String credential(Connector connector) {
        var settings = connector.secretSettings();
        return "the credential" + (settings.isEmpty() ? "" : " (setting " + String.join(", ", settings) + ")");
    }

    private static Outcome outcome(
            Connector connector, Verdict verdict, Answer answer, Duration wait, String message, String advice) {
        String reason = connector.name() + " answered " + answer.status() + (message.isEmpty() ? "" : ": " + message)
                + (advice.isEmpty() ? "" : "; " + advice);
        Owner owner = verdict == Verdict.FAIL || verdict == Verdict.UNAUTHORIZED ? Owner.CONFIG : Owner.TRANSIENT;
        return new Outcome(verdict, owner, connector.mask(reason), wait, answer.status());
    }

    private static Duration wait(Connector connector, String operation, Verdict verdict, Answer answer, Instant now) {
        Optional<Duration> asked = RetryAfter.of(answer, now);
        return switch (verdict) {
            case RETRY -> asked.orElse(Duration.ZERO);
            case RATE_LIMITED ->
                connector
                        .quotas()
                        .pause(operation, answer, asked, now)
                        .map(RetryAfter::bounded)
                        .orElse(PATIENCE);
            default -> Duration.ZERO;
        };
    }

    /** What it means that no answer came: the network is tried again, a broken trust or a missing value is for a person. */
    public static Outcome of(Connector connector, Throwable failure) {
        List<Throwable> chain = chain(failure);
        for (Throwable cause : chain) {
            if (cause instanceof ConnectorRefused refused) {
                return Outcome.fail(refused.getMessage());
            }
        }
        for (Throwable cause : chain) {
            if (cause instanceof AnswerRefused refused) {
                return Outcome.fail(connector.name() + " answered, but " + refused.getMessage());
            }
        }
        if (failure instanceof NotTaken) {
            return Outcome.retry(connector.mask(connector.name() + " " + failure.getMessage()));
        }
        if (has(chain, SSLException.class) && !broken(chain)) {
            return Outcome.fail(connector.name()
                    + " could not be reached safely: its TLS certificate or protocol was refused; correct base_url or"
                    + " trust its certificate (serai.calls.trust), then resume");
        }
        if (has(chain, IOException.class)) {
            return Outcome.retry(connector.name() + " " + network(chain, connector));
        }
        return new Outcome(
                Verdict.FAIL,
                Owner.SYSTEM,
                connector.name() + " was not called: " + failure.getClass().getSimpleName() + " inside Serai",
                Duration.ZERO);
    }

    /** TLS wraps a connection that merely broke into an exception of its own. */
    private static boolean broken(List<Throwable> chain) {
        return has(chain, SocketException.class)
                || has(chain, EOFException.class)
                || has(chain, SocketTimeoutException.class);
    }

    private static String network(List<Throwable> chain, Connector connector) {
        if (has(chain, UnknownHostException.class)) {
            return "has no known address: its host name could not be resolved";
        }
        if (has(chain, NoRouteToHostException.class)) {
            return "could not be reached: there is no route to it";
        }
        if (timedOutConnecting(chain)) {
            return "could not be reached within " + seconds(connector);
        }
        if (has(chain, ConnectException.class)) {
            return "refused the connection";
        }
        return has(chain, SocketTimeoutException.class)
                ? "did not answer within " + seconds(connector)
                : "broke the connection before it answered";
    }

    private static String seconds(Connector connector) {
        return connector.timeout().toMillis() / 1000.0 + " s";
    }

    /**
     * Whether the remote may have done what it was asked although nobody can tell. Only a write that is not
     * {@link WriteClass#repeatable() repeatable} needs to care: it is in doubt then. Who refuses has not done it, were it a
     * proxy with a page; a page that says all is well is not the remote's word.
     */
    public static boolean inDoubt(Answer answer) {
        int status = answer.status();
        return status == 408 || status >= 500 || byStatus(status) == Verdict.SUCCESS && VendorMessage.isPage(answer);
    }

    /**
     * As {@link #inDoubt(Answer)}, with what the rules of the connector file say: a failure told in the body may leave it
     * open, and one that asks to come later never does.
     */
    public static boolean inDoubt(Connector connector, String operation, Answer answer) {
        Optional<ErrorRule> rule = rule(connector, operation, answer);
        if (rule.filter(told -> told.verdict() == Verdict.RATE_LIMITED).isPresent()) {
            return false;
        }
        return inDoubt(answer) || rule.filter(told -> told.leavesOpen(answer)).isPresent();
    }

    /** The same for a call without an answer: false only when it is certain that nothing was sent. */
    public static boolean inDoubt(Throwable failure) {
        List<Throwable> chain = chain(failure);
        boolean unsent = has(chain, ConnectorRefused.class)
                || has(chain, NotTaken.class)
                || has(chain, NotConnected.class)
                || has(chain, UnknownHostException.class)
                || has(chain, NoRouteToHostException.class)
                || has(chain, ConnectException.class)
                || has(chain, SSLHandshakeException.class)
                || has(chain, SSLPeerUnverifiedException.class)
                || timedOutConnecting(chain);
        return !unsent;
    }

    /** By name, as each HTTP client has a class of its own for it. */
    private static boolean timedOutConnecting(List<Throwable> chain) {
        return chain.stream().anyMatch(t -> t.getClass().getSimpleName().endsWith("ConnectTimeoutException"));
    }

    private static boolean has(List<Throwable> chain, Class<? extends Throwable> type) {
        return chain.stream().anyMatch(type::isInstance);
    }

    private static List<Throwable> chain(Throwable failure) {
        var chain = new ArrayList<Throwable>();
        for (Throwable t = failure; t != null && chain.size() < 20; t = t.getCause()) {
            chain.add(t);
        }
        return chain;
    }
}
