package dev.serai.route;

import dev.serai.connector.Egress;
import dev.serai.connector.FileParts;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.Producer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.support.DefaultHeaderFilterStrategy;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HttpsSupport;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The HTTP client of one connection behind a producer of Camel: its own pool, so that one slow vendor takes no other's
 * connections. It repeats nothing, follows no redirect, keeps no cookie, and obeys no proxy it was not told of.
 */
final class HttpWire implements AutoCloseable {
    private static final int CONNECTIONS = 100;
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
    private static final TimeValue IDLE = TimeValue.ofSeconds(30);
    /** A connection that never rests would never notice that its host has moved. */
    private static final TimeValue LIVES = TimeValue.ofMinutes(5);
    /** A server may close a connection just when it is taken up again: those that rested this long are looked at first. */
    private static final TimeValue RESTED = TimeValue.ofSeconds(1);

    private static final int HEADERS = 200;
    private static final int HEADER_LENGTH = 32 * 1024;

    private final Egress egress;
    private final PoolingHttpClientConnectionManager pool;
    private final CloseableHttpClient client;
    private final Producer producer;
    private boolean rested;

    /** What all wires of a hub share. @param lookups threads that may wait for a name server */
    record Shared(
            CamelContext context,
            CallSettings settings,
            GuardedLookup.Names names,
            ScheduledExecutorService clock,
            ExecutorService lookups) {}

    HttpWire(Egress egress, Shared shared) {
        this.egress = egress;
        this.pool = pool(egress, shared);
        HttpClientBuilder builder = HttpClients.custom()
                .setConnectionManager(pool)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(timeout(egress))
                        .setResponseTimeout(timeout(egress))
                        .build())
                .addExecInterceptorFirst("deadline", new CallDeadline(egress, shared.settings, shared.clock))
                .addExecInterceptorAfter(ChainElement.CONNECT.name(), "connected", CallDeadline.CONNECTED)
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableDefaultUserAgent();
        shared.settings.proxy().ifPresent(builder::setProxy);
        this.client = builder.build();
        this.producer = producer(egress, shared.context);
    }

    private static PoolingHttpClientConnectionManager pool(Egress egress, Shared shared) {
        Timeout connect = Timeout.of(
                egress.limits().timeout().compareTo(CONNECT_WITHIN) < 0
                        ? egress.limits().timeout()
                        : CONNECT_WITHIN);
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(new GuardedLookup(egress, shared.settings, shared.names, shared.lookups))
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(
                        shared.settings.tls(),
                        new String[] {"TLSv1.3", "TLSv1.2"},
                        null,
                        SSLBufferMode.STATIC,
                        HttpsSupport.getDefaultHostnameVerifier()))
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.STRICT)
                .setMaxConnTotal(CONNECTIONS)
                .setMaxConnPerRoute(CONNECTIONS)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(connect)
                        .setSocketTimeout(timeout(egress))
                        .setTimeToLive(LIVES)
                        .setValidateAfterInactivity(RESTED)
                        .build())
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setSoTimeout(timeout(egress))
                        .setTcpNoDelay(true)
                        .build())
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(Http1Config.custom()
                                .setMaxHeaderCount(HEADERS)
                                .setMaxLineLength(HEADER_LENGTH)
                                .build())
                        .build())
                .build();
    }

    private static Timeout timeout(Egress egress) {
        return Timeout.of(egress.limits().timeout());
    }

    private Producer producer(Egress egress, CamelContext context) {
        try {
            var component = context.getComponent("http", HttpComponent.class);
            // made by the component and not looked up in the context, which has one endpoint for all who name its
            // address
            var endpoint = (HttpEndpoint)
                    component.createEndpoint(egress.base() + "?throwExceptionOnFailure=false&copyHeaders=false");
            endpoint.setHttpClient(client);
            endpoint.setDeleteWithBody(true);
            endpoint.setHeaderFilterStrategy(headers());
            Producer made = endpoint.createProducer();
            made.start();
            return made;
        } catch (Exception e) {
            throw new IllegalStateException("no HTTP client for " + egress.connection(), e);
        }
    }

    /** What a request has is sent: Camel would leave out a date, or what is said to caches. */
    private static DefaultHeaderFilterStrategy headers() {
        var strategy = new DefaultHeaderFilterStrategy();
        strategy.getOutFilter().addAll(FileParts.OF_THE_WIRE);
        strategy.getOutFilter().add("content-type"); // comes with the body
        strategy.setLowerCase(true);
        strategy.setOutFilterStartsWith(DefaultHeaderFilterStrategy.CAMEL_FILTER_STARTS_WITH);
        strategy.setInFilterStartsWith(DefaultHeaderFilterStrategy.CAMEL_FILTER_STARTS_WITH);
        return strategy;
    }

    Producer producer() {
        return producer;
    }

    /** Whether this is still what the connection's file says. */
    boolean serves(Egress other) {
        return egress.equals(other);
    }

    /** Closes connections that rest for too long. */
    void tidy() {
        pool.closeExpired();
        pool.closeIdle(IDLE);
    }

    /** Whether it rested at this look and at the one before: who has just taken it may not have begun yet. */
    boolean rests() {
        boolean before = rested;
        rested = pool.getTotalStats().getLeased() + pool.getTotalStats().getPending() == 0;
        return before && rested;
    }

    @Override
    public void close() {
        producer.stop();
        client.close(org.apache.hc.core5.io.CloseMode.GRACEFUL);
        pool.close();
    }
}
