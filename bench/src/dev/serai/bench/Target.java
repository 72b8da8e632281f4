package dev.serai.bench;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.regex.Pattern;

/** Where events are posted: plain HTTP, and only on this machine, so that a slip of the pen loads nobody else. */
record Target(String host, int port, String path) {
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}|localhost");

    /** @throws Refused when the address is not {@code http://<loopback>[:port]/path} */
    static Target of(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new Refused("TARGET=" + url + " is not an address; write http://127.0.0.1:8080/webhooks/crm");
        }
        if (!"http".equals(uri.getScheme())) {
            throw new Refused("TARGET=" + url + ": plain http:// is needed");
        }
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new Target(loopback(uri.getHost(), "TARGET"), uri.getPort() < 0 ? 80 : uri.getPort(), path + query);
    }

    /** The host itself when it is this machine. */
    static String loopback(String host, String setting) {
        if (host == null || !LOOPBACK.matcher(host).matches()) {
            throw new Refused(
                    setting + " names the host " + host + ": the benchmark loads this machine only; use 127.0.0.1");
        }
        return host.equals("localhost") ? "127.0.0.1" : host;
    }

    /** The door of another connection of the same hub. */
    Target sibling(String connection) {
        return new Target(host, port, path.substring(0, path.lastIndexOf('/') + 1) + connection);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return "http://" + host + ":" + port + path;
    }
}
