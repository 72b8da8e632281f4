package dev.serai.route;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** Calls a remote system by its connector file: {@code to: connector:mailchimp/upsert_member?list={{lists.de}}}. */
@Component("connector")
public final class ConnectorComponent extends DefaultComponent {
    private Hub hub;
    private CallSettings settings;

    private HttpCalls http;
    private ReadCache cache;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        int slash = remaining.indexOf('/');
        if (slash < 1 || slash == remaining.length() - 1) {
            throw new IllegalArgumentException(
                    "connector:" + remaining + " lacks its operation; write connector:<system>/<operation>");
        }
        var arguments = new HashMap<String, String>();
        parameters.forEach((name, value) -> arguments.put(name, String.valueOf(value)));
        parameters.clear();
        return new ConnectorEndpoint(
                uri, this, remaining.substring(0, slash), remaining.substring(slash + 1), arguments);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        http = new HttpCalls(getCamelContext(), settings);
    }

    @Override
    protected void doStop() throws Exception {
        if (http != null) {
            http.close();
        }
        super.doStop();
    }

    HttpCalls http() {
        return http;
    }

    ReadCache cache() {
        return cache;
    }

    Hub hub() {
        return hub;
    }

    void use(Hub hub, CallSettings settings) {
        this.hub = hub;
        this.settings = settings;
        this.cache = new ReadCache(hub.metrics());
    }
}
