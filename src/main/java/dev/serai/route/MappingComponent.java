package dev.serai.route;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** Reshapes the body by a mapping file: {@code to: mapping:mailchimp/contact-to-member}. */
@Component("mapping")
public final class MappingComponent extends DefaultComponent {
    private Hub hub;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        var values = new HashMap<String, String>();
        parameters.forEach((name, value) -> values.put(name, String.valueOf(value)));
        parameters.clear();
        return new MappingEndpoint(uri, this, remaining, values);
    }

    Hub hub() {
        return hub;
    }

    void use(Hub hub) {
        this.hub = hub;
    }
}
