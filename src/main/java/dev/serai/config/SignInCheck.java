package dev.serai.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Whether what is said of an issuer can work together: half of it would lock people out, or let in who should not be. */
final class SignInCheck {
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final List<Setting> ROLES =
            List.of(Setting.OIDC_VIEWERS, Setting.OIDC_OPERATORS, Setting.OIDC_ADMINS);

    /** OpenID Connect Core 1.0, 5.7: whoever decides by these lets in whoever takes the name. */
    private static final Set<String> CHANGED_AT_WILL = Set.of("preferred_username", "name", "nickname");

    private final Settings settings;
    private final List<String> problems = new ArrayList<>();

    private SignInCheck(Settings settings) {
        this.settings = settings;
    }

    static List<String> of(Settings settings) {
        var check = new SignInCheck(settings);
        if (settings.text(Setting.OIDC_ISSUER).isEmpty()) {
            check.nothingElse();
        } else {
            check.all();
        }
        return check.problems;
    }

    private void nothingElse() {
        Stream.concat(Stream.of(Setting.OIDC_CLIENT_ID, Setting.OIDC_CLIENT_SECRET), ROLES.stream())
                .filter(setting -> !settings.text(setting).isEmpty())
                .forEach(setting -> problems.add(
                        setting.key() + ": is given without " + Setting.OIDC_ISSUER.key() + "; give both or neither"));
    }

    private void all() {
        wrong(settings.text(Setting.OIDC_ISSUER)).ifPresent(words -> problem(Setting.OIDC_ISSUER, words));
        if (settings.text(Setting.OIDC_CLIENT_ID).isEmpty()) {
            problems.add(Setting.OIDC_CLIENT_ID.key() + ": is missing; " + Setting.OIDC_ISSUER.key()
                    + " needs it, as it is registered there");
        }
        if (ROLES.stream().allMatch(setting -> settings.text(setting).isBlank())) {
            problems.add(
                    "serai.oidc.viewers, serai.oidc.operators, serai.oidc.admins: one at least is needed, or nobody"
                            + " who signs in may see anything");
        }
        if (!Arrays.asList(settings.text(Setting.OIDC_SCOPES).split("[ ,]+")).contains("openid")) {
            problem(Setting.OIDC_SCOPES, "openid has to be among them");
        }
        String claim = settings.text(Setting.OIDC_ROLES_CLAIM);
        if (claim.isBlank() || CHANGED_AT_WILL.contains(claim)) {
            problem(Setting.OIDC_ROLES_CLAIM, "a claim that people can't change themselves is needed, such as groups");
        }
        Duration session = settings.duration(Setting.OIDC_SESSION);
        if (session.compareTo(Duration.ofMinutes(1)) < 0 || session.compareTo(LONGEST) > 0) {
            problem(Setting.OIDC_SESSION, "1m to 24h are possible: who has left at the issuer is let in so long");
        }
        home();
    }

    /** Where the issuer sends people back to, with what lets them in. */
    private void home() {
        String home = settings.text(Setting.HTTP_PUBLIC_URL);
        if (!home.isEmpty()) {
            wrong(home).ifPresent(words -> problem(Setting.HTTP_PUBLIC_URL, words));
        } else if (!isHere(settings.text(Setting.HTTP_HOST))) {
            problems.add(Setting.HTTP_PUBLIC_URL.key() + ": is missing; the issuer sends people back to it");
        }
    }

    private void problem(Setting setting, String words) {
        problems.add(setting.key() + " = \"" + settings.text(setting) + "\": " + words);
    }

    private static Optional<String> wrong(String address) {
        String needed = "an address with https is needed, without a user and a query; http is for this machine alone";
        try {
            var uri = new URI(address);
            boolean plain = uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
            boolean safe =
                    "https".equals(uri.getScheme()) || "http".equals(uri.getScheme()) && plain && isHere(uri.getHost());
            return plain && safe ? Optional.empty() : Optional.of(needed);
        } catch (URISyntaxException e) {
            return Optional.of(needed);
        }
    }

    private static boolean isHere(String host) {
        return host.equals("localhost")
                || host.equals("[::1]")
                || host.equals("::1")
                || host.matches("127(\\.\\d{1,3}){3}");
    }
}
