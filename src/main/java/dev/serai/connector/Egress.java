package dev.serai.connector;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Where the calls of one connection may go, how long they may take and how much may come back. Calls go to the host of
 * {@code base_url} and to those named under {@code hosts}; to addresses of the open Internet only, unless the file says
 * {@code network: private} or {@code base_url} itself is such an address or {@code localhost}. Nothing is sent unencrypted over
 * networks of others.
 *
 * @param toldBy where the token was asked for that brought the base along; empty for one that stands in the file or a setting.
 *     What a vendor tells is believed less: it must be https, and public
 * @param hosts further ones
 * @param allowed the kinds of address they may have besides public ones
 * @param limits of one call
 */
public record Egress(
        String connection,
        Origin base,
        Optional<Origin> toldBy,
        List<HostRule> hosts,
        Set<AddressKind> allowed,
        Limits limits) {

    /** @param timeout of a whole call, its last byte included @param maxAnswerKb of an unpacked answer; 0: the hub's own limit */
    public record Limits(Duration timeout, int maxAnswerKb) {}

    /**
     * A host named under {@code hosts}.
     *
     * @param name {@code files.example.com}, or {@code .example.com} for all hosts below it
     * @param port 0: the scheme's own
     */
    record HostRule(String name, int port) {
        boolean matches(Origin to) {
            boolean named =
                    name.startsWith(".") ? to.host().endsWith(name) : to.host().equals(name);
            return named && to.port() == (port == 0 ? Origin.defaultPort(to.scheme()) : port);
        }
    }

    /**
     * Of somebody whose document names more hosts than its own: calls go to {@code to}, which {@code base} named.
     *
     * @throws ConnectorRefused when one of them has no plain host
     */
    public static Egress further(URI base, URI to, Limits limits) {
        Origin named = origin(to);
        return new Egress(
                "sign-in at " + named,
                origin(base),
                Optional.empty(),
                List.of(new HostRule(named.host(), named.port())),
                Set.of(),
                limits);
    }

    private static Origin origin(URI address) {
        return Origin.of(address)
                .orElseThrow(() -> new ConnectorRefused("\"" + shown(address) + "\" is not called: its host is not"
                        + " written as a plain name or address"));
    }

    /**
     * May a call go to this address?
     *
     * @param isPrivate hosts that may have private addresses whatever the file says
     * @throws ConnectorRefused saying where it would have gone and what to do
     */
    public void check(URI url, Predicate<String> isPrivate) {
        problem(url).or(() -> unencrypted(origin(url), isPrivate)).ifPresent(problem -> {
            throw refused(problem);
        });
        Origin to = origin(url);
        if (Origin.isAddress(to.host())) {
            check(to.host(), literal(to.host()), isPrivate.test(to.host()));
        }
    }

    /**
     * Why no call goes to its base address, though that is well written: everybody on the way could read what is sent. Empty where it
     * is encrypted, or in one's own network.
     *
     * @param isPrivate hosts that may have private addresses whatever the file says
     */
    public Optional<String> unencrypted(Predicate<String> isPrivate) {
        return unencrypted(base, isPrivate);
    }

    private Optional<String> unencrypted(Origin to, Predicate<String> isPrivate) {
        return allowed.isEmpty() && Unencrypted.isPublic(to) && !isPrivate.test(to.host())
                ? Optional.of(
                        to + " is not called: everybody on the way could read what is sent; set it with https://, or,"
                                + " if it is in your own network, write network: private into the connector file or name the host"
                                + " in serai.calls.private-hosts")
                : Optional.empty();
    }

    /** Why no call may go to this address, as far as its text tells; empty when one may. */
    Optional<String> problem(URI url) {
        if (url.getRawUserInfo() != null) {
            return Optional.of("an address with a user in it (" + shown(url) + ") is not called; the credential belongs"
                    + " into \"auth\"");
        }
        Optional<Origin> known = Origin.of(url);
        if (known.isEmpty()) {
            return Optional.of(
                    "\"" + shown(url) + "\" is not called: its host is not written as a plain name or address");
        }
        Origin to = known.get();
        if (toldBy.isPresent()
                && to.scheme().equals("http")
                && !toldBy.get().scheme().equals("http")) {
            return Optional.of(to + " is not called: this address came with the token of " + toldBy.get()
                    + ", and calls there would carry it unencrypted; it must be https");
        }
        if (to.equals(base)) {
            return Optional.empty();
        }
        if (hosts.stream().noneMatch(rule -> rule.matches(to))) {
            return Optional.of(to + " is not called: this connection calls " + base + " only; name the host under"
                    + " \"hosts\" if it is the vendor's");
        }
        return to.scheme().equals(base.scheme()) || to.scheme().equals("https")
                ? Optional.empty()
                : Optional.of(to + " is not called: it would carry the credential unencrypted; use https");
    }

    /**
     * May a connection be opened to this address, which {@code host} has now?
     *
     * @param isPrivate whether the host may have a private address whatever the file says
     * @throws ConnectorRefused saying what kind of address it is and what to do
     */
    public void check(String host, InetAddress address, boolean isPrivate) {
        AddressKind kind = AddressKind.of(address);
        boolean meant = isPrivate || allowed.contains(kind) || saysSo(host, kind);
        if (kind == AddressKind.PUBLIC || kind != AddressKind.NEVER && meant) {
            return;
        }
        throw refused(host + " is not called: " + address.getHostAddress() + " is " + kind.words()
                + (kind == AddressKind.NEVER
                        ? ", which no connection calls; correct base_url"
                        : "; write network: private into the connector file, or name the host in"
                                + " serai.calls.private-hosts, if it is meant"));
    }

    /** The same, with less time for one call. */
    public Egress within(Duration timeout) {
        return new Egress(connection, base, toldBy, hosts, allowed, new Limits(timeout, limits.maxAnswerKb));
    }

    /** Whether the connection says that it calls systems of one's own network. */
    public boolean ownNetwork() {
        return !allowed.isEmpty()
                || isGiven()
                        && (base.isLocal()
                                || Origin.isAddress(base.host())
                                        && AddressKind.of(literal(base.host())) == AddressKind.PRIVATE);
    }

    /** A base_url that names the address itself leaves nothing to be found out, and nothing to be turned round. */
    private boolean saysSo(String host, AddressKind kind) {
        return isGiven()
                && bare(host).equals(bare(base.host()))
                && (kind == AddressKind.LOOPBACK ? base.isLocal() : Origin.isAddress(base.host()));
    }

    /** Whether a person wrote it, or it came from this very machine, where a vendor is played. */
    private boolean isGiven() {
        return toldBy.isEmpty() || toldBy.get().isLocal();
    }

    private static String bare(String host) {
        return host.toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
    }

    private static InetAddress literal(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new ConnectorRefused("\"" + host + "\" is no address; correct it");
        }
    }

    private static String shown(URI url) {
        return String.valueOf(url.getScheme()) + "://"
                + String.valueOf(url.getRawAuthority()).replaceAll(".*@", "***@");
    }

    private ConnectorRefused refused(String what) {
        return new ConnectorRefused(connection + ": " + what);
    }
}
