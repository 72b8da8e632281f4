package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.connector.ConnectorRefused;
import dev.serai.file.Suggest;
import jakarta.activation.DataHandler;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A letter as flows write it, {@code {from, to, cc, bcc, reply_to, subject, text, html, headers, attachments}}, and as mail
 * servers take it. Nothing of it can become a header or a recipient that was not meant.
 */
final class MailLetter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_RECIPIENTS = 100; // RFC 5321, 4.5.3.1.8: what every server takes
    private static final Set<String> FIELDS = new TreeSet<>(
            Set.of("from", "to", "cc", "bcc", "reply_to", "subject", "text", "html", "headers", "attachments"));
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,70}");
    /** Those that say who, to whom, when, and what: they come from the fields above, or from servers on the way. */
    private static final Pattern TAKEN = Pattern.compile(
            "from|sender|to|cc|bcc|reply-to|subject|date|message-id|return-path|received|mime-.*|content-.*|dkim-.*|resent-.*|arc-.*"
                    + "|authentication-results");

    private final JsonNode letter;
    private final String connection;

    private MailLetter(JsonNode letter, String connection) {
        this.letter = letter;
        this.connection = connection;
    }

    /** @throws ConnectorRefused saying which field is wrong, without its value where that is somebody's address */
    static MimeMessage of(byte[] json, String connection, Session session, Date now) {
        try {
            return new MailLetter(JSON.readTree(json), connection).message(session, now);
        } catch (IOException e) {
            throw new ConnectorRefused(connection + ": the body is not JSON");
        } catch (MessagingException e) {
            throw new ConnectorRefused(connection + ": the letter cannot be written: "
                    + e.getClass().getSimpleName());
        }
    }

    private MimeMessage message(Session session, Date now) throws MessagingException {
        letter.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                throw refused("\"" + name + "\" is no field of a letter; " + Suggest.hint(name, FIELDS));
            }
        });
        InternetAddress from = only("from");
        var message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                // the usual one tells the name of this machine
                setHeader(
                        "Message-ID",
                        "<" + UUID.randomUUID() + "@" + from.getAddress().replaceAll(".*@", "") + ">");
            }
        };
        message.setFrom(from);
        int recipients = 0;
        for (var type : List.of(RecipientType.TO, RecipientType.CC, RecipientType.BCC)) {
            List<InternetAddress> addresses = addresses(type.toString().toLowerCase(Locale.ROOT));
            message.setRecipients(type, addresses.toArray(InternetAddress[]::new));
            recipients += addresses.size();
        }
        if (recipients == 0 || recipients > MOST_RECIPIENTS) {
            throw refused("the letter has " + recipients + " recipients; from 1 to " + MOST_RECIPIENTS
                    + " are possible in \"to\", \"cc\" and \"bcc\" together");
        }
        List<InternetAddress> replyTo = addresses("reply_to");
        if (!replyTo.isEmpty()) {
            message.setReplyTo(replyTo.toArray(InternetAddress[]::new));
        }
        message.setSubject(line("subject", letter.path("subject")), "UTF-8");
        message.setSentDate(now);
        headers(message);
        content(message);
        message.saveChanges();
        return message;
    }

    private void headers(MimeMessage message) throws MessagingException {
        for (var header : letter.path("headers").properties()) {
            String name = header.getKey();
            if (!HEADER.matcher(name).matches()
                    || TAKEN.matcher(name.toLowerCase(Locale.ROOT)).matches()) {
                throw refused("\"headers\" has \"" + name.replaceAll("[^ -~]", "?")
                        + "\", which is no header of a letter's own; only others, as X-Campaign, may be given");
            }
            String value = line("headers." + name, header.getValue());
            if (value.chars().anyMatch(c -> c > 0x7E)) {
                throw refused("\"headers." + name + "\" has characters outside of ASCII; write it without");
            }
            message.setHeader(name, value);
        }
    }

    private void content(MimeMessage message) throws MessagingException {
        String text = letter.path("text").asText("");
        String html = letter.path("html").asText("");
        if (text.isEmpty() && html.isEmpty()) {
            throw refused("the letter has neither \"text\" nor \"html\"; give it one of them, or both");
        }
        var attachments = letter.path("attachments");
        if (attachments.isEmpty()) {
            if (text.isEmpty() || html.isEmpty()) {
                message.setText(text.isEmpty() ? html : text, "UTF-8", text.isEmpty() ? "html" : "plain");
            } else {
                message.setContent(both(text, html));
            }
            return;
        }
        var mixed = new MimeMultipart("mixed");
        var words = new MimeBodyPart();
        if (text.isEmpty() || html.isEmpty()) {
            words.setText(text.isEmpty() ? html : text, "UTF-8", text.isEmpty() ? "html" : "plain");
        } else {
            words.setContent(both(text, html));
        }
        mixed.addBodyPart(words);
        for (JsonNode attachment : attachments) {
            mixed.addBodyPart(attachment(attachment));
        }
        message.setContent(mixed);
    }

    private static MimeMultipart both(String text, String html) throws MessagingException {
        var plain = new MimeBodyPart();
        plain.setText(text, "UTF-8", "plain");
        var rich = new MimeBodyPart();
        rich.setText(html, "UTF-8", "html");
        return new MimeMultipart("alternative", plain, rich);
    }

    private MimeBodyPart attachment(JsonNode given) throws MessagingException {
        String type = line("attachments.type", given.path("type"));
        if (!type.matches("[a-z0-9.+-]+/[a-z0-9.+-]+")
                || type.startsWith("multipart/")
                || type.startsWith("message/")) {
            throw refused("an attachment has the type \"" + type + "\"; a media type like application/pdf is needed");
        }
        try {
            var part = new MimeBodyPart();
            byte[] content = Base64.getDecoder().decode(given.path("content").asText(""));
            part.setDataHandler(new DataHandler(new ByteArrayDataSource(content, type)));
            part.setFileName(line("attachments.name", given.path("name")));
            part.setHeader("Content-Transfer-Encoding", "base64");
            return part;
        } catch (IllegalArgumentException e) {
            throw refused("the \"content\" of an attachment is not base64; encode its bytes so");
        }
    }

    private InternetAddress only(String field) {
        List<InternetAddress> addresses = addresses(field);
        if (addresses.size() != 1) {
            throw refused("\"" + field + "\" has " + addresses.size() + " addresses; one is needed");
        }
        return addresses.get(0);
    }

    private List<InternetAddress> addresses(String field) {
        JsonNode given = letter.path(field);
        var addresses = new ArrayList<InternetAddress>();
        if (given.isArray()) {
            given.forEach(one -> addresses.add(address(field, one)));
        } else if (!given.isMissingNode() && !given.isNull()) {
            addresses.add(address(field, given));
        }
        return addresses;
    }

    /** {@code ada@example.com}, {@code Ada <ada@example.com>} or {@code {email, name}}: always one person. */
    private InternetAddress address(String field, JsonNode given) {
        try {
            String text = line(field, given.isObject() ? given.path("email") : given);
            var parsed = new InternetAddress(text, true);
            String name = given.isObject() && given.hasNonNull("name")
                    ? line(field, given.path("name"))
                    : parsed.getPersonal();
            String[] parts = parsed.getAddress().split("@", -1);
            if (parts.length != 2 || parsed.isGroup() || !ascii(parts[0])) {
                throw noAddress(field);
            }
            return new InternetAddress(parts[0] + "@" + IDN.toASCII(parts[1], IDN.USE_STD3_ASCII_RULES), name, "UTF-8");
        } catch (MessagingException | UnsupportedEncodingException | IllegalArgumentException e) {
            throw noAddress(field);
        }
    }

    private static boolean ascii(String text) {
        return StandardCharsets.US_ASCII.newEncoder().canEncode(text);
    }

    private ConnectorRefused noAddress(String field) {
        return refused(
                "\"" + field + "\" has what is no address; one like ada@example.com is needed, several as a list");
    }

    /** One line: a break would begin a header of somebody else's making. */
    private String line(String field, JsonNode given) {
        if (!given.isTextual() || given.textValue().chars().anyMatch(Character::isISOControl)) {
            throw refused("\"" + field + "\" must be text of one line");
        }
        return given.textValue();
    }

    private ConnectorRefused refused(String what) {
        return new ConnectorRefused(connection + ": " + what);
    }
}
