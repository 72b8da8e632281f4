package dev.serai.route;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whose certificates are believed: those of Java's own authorities, and of a file of {@code serai.calls.trust}. */
public final class Trust {
    private Trust() {}

    /**
     * @param pem the file; empty for Java's own alone
     * @throws IllegalStateException when it can't be read
     */
    public static SSLContext of(String pem) {
        try {
            var context = SSLContext.getInstance("TLS");
            if (pem.isEmpty()) {
                context.init(null, null, null);
            } else {
                var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                managers.init(trusted(Path.of(pem)));
                context.init(null, managers.getTrustManagers(), null);
            }
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(
                    "Can't start: serai.calls.trust = \"" + pem + "\" cannot be read as certificates in PEM ("
                            + e.getMessage() + "); correct the file",
                    e);
        }
    }

    private static KeyStore trusted(Path pem) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        var own = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        own.init((KeyStore) null);
        int number = 0;
        for (Certificate authority : ((X509TrustManager) own.getTrustManagers()[0]).getAcceptedIssuers()) {
            store.setCertificateEntry("java" + number++, authority);
        }
        try (InputStream in = Files.newInputStream(pem)) {
            for (Certificate more : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("own" + number++, more);
            }
        }
        return store;
    }
}
