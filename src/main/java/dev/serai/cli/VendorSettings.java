package dev.serai.cli;

import dev.serai.connector.Connector;
import dev.serai.connector.Text;
import dev.serai.connector.auth.Auth;
import dev.serai.connector.auth.Hmac;
import dev.serai.connector.auth.OAuth1;
import dev.serai.connector.auth.OAuth2;
import dev.serai.connector.auth.TokenAuth;
import dev.serai.library.Library;
import dev.serai.simulator.Credential;
import dev.serai.simulator.Simulator;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What points connector files at their simulated vendors. */
public final class VendorSettings {
    /** How files call a setting that holds an address: {@code zendesk.base-url}, {@code salesforce.login-url}. */
    private static final String ADDRESS = "-url";

    private static final String CLIENT = ".client-id";

    /** Names and users, of which simulated vendors take any. */
    private static final String ANY = "simulated@example.com";

    private VendorSettings() {}

    /** Addresses and credentials of one vendor, by the names its connector file gives them. */
    public static Map<String, String> of(String vendor, Library library, Simulator simulator) {
        return library.connector(vendor)
                .map(connector -> of(connector, simulator))
                .orElseGet(() -> Map.of(vendor + ".base-url", simulator.url(vendor)));
    }

    /** Whether a setting holds an address, by its name. */
    public static boolean isAddress(String setting) {
        return setting.endsWith(ADDRESS);
    }

    /** The same of a connector whose system is simulated. */
    public static Map<String, String> of(Connector connector, Simulator simulator) {
        String vendor = connector.name();
        Credential known = simulator.credential(vendor);
        var settings = new TreeMap<String, String>();
        for (String name : connector.settings()) {
            if (isAddress(name)) {
                settings.put(name, simulator.url(vendor));
            } else if (name.endsWith(CLIENT)) {
                settings.put(name, known.client());
            }
        }
        connector.secretSettings().forEach(secret -> settings.put(secret, known.secret()));
        parts(connector.signIn().auth(), known).forEach((text, value) -> text.settings().stream()
                .filter(name -> !isAddress(name))
                .forEach(name -> settings.put(name, value)));
        connector
                .signIn()
                .missing(name -> Optional.ofNullable(settings.get(name)))
                .forEach(name -> settings.put(name, ANY));
        return settings;
    }

    /** What the texts of an {@code auth} hold whose place says more than that they are secret. */
    private static Map<Text, String> parts(Auth auth, Credential known) {
        var parts = new IdentityHashMap<Text, String>();
        if (auth instanceof OAuth1 signed) {
            parts.put(signed.consumerKey(), known.client());
            parts.put(signed.token(), known.token());
            parts.put(signed.tokenSecret(), known.tokenSecret());
        } else if (auth instanceof Hmac signed) {
            parts.put(signed.sent().prefix(), known.client());
        } else if (auth instanceof TokenAuth tokens) {
            if (tokens.source() instanceof OAuth2 oauth2) {
                parts.put(oauth2.client().id(), known.client());
                parts.put(oauth2.owner().password(), known.password());
                parts.put(oauth2.owner().refreshToken(), known.refreshToken());
                if (oauth2.client().how() == OAuth2.ClientAuth.ASSERTION) {
                    oauth2.assertion().ifPresent(own -> parts.put(own.subject(), known.client()));
                }
            }
            tokens.source().assertion().ifPresent(signed -> {
                parts.put(
                        signed.key().pem(),
                        known.privateKey(signed.key().algorithm().name()));
                parts.put(signed.issuer(), known.client());
            });
        }
        return parts;
    }
}
