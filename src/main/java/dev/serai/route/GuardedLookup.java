package dev.serai.route;

import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Egress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Looks a host up for each new connection and lets through only what may be called. The client connects to the very
 * addresses given here, so that a name that means something else a moment later gains nothing by it.
 */
final class GuardedLookup implements DnsResolver {
    /** Finds the addresses of a host. */
    @FunctionalInterface
    interface Names {
        InetAddress[] of(String host) throws UnknownHostException;
    }

    private final Egress egress;
    private final CallSettings settings;
    private final Names names;
    private final Executor threads;

    GuardedLookup(Egress egress, CallSettings settings, Names names, Executor threads) {
        this.egress = egress;
        this.settings = settings;
        this.names = names;
        this.threads = threads;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] found = lookUp(host, egress.limits().timeout());
        if (settings.proxy()
                .filter(proxy -> proxy.getHostName().equalsIgnoreCase(host))
                .isPresent()) {
            return found;
        }
        try {
            for (InetAddress address : found) {
                egress.check(host, address, settings.isPrivate(host));
            }
        } catch (ConnectorRefused e) {
            throw unknown(e.getMessage(), e);
        }
        return found;
    }

    /** Java's own look-up knows no end. */
    private InetAddress[] lookUp(String host, Duration within) throws UnknownHostException {
        try {
            return CompletableFuture.supplyAsync(() -> now(host), threads)
                    .get(within.toMillis(), TimeUnit.MILLISECONDS)
                    .orThrow();
        } catch (TimeoutException e) {
            throw new UnknownHostException(host + " was not found within " + within.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw unknown(host, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown(host, e);
        }
    }

    private record Found(InetAddress[] addresses, UnknownHostException failure) {
        InetAddress[] orThrow() throws UnknownHostException {
            if (failure != null) {
                throw failure;
            }
            return addresses;
        }
    }

    private Found now(String host) {
        try {
            return new Found(names.of(host), null);
        } catch (UnknownHostException e) {
            return new Found(null, e);
        }
    }

    private static UnknownHostException unknown(String message, Throwable cause) {
        var failure = new UnknownHostException(message);
        failure.initCause(cause);
        return failure;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
