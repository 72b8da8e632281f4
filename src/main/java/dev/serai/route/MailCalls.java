package dev.serai.route;

import dev.serai.connector.Answer;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Egress;
import dev.serai.connector.NotTaken;
import dev.serai.connector.Request;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Authenticator;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Hands letters to a mail server, one connection each. The server's word decides: taken is an answer of 200, a lasting no
 * one of 422, a refused credential one of 401, and a passing no is {@link NotTaken}. Only when the connection ends after
 * the letter was sent and before its word came does nobody know.
 */
final class MailCalls {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final HttpWire.Shared shared;
    private final InstantSource clock;

    MailCalls(HttpWire.Shared shared, InstantSource clock) {
        this.shared = shared;
        this.clock = clock;
    }

    /** @throws IOException as {@link HttpCalls#send} */
    Answer send(Request request, Egress egress) throws IOException {
        boolean direct = request.url().getScheme().equals("smtps");
        var session = session(request, egress, direct);
        MimeMessage letter;
        try {
            letter = MailLetter.of(request.body(), egress.connection(), session, Date.from(clock.instant()));
        } catch (ConnectorRefused e) {
            throw new IOException(e.getMessage(), e);
        }
        var late = new AtomicBoolean();
        try (var socket = new Socket()) {
            ScheduledFuture<?> end = shared.clock()
                    .schedule(
                            () -> {
                                late.set(true);
                                close(socket);
                            },
                            egress.limits().timeout().toMillis(),
                            TimeUnit.MILLISECONDS);
            try {
                return hand(letter, opened(socket, request, egress, direct), session);
            } catch (IOException e) {
                throw late.get() && !(e instanceof NotTaken) ? timedOut(e) : e;
            } finally {
                end.cancel(false);
            }
        }
    }

    private static IOException timedOut(IOException e) {
        if (e instanceof ConnectException) {
            return e; // nothing was sent yet
        }
        var late = new SocketTimeoutException("the call took too long");
        late.initCause(e);
        return late;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed
        }
    }

    /** A connection to an address that was judged, by TLS from its first byte where the server speaks so. */
    private Socket opened(Socket socket, Request request, Egress egress, boolean direct) throws IOException {
        String host = request.url().getHost();
        int port = request.url().getPort() > 0 ? request.url().getPort() : direct ? 465 : 587;
        var names = new GuardedLookup(egress, shared.settings(), shared.names(), shared.lookups());
        // by its name, for the certificate is compared with that
        InetAddress address = InetAddress.getByAddress(host, names.resolve(host)[0].getAddress());
        int timeout = Math.toIntExact(egress.limits().timeout().toMillis());
        try {
            socket.connect(new InetSocketAddress(address, port), timeout);
            socket.setSoTimeout(timeout);
        } catch (IOException e) {
            var refused = new ConnectException(e.getMessage());
            refused.initCause(e);
            throw refused;
        }
        if (!direct) {
            return socket;
        }
        var tls = (SSLSocket) shared.settings().tls().getSocketFactory().createSocket(socket, host, port, true);
        tls.setEnabledProtocols(PROTOCOLS);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    private Session session(Request request, Egress egress, boolean direct) {
        var properties = new Properties();
        properties.put("mail.smtp.host", request.url().getHost());
        properties.put("mail.smtp.ssl.socketFactory", shared.settings().tls().getSocketFactory());
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.ssl.protocols", String.join(" ", PROTOCOLS));
        properties.put("mail.smtp.starttls.enable", String.valueOf(!direct));
        boolean own = egress.ownNetwork();
        properties.put("mail.smtp.starttls.required", String.valueOf(!direct && !own));
        properties.put("mail.smtp.localhost", "serai");
        String given = request.headers().getOrDefault("Authorization", "");
        if (!given.startsWith("Basic ")) {
            return Session.getInstance(properties);
        }
        String pair = new String(Base64.getDecoder().decode(given.substring(6)), StandardCharsets.UTF_8);
        int colon = pair.indexOf(':');
        properties.put("mail.smtp.auth", "true");
        properties.put("mail.smtp.user", pair.substring(0, colon));
        return Session.getInstance(properties, new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(pair.substring(0, colon), pair.substring(colon + 1));
            }
        });
    }

    private static Answer hand(MimeMessage letter, Socket socket, Session session) throws IOException {
        var transport = new MailTransport(session);
        try {
            transport.connect(socket);
            transport.sendMessage(letter, letter.getAllRecipients());
            return answer(200, "message_id", letter.getMessageID());
        } catch (AuthenticationFailedException e) {
            int code = transport.getLastReturnCode();
            if (code >= 400 && code < 500) {
                throw new NotTaken("said " + said(e)); // it can't tell now whether the password is right
            }
            return answer(401, "message", said(e));
        } catch (MessagingException e) {
            return refused(transport, e);
        }
        // no QUIT: the letter is taken, and a goodbye that fails must not unsay it; the socket is closed by its owner
    }

    private static Answer refused(MailTransport transport, MessagingException failure) throws IOException {
        int code = MailTransport.code(failure);
        if (code >= 500) {
            return answer(422, "message", said(failure));
        }
        if (code >= 400) {
            throw new NotTaken("said " + said(failure));
        }
        if (transport.letterBegun()) {
            throw new IOException("the connection ended after the letter was sent", failure);
        }
        var unsent = new ConnectException("the connection ended before the letter was sent");
        unsent.initCause(failure);
        if (failure.getNextException() instanceof javax.net.ssl.SSLException tls) {
            throw tls;
        }
        if (!transport.isEncryptedOrNeedNot(failure)) {
            throw new javax.net.ssl.SSLHandshakeException("the server offers no STARTTLS");
        }
        throw unsent;
    }

    /** The server's words, without anybody's address in them. */
    private static String said(MessagingException failure) {
        return MailTransport.words(failure)
                .replaceAll("<?[^\\s<>@]+@[^\\s<>]+>?", "***")
                .strip();
    }

    private static Answer answer(int status, String name, String value) {
        byte[] body = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
                .objectNode()
                .put(name, value)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        return new Answer(status, Map.of("Content-Type", "application/json"), body);
    }
}
