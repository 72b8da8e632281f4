package dev.serai.cli.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/** The bodies the scenes send. */
final class Payloads {
    private final DemoHub hub;

    Payloads(DemoHub hub) {
        this.hub = hub;
    }

    /** HubSpot's batch as it is shipped: a new contact and two changes of it. */
    byte[] hubspotBatch() {
        return hub.sample("hubspot", "contact.batch.json");
    }

    /** The first event of that batch for another contact. */
    byte[] newContact(int contact) {
        ObjectNode event = DemoHub.json(hubspotBatch()).get(0).deepCopy();
        event.put("objectId", contact).put("eventId", 1000 + contact);
        return JsonNodeFactory.instance.arrayNode().add(event).toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Stripe's event as it is shipped. */
    byte[] paymentFailed() {
        return hub.sample("stripe", "invoice.payment_failed.json");
    }

    byte[] customerConverted() {
        return DemoHub.resource("customer.converted.json").toString().getBytes(StandardCharsets.UTF_8);
    }
}
