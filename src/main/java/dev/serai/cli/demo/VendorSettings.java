package dev.serai.cli.demo;

import java.util.Map;

/** How the shipped connector files call what a simulated vendor needs. */
public final class VendorSettings {
    /** Each vendor's setting for its credential; the address is {@code <vendor>.base-url}. */
    public static final Map<String, String> CREDENTIALS = Map.of(
            "hubspot", "hubspot.access-token",
            "mailchimp", "mailchimp.api-key",
            "sendgrid", "sendgrid.api-key",
            "slack", "slack.bot-token",
            "stripe", "stripe.api-key",
            "zendesk", "zendesk.api-token");

    private VendorSettings() {}
}
