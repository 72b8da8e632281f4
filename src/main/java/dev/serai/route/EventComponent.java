package dev.serai.route;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** Durable events: a flow begins with {@code from: event:<type>}, a route publishes with {@code to: event:<type>}. */
@Component("event")
public final class EventComponent extends DefaultComponent {
    private Hub hub;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        var endpoint = new EventEndpoint(uri, this);
        endpoint.setType(remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    Hub hub() {
        return hub;
    }

    void use(Hub hub) {
        this.hub = hub;
    }
}
