package dev.serai.route;

import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPRequestSender;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPRequest;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPResponse;
import dev.serai.api.Role;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.connector.Answer;
import dev.serai.connector.Egress;
import dev.serai.connector.Request;
import dev.serai.console.Accounts;
import dev.serai.oidc.SignIn;
import dev.serai.oidc.Terms;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What is asked of an issuer, sent as connectors' calls are: by the hub's own trust and proxy, no redirects, to addresses that may
 * be called. Somebody waits in front of a browser, so none may take long.
 */
final class IssuerCalls implements HTTPRequestSender {
    private static final Egress.Limits LIMITS = new Egress.Limits(Duration.ofSeconds(5), 1024);

    private final HttpCalls http;
    private final URI issuer;

    private IssuerCalls(HttpCalls http, URI issuer) {
        this.http = http;
        this.issuer = issuer;
    }

    /** @param home where browsers reach this hub @return empty when no issuer is set */
    static Optional<Accounts> accounts(Settings settings, HttpCalls http, InstantSource clock, Supplier<String> home) {
        String issuer = settings.text(Setting.OIDC_ISSUER);
        if (issuer.isEmpty()) {
            return Optional.empty();
        }
        URI address = URI.create(issuer);
        String name = settings.text(Setting.OIDC_NAME);
        var terms = new Terms(
                name.isEmpty() ? address.getHost() : name,
                address,
                settings.text(Setting.OIDC_CLIENT_ID),
                () -> settings.text(Setting.OIDC_CLIENT_SECRET),
                List.of(settings.text(Setting.OIDC_SCOPES).split("[ ,]+")),
                settings.text(Setting.OIDC_ROLES_CLAIM));
        Map<Role, Set<String>> opens = new TreeMap<>(Map.of(
                Role.VIEWER, values(settings, Setting.OIDC_VIEWERS),
                Role.OPERATOR, values(settings, Setting.OIDC_OPERATORS),
                Role.ADMIN, values(settings, Setting.OIDC_ADMINS)));
        opens.values().removeIf(Set::isEmpty);
        return Optional.of(new Accounts(new SignIn(terms, new IssuerCalls(http, address), clock), opens, home));
    }

    /** How long somebody stays in by the issuer's word: not at all when no issuer is believed any more. */
    static Duration longest(Settings settings) {
        return settings.text(Setting.OIDC_ISSUER).isEmpty() ? Duration.ZERO : settings.duration(Setting.OIDC_SESSION);
    }

    private static Set<String> values(Settings settings, Setting setting) {
        return Arrays.stream(settings.text(setting).split(","))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public ReadOnlyHTTPResponse send(ReadOnlyHTTPRequest asked) throws IOException {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        asked.getHeaderMap().forEach((name, values) -> headers.put(name, String.join(", ", values)));
        headers.put("Accept", "application/json");
        headers.put("User-Agent", "Serai");
        byte[] body = asked.getBody() == null ? new byte[0] : asked.getBody().getBytes(StandardCharsets.UTF_8);
        Answer answer = http.send(
                new Request(asked.getMethod().name(), asked.getURI(), headers, body),
                Egress.further(issuer, asked.getURI(), LIMITS));
        var response = new HTTPResponse(answer.status());
        try {
            response.setContentType(answer.header("Content-Type").orElse("text/plain"));
        } catch (ParseException e) {
            throw new IOException("it answered with an unreadable Content-Type", e);
        }
        response.setBody(new String(answer.body(), StandardCharsets.UTF_8));
        return response;
    }
}
