package dev.serai.route;

import dev.serai.connector.Answer;
import dev.serai.connector.Request;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Producer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.http.HttpMethods;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Sends requests through Camel's HTTP producer: one pooled producer per host and timeout. Nothing of the flow's message
 * goes along; redirects are not followed, and a failing status is an answer, not an exception.
 */
final class HttpCalls implements AutoCloseable {
    private static final int CONNECTIONS_PER_HOST = 100;
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);

    private final CamelContext context;
    private final Map<String, Producer> producers = new ConcurrentHashMap<>();

    HttpCalls(CamelContext context) {
        this.context = context;
    }

    /** A context for calls beside a hub, such as those of a command. */
    static CamelContext bareContext() {
        var context = new DefaultCamelContext();
        for (String scheme : List.of("http", "https")) {
            // what is answered 503 is ours to judge, and not sent again behind our back
            context.getComponent(scheme, HttpComponent.class).setAutomaticRetriesDisabled(true);
        }
        context.start();
        return context;
    }

    /** @throws IOException when no answer came */
    Answer send(Request request, Duration timeout) throws IOException {
        Producer producer = producers.computeIfAbsent(address(request.url(), timeout), this::start);
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

    private static Answer answer(Message message) {
        var headers = new HashMap<String, String>();
        message.getHeaders().forEach((name, value) -> headers.put(name, String.valueOf(value)));
        byte[] body = message.getBody(byte[].class);
        return new Answer(
                message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class),
                headers,
                body == null ? new byte[0] : body);
    }

    private static IOException network(Exception failure) {
        return failure instanceof IOException io ? io : new IOException(failure.getMessage(), failure);
    }

    private static String withoutQuery(URI url) {
        String address = url.toString();
        int query = address.indexOf('?');
        return query < 0 ? address : address.substring(0, query);
    }

    private static String address(URI url, Duration timeout) {
        return url.getScheme() + "://" + url.getRawAuthority() + "?throwExceptionOnFailure=false&followRedirects=false"
                + "&copyHeaders=false&connectTimeout=" + CONNECT_WITHIN.toMillis() + "&responseTimeout="
                + timeout.toMillis()
                + "&soTimeout=" + timeout.toMillis() + "&maxTotalConnections=" + CONNECTIONS_PER_HOST
                + "&connectionsPerRoute=" + CONNECTIONS_PER_HOST + "&userAgent=Serai";
    }

    private Producer start(String address) {
        try {
            Endpoint endpoint = context.getEndpoint(address);
            Producer producer = endpoint.createProducer();
            producer.start();
            return producer;
        } catch (Exception e) {
            throw new IllegalStateException("no HTTP client for " + address, e);
        }
    }

    @Override
    public void close() {
        producers.values().forEach(Producer::stop);
        producers.clear();
    }
}
