package dev.serai.route;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.io.OutputStream;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/** Angus Mail's SMTP, which also tells how far it came. */
final class MailTransport extends SMTPTransport {
    private boolean letterBegun;

    MailTransport(Session session) {
        super(session, new URLName("smtp", null, -1, null, null, null));
    }

    @Override
    protected OutputStream data() throws MessagingException {
        OutputStream out = super.data();
        // the server has said 354: from here on it may take the letter
        letterBegun = true;
        return out;
    }

    /** Whether the letter itself was on its way. */
    boolean letterBegun() {
        return letterBegun;
    }

    boolean isEncryptedOrNeedNot(MessagingException failure) {
        return !String.valueOf(failure.getMessage()).startsWith("STARTTLS is required");
    }

    /** The server's last code in a failure; -1 when it said none. The most lasting one when several recipients failed. */
    static int code(MessagingException failure) {
        int code = -1;
        for (Exception at = failure; at instanceof MessagingException next; at = next.getNextException()) {
            code = Math.max(code, own(next));
        }
        return code;
    }

    private static int own(MessagingException failure) {
        if (failure instanceof SMTPAddressFailedException address) {
            return address.getReturnCode();
        }
        if (failure instanceof SMTPSenderFailedException sender) {
            return sender.getReturnCode();
        }
        return failure instanceof SMTPSendFailedException send ? send.getReturnCode() : -1;
    }

    /** What the server said, the innermost first: the outer ones only say that something was said. */
    static String words(MessagingException failure) {
        MessagingException at = failure;
        while (at.getNextException() instanceof MessagingException next && own(next) > 0) {
            at = next;
        }
        return String.valueOf(at.getMessage());
    }
}
