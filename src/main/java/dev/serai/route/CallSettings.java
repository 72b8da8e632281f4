package dev.serai.route;

import dev.serai.config.Setting;
import dev.serai.config.Settings;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.http.HttpHost;

/**
 * What an installation says of all calls to remotes: {@code serai.calls.*}.
 *
 * @param privateHosts in lower case; one that begins with a dot stands for all below it
 * @param maxAnswer bytes, unpacked
 * @param standIn what answers in place of the network; empty for a hub at work
 */
record CallSettings(
        List<String> privateHosts, Optional<HttpHost> proxy, SSLContext tls, int maxAnswer, Optional<StandIn> standIn) {

    /** @throws IllegalStateException saying which setting cannot be used, and why */
    static CallSettings of(Settings settings) {
        List<String> hosts = Arrays.stream(settings.text(Setting.CALLS_PRIVATE_HOSTS)
                        .toLowerCase(Locale.ROOT)
                        .split(","))
                .map(String::strip)
                .filter(host -> !host.isEmpty())
                .map(host -> host.startsWith("*.") ? host.substring(1) : host)
                .toList();
        return new CallSettings(
                hosts,
                proxy(settings.text(Setting.CALLS_PROXY)),
                Trust.of(settings.text(Setting.CALLS_TRUST)),
                Math.multiplyExact(settings.number(Setting.CALLS_MAX_ANSWER), 1024),
                Optional.empty());
    }

    CallSettings playedBy(StandIn other) {
        return new CallSettings(privateHosts, proxy, tls, maxAnswer, Optional.of(other));
    }

    boolean isPrivate(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return privateHosts.stream()
                .anyMatch(given -> given.startsWith(".") ? name.endsWith(given) : name.equals(given));
    }

    private static Optional<HttpHost> proxy(String setting) {
        if (setting.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI uri = URI.create(setting);
            if (List.of("http", "https").contains(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getUserInfo() == null) {
                int port = uri.getPort() > 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
                return Optional.of(new HttpHost(uri.getScheme(), uri.getHost(), port));
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new IllegalStateException(
                "Can't start: serai.calls.proxy is not an address like http://proxy.example:3128," + " without a user");
    }
}
