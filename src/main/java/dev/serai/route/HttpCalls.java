package dev.serai.route;

import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Egress;
import dev.serai.connector.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Producer;
import org.apache.camel.component.http.HttpMethods;

/**
 * Sends requests through Camel's HTTP producer, to where the connection may call and nowhere else. Nothing of the flow's
 * message goes along; redirects are not followed, and a failing status is an answer, not an exception.
 */
final class HttpCalls implements AutoCloseable {
    private static final int TIDY_EVERY_SECONDS = 10;

    private final HttpWire.Shared shared;
    private final MailCalls letters;
    private final Map<String, HttpWire> wires = new ConcurrentHashMap<>();
    /** Of files that were changed meanwhile; closed when their last call is through. */
    private final Queue<HttpWire> retired = new ConcurrentLinkedQueue<>();

    HttpCalls(CamelContext context, CallSettings settings) {
        this(context, settings, InetAddress::getAllByName);
    }

    /** A context for calls beside a hub, such as those of a command. */
    static CamelContext bareContext() {
        var context = new HubContext();
        context.start();
        return context;
    }

    HttpCalls(CamelContext context, CallSettings settings, GuardedLookup.Names names) {
        var clock = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "serai-calls-clock"));
        clock.setRemoveOnCancelPolicy(true);
        ExecutorService lookups = Executors.newCachedThreadPool(task -> daemon(task, "serai-calls-lookup"));
        shared = new HttpWire.Shared(context, settings, names, clock, lookups);
        letters = new MailCalls(shared, InstantSource.system());
        clock.scheduleWithFixedDelay(this::tidy, TIDY_EVERY_SECONDS, TIDY_EVERY_SECONDS, TimeUnit.SECONDS);
    }

    private static Thread daemon(Runnable task, String name) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Waits for the answer, as long as a call of this connection may take.
     *
     * @throws IOException when no answer came, or one that is not taken; caused by {@link ConnectorRefused} when the
     *     request goes where this connection does not call
     */
    Answer send(Request request, Connector connector) throws IOException {
        if (shared.settings().standIn().isPresent()) {
            return shared.settings().standIn().get().answer(connector, request);
        }
        return send(request, egress(connector));
    }

    /** As {@link #send(Request, Connector)}, but waits no longer than this. */
    Answer send(Request request, Connector connector, Duration within) throws IOException {
        return shared.settings().standIn().isPresent()
                ? send(request, connector)
                : send(request, egress(connector).within(within));
    }

    private static Egress egress(Connector connector) throws IOException {
        try {
            return connector.egress();
        } catch (ConnectorRefused e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** As {@link #send(Request, Connector)}, for somebody who has no connector file. */
    Answer send(Request request, Egress egress) throws IOException {
        if (shared.settings().standIn().isPresent()) {
            throw new IOException("not sent: a trial calls nobody but those its capsule plays");
        }
        try {
            egress.check(request.url(), shared.settings()::isPrivate);
        } catch (ConnectorRefused e) {
            throw new IOException(e.getMessage(), e);
        }
        return request.url().getScheme().startsWith("smtp")
                ? letters.send(request, egress)
                : send(request, wire(egress).producer());
    }

    private static Answer send(Request request, Producer producer) throws IOException {
        Exchange exchange = producer.getEndpoint().createExchange();
        Message message = exchange.getMessage();
        // the constant, not its name: Camel would look for a converter of it at every call, an eighth of all work
        message.setHeader(Exchange.HTTP_METHOD, HttpMethods.valueOf(request.method()));
        message.setHeader(Exchange.HTTP_URI, withoutQuery(request.url()));
        if (request.url().getRawQuery() != null) {
            message.setHeader(Exchange.HTTP_RAW_QUERY, request.url().getRawQuery());
        }
        request.headers().forEach(message::setHeader);
        message.setBody(request.body().length == 0 ? null : request.body());
        try {
            producer.process(exchange);
        } catch (Exception e) {
            throw network(e);
        }
        if (exchange.getException() != null) {
            throw network(exchange.getException());
        }
        return answer(exchange.getMessage());
    }

    private HttpWire wire(Egress egress) {
        HttpWire wire = wires.get(egress.connection());
        if (wire != null && wire.serves(egress)) {
            return wire;
        }
        return wires.compute(egress.connection(), (name, now) -> {
            if (now != null && now.serves(egress)) {
                return now;
            }
            if (now != null) {
                retired.add(now);
            }
            return new HttpWire(egress, shared);
        });
    }

    private void tidy() {
        wires.values().forEach(HttpWire::tidy);
        retired.removeIf(wire -> {
            boolean rests = wire.rests();
            if (rests) {
                wire.close();
            }
            return rests;
        });
    }

    private static Answer answer(Message message) {
        var headers = new HashMap<String, String>();
        message.getHeaders().forEach((name, value) -> headers.put(name, text(value)));
        byte[] body = message.getBody(byte[].class);
        return new Answer(
                message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class),
                headers,
                body == null ? new byte[0] : body);
    }

    /** A header that came more than once is one list (RFC 9110, 5.3). */
    private static String text(Object value) {
        return value instanceof Collection<?> all
                ? all.stream().map(String::valueOf).collect(Collectors.joining(", "))
                : String.valueOf(value);
    }

    private static IOException network(Exception failure) {
        return failure instanceof IOException io ? io : new IOException(failure.getMessage(), failure);
    }

    private static String withoutQuery(URI url) {
        String address = url.toString();
        int query = address.indexOf('?');
        return query < 0 ? address : address.substring(0, query);
    }

    @Override
    public void close() {
        shared.clock().shutdownNow();
        shared.lookups().shutdownNow();
        retired.addAll(wires.values());
        wires.clear();
        retired.forEach(HttpWire::close);
        retired.clear();
    }
}
