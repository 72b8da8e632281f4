package dev.serai.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;

/** The key with which this database hashes what recognises people; another database's hashes are others. */
public final class IdentifierKey {
    private final DataSource database;
    /** Never used itself: a copy of it is quicker to have than one with a key of its own. */
    private volatile Mac keyed;

    public IdentifierKey(DataSource database) {
        this.database = database;
    }

    private Mac keyed() throws SQLException, GeneralSecurityException {
        if (keyed == null) {
            try (Connection connection = database.getConnection();
                    PreparedStatement select = connection.prepareStatement("SELECT key FROM identifier_watch");
                    ResultSet row = select.executeQuery()) {
                row.next();
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(row.getBytes(1), "HmacSHA256"));
                keyed = mac;
            }
        }
        return keyed;
    }

    /** @param form {@code email:ada@example.com} */
    long digest(String form) throws SQLException {
        return ByteBuffer.wrap(hmac(form)).getLong();
    }

    /** What shows that a text was written by somebody who has this database. */
    String sign(String text) throws SQLException {
        return HexFormat.of().formatHex(hmac(text));
    }

    /** Chance that is the same each time for the same text, and another one in another database. */
    public byte[] salt(String text) throws SQLException {
        return hmac("salt " + text);
    }

    private byte[] hmac(String text) throws SQLException {
        try {
            return ((Mac) keyed().clone()).doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException | CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }
}
