package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Certificates that are made when a test begins: each in a store of its own, signed by itself or by its own authority. */
final class Certificates {
    private static final char[] PASSWORD = "only-for-tests".toCharArray();

    private final Path folder;

    Certificates(Path folder) {
        this.folder = folder;
    }

    /** Begins to make one that names a host. */
    Process maker(String name, String host) throws IOException {
        return keytool(name, "-alias", "it", "-ext", "san=dns:" + host);
    }

    Process keytool(String store, String... more) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file(store + ".p12").toString()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    static void made(List<Process> makers) throws InterruptedException {
        for (Process maker : makers) {
            assertThat(maker.waitFor()).isZero();
        }
    }

    /** Of an installation that trusts it; of one that trusts nobody's own authority when the name is empty. */
    CallSettings trusting(String name, Map<String, String> more) throws Exception {
        var settings = new HashMap<>(more);
        if (!name.isEmpty()) {
            String pem = "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder().encodeToString(trusted(name).getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
            settings.put(
                    "serai.calls.trust",
                    Files.writeString(file(name + ".pem"), pem).toString());
        }
        return HttpCallsTest.settings(settings);
    }

    /** Of a server that shows it. */
    SSLContext context(String name) throws Exception {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore store = store(name);
        store.deleteEntry("ca");
        keys.init(store, PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private Certificate trusted(String name) throws Exception {
        KeyStore store = store(name);
        return store.getCertificate(store.containsAlias("ca") ? "ca" : "it");
    }

    private KeyStore store(String name) throws Exception {
        try (InputStream in = Files.newInputStream(file(name + ".p12"))) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD);
            return store;
        }
    }

    Path file(String name) {
        return folder.resolve(name);
    }
}
