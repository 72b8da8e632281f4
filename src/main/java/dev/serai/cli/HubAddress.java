package dev.serai.cli;

import dev.serai.config.Setting;
import dev.serai.config.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where a hub elsewhere is, and what is shown there.
 *
 * @param url without a slash at its end
 */
record HubAddress(URI url, String token) {
    private static final int LONGEST = 4096;

    /** @throws WrongUse saying what is wrong with the settings; the token is in no message */
    static HubAddress of(Settings settings) {
        return new HubAddress(url(settings), token(settings));
    }

    private static URI url(Settings settings) {
        String given = settings.text(Setting.HUB);
        URI url;
        try {
            url = URI.create(given.replaceAll("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw noAddress(given);
        }
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        boolean http = scheme.equals("http") || scheme.equals("https");
        if (!http || url.getHost() == null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw noAddress(given);
        }
        if (url.getRawUserInfo() != null) {
            throw new WrongUse("serai.hub holds a user or a password; write the address alone, and put the token into"
                    + " SERAI_HUB_TOKEN.");
        }
        if (scheme.equals("http")
                && !isHere(url.getHost())
                && !settings.text(Setting.HUB_PLAIN_HTTP).equals("yes")) {
            throw new WrongUse(
                    "serai.hub = \"" + given + "\": by http:// everybody on the way could read the token; write"
                            + " https://, or --hub-plain-http yes where nobody else is on the way.");
        }
        return url;
    }

    private static WrongUse noAddress(String given) {
        // what stands before an @ may be a password
        return new WrongUse("serai.hub = \"" + given.replaceAll("[^/]*@", "…@")
                + "\": not the address of a hub; write it as https://hub.example.com.");
    }

    /** This machine; names are not asked for, as somebody else answers for them. */
    private static boolean isHere(String host) {
        return host.equalsIgnoreCase("localhost") || host.matches("127(\\.\\d{1,3}){3}") || host.equals("[::1]");
    }

    private static String token(Settings settings) {
        String file = settings.text(Setting.HUB_TOKEN_FILE);
        String token = file.isEmpty() ? settings.text(Setting.HUB_TOKEN).strip() : read(file);
        if (token.isEmpty()) {
            throw new WrongUse(
                    "A hub elsewhere asks for a token: put it into SERAI_HUB_TOKEN, or name a file that holds it"
                            + " with --hub-token-file. Beside the hub, serai tokens create NAME --role viewer makes one.");
        }
        if (!token.matches("[\\x21-\\x7e]+")) {
            throw new WrongUse(
                    "The token has a space, a line break or another character that no token has; copy it anew"
                            + " from what serai tokens create printed.");
        }
        return token;
    }

    private static String read(String file) {
        try (var in = Files.newInputStream(Path.of(file))) {
            return new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8).strip();
        } catch (IOException | InvalidPathException e) {
            throw new WrongUse("--hub-token-file " + file + ": can't be read; write the token into that file.");
        }
    }
}
