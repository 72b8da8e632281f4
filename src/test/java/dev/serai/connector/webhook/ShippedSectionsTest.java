package dev.serai.connector.webhook;

import static dev.serai.connector.webhook.Sections.SECRET;
import static dev.serai.connector.webhook.Sections.post;
import static dev.serai.connector.webhook.Sections.sample;
import static dev.serai.connector.webhook.Sections.shipped;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShippedSectionsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stripe",
                "github",
                "shopify",
                "slack",
                "hubspot",
                "crm",
                "calendly",
                "pipedrive",
                "brevo",
                "zendesk",
                "mailchimp",
                "pagerduty",
                "cloudevents",
                "woocommerce",
                "intercom"
            })
    void everySectionStaysClosedUntilItsSecretIsSet(String system) {
        Webhooks webhooks = Sections.read(Sections.file(system), name -> Optional.empty());

        assertThat(webhooks.closedBecause())
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("set " + system + "."));
        assertThat(webhooks.verify(post("{}"), Instant.EPOCH).code()).isEqualTo(Verification.Code.CLOSED);
        assertThat(shipped(system, SECRET).closedBecause()).isEmpty();
    }

    @Test
    void aStripeEventIsKnownByItsIdAndItsObject() {
        Incoming event = only("stripe", post(sample("stripe-invoice.payment_failed.json")));

        assertThat(event.type()).isEqualTo("invoice.payment_failed");
        assertThat(event.key()).startsWith("evt_");
        assertThat(event.keyIsHash()).isFalse();
        assertThat(event.record())
                .hasValueSatisfying(record -> assertThat(record).startsWith("invoice:in_"));
        assertThat(event.occurredAt()).contains(Instant.ofEpochSecond(1755810000));
        assertThat(event.payload()).isEqualTo(sample("stripe-invoice.payment_failed.json"));
    }

    @ParameterizedTest
    @CsvSource({
        "github-issues.opened.json, issues, issues.opened, issue:",
        "github-pull_request.closed.json, pull_request, pull_request.closed, pull_request:",
        "github-push.json, push, push, repository:",
        "github-ping.json, ping, ping, repository:"
    })
    void aGitHubEventIsNamedByItsHeaderAndItsActionIfItHasOne(String file, String header, String type, String record) {
        Incoming event = only("github", post(sample(file), "X-GitHub-Event", header, "x-github-delivery", "d-1"));

        assertThat(event.type()).isEqualTo(type);
        assertThat(event.key()).isEqualTo("d-1");
        assertThat(event.record()).hasValueSatisfying(found -> assertThat(found).startsWith(record));
    }

    @Test
    void aShopifyTopicIsRenamed() {
        Incoming event = only(
                "shopify",
                post(
                        sample("shopify-orders.create.json"),
                        "X-Shopify-Topic",
                        "orders/create",
                        "X-Shopify-Webhook-Id",
                        "w-1"));

        assertThat(event.type()).isEqualTo("order.created");
        assertThat(event.key()).isEqualTo("w-1");
        assertThat(event.record()).contains("gid://shopify/Order/450789469");
        assertThat(event.occurredAt()).contains(Instant.parse("2008-01-10T16:00:00Z"));
    }

    @Test
    void aHubSpotRequestIsCutIntoItsEventsInTheirOrder() {
        List<Incoming> events = shipped("hubspot", SECRET).events(post(sample("hubspot-contact.batch.json")));

        assertThat(events)
                .extracting(Incoming::key)
                .containsExactly("100:1000001:1755810000000", "101:1000002:1755810001172", "99:1000002:1755809999000");
        assertThat(events)
                .extracting(Incoming::type)
                .containsExactly("contact.created", "contact.changed", "contact.changed");
        assertThat(events).extracting(Incoming::record).containsOnly(Optional.of("contact:123"));
        assertThat(events.get(1).occurredAt()).contains(Instant.ofEpochMilli(1755810001172L));
    }

    @Test
    void aDealOfHubSpotIsNoContactOfThatNumber() {
        byte[] deal = """
                [{"eventId": 1, "subscriptionId": 2, "occurredAt": 1755810000000,
                  "subscriptionType": "deal.propertyChange", "objectId": 123}]""".getBytes(StandardCharsets.UTF_8);

        Incoming event = shipped("hubspot", SECRET).events(post(deal)).get(0);

        assertThat(event.type()).isEqualTo("deal.changed");
        assertThat(event.record()).contains("deal:123");
    }

    @Test
    void aSlackMessageIsAnEventAndAnAddressCheckIsAHandshake() {
        Webhooks slack = shipped("slack", SECRET);
        RawRequest message = post(sample("slack-event_callback.message.json"));

        assertThat(slack.reply(message)).isEmpty();
        Incoming event = only("slack", message);
        assertThat(event.type()).isEqualTo("slack.message");
        assertThat(event.key()).isEqualTo("Ev0PV52K25");
        assertThat(event.record()).contains("channel:D0PNCRP9N");
        assertThat(event.occurredAt()).contains(Instant.parse("2018-05-01T22:52:09.000001Z"));
        assertThat(slack.reply(post(sample("slack-url_verification.json"))))
                .contains(new Reply("text/plain", "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"));
    }

    @Test
    void aSlackSlashCommandKeepsTheBytesOfItsForm() {
        String form = "command=%2Fdeploy&text=caf%C3%A9+now&channel_id=C1&trigger_id=1.2.3";
        Incoming event = only("slack", post(form, "Content-Type", "application/x-www-form-urlencoded; charset=utf-8"));

        assertThat(event.type()).isEqualTo("slack.command");
        assertThat(event.key()).isEqualTo("1.2.3");
        assertThat(event.record()).contains("channel:C1");
        assertThat(event.payload()).isEqualTo(form.getBytes(StandardCharsets.UTF_8));
        assertThat(event.contentType()).isEqualTo("application/x-www-form-urlencoded");
    }

    @Test
    void aCrmSignsInHexOfEitherCaseAndItsKeyHoldsTheTimeOfTheChange() throws Exception {
        Webhooks crm = shipped("crm", SECRET);
        String body = "{\"id\": 7, \"updated_at\": \"2026-11-21T09:00:00Z\"}";
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] signature = mac.doFinal(body.getBytes(StandardCharsets.UTF_8));

        for (HexFormat hex : List.of(HexFormat.of(), HexFormat.of().withUpperCase())) {
            assertThat(crm.verify(post(body, "X-Signature", hex.formatHex(signature)), Instant.EPOCH)
                            .accepted())
                    .isTrue();
        }
        assertThat(crm.events(post(body)).get(0).key()).isEqualTo("7:2026-11-21T09:00:00Z");
        assertThat(crm.events(post("{\"id\": 7}")).get(0).keyIsHash()).isTrue();
    }

    @Test
    void wooCommerceSignsInBase64NamesItsOrderInHeadersAndItsPingIsAnsweredUnsigned() throws Exception {
        Webhooks shop = shipped("woocommerce", SECRET);
        byte[] order = sample("woocommerce-order.created.json");
        String signature = Base64.getEncoder().encodeToString(mac("HmacSHA256", order));
        RawRequest request = ofShop(order);

        assertThat(shop.verify(request, Instant.EPOCH).accepted()).isTrue();
        assertThat(shop.verify(
                                post(order, "X-WC-Webhook-Signature", signature.replace(signature.charAt(0), '_')),
                                Instant.EPOCH)
                        .accepted())
                .isFalse();
        Incoming event = only("woocommerce", request);
        assertThat(event.type() + " " + event.key()).isEqualTo("order.created d-1:" + signature);
        assertThat(event.record()).contains("order:727");
        assertThat(event.version()).contains("2017-03-22T19:28:08Z");
        assertThat(event.occurredAt()).contains(Instant.parse("2017-03-22T19:28:08Z"));
        assertThat(shop.openReply(post("webhook_id=5", "Content-Type", "application/x-www-form-urlencoded")))
                .contains(new Reply("text/plain", "pong"));
    }

    /** The number of a delivery is made of the webhook and the second. */
    @Test
    void twoOrdersThatWooCommerceTellsOfInOneSecondAreTwoEventsAndARepeatIsNone() throws Exception {
        byte[] one = sample("woocommerce-order.created.json");
        byte[] other = new String(one, StandardCharsets.UTF_8)
                .replace("\"id\": 727", "\"id\": 728")
                .getBytes(StandardCharsets.UTF_8);

        assertThat(only("woocommerce", ofShop(other)).record()).contains("order:728");
        assertThat(only("woocommerce", ofShop(other)).key())
                .isNotEqualTo(only("woocommerce", ofShop(one)).key());
        assertThat(only("woocommerce", ofShop(one)).key())
                .isEqualTo(only("woocommerce", ofShop(one)).key());
    }

    private static RawRequest ofShop(byte[] order) throws GeneralSecurityException {
        return post(
                order,
                "X-WC-Webhook-Signature",
                Base64.getEncoder().encodeToString(mac("HmacSHA256", order)),
                "X-WC-Webhook-Topic",
                "order.created",
                "X-WC-Webhook-Resource",
                "order",
                "X-WC-Webhook-Delivery-ID",
                "d-1");
    }

    @Test
    void intercomSignsBySha1AndItsTopicsAreOurs() throws Exception {
        byte[] told = sample("intercom-contact.user.updated.json");
        RawRequest request =
                post(told, "X-Hub-Signature", "sha1=" + HexFormat.of().formatHex(mac("HmacSHA1", told)));

        assertThat(shipped("intercom", SECRET).verify(request, Instant.EPOCH).accepted())
                .isTrue();
        assertThat(shipped("intercom", "another-secret")
                        .verify(request, Instant.EPOCH)
                        .accepted())
                .isFalse();
        Incoming event = only("intercom", request);
        assertThat(event.type() + " " + event.key()).isEqualTo("contact.changed notif_51f2a6c0-0001");
        assertThat(event.record()).contains("contact:6329");
        assertThat(event.occurredAt()).contains(Instant.ofEpochSecond(1790000000));
    }

    @Test
    void aCloudEventInBinaryFormWhoseDataIsAListIsOneEventAndABatchIsCut() {
        Webhooks cloud = shipped("cloudevents", SECRET);
        String[] binary = {
            "ce-id", "7", "ce-source", "/shop", "ce-type", "orders.moved", "Content-Type", "application/json"
        };
        String batch =
                "[{\"id\":\"1\",\"source\":\"/a\",\"type\":\"t\"}, {\"id\":\"2\",\"source\":\"/a\",\"type\":\"t\"}]";

        for (String data :
                List.of("[{\"order\":1},{\"order\":2}]", " [1, \"two\", null]\n", "{\"order\":1}", "\"moved\"")) {
            Incoming event = only("cloudevents", post(data, binary));
            assertThat(event.key()).isEqualTo("/shop#7");
            assertThat(event.type()).isEqualTo("orders.moved");
            assertThat(new String(event.payload(), StandardCharsets.UTF_8)).isEqualTo(data);
        }
        assertThat(cloud.events(post(batch, "Content-Type", "application/cloudevents-batch+json; charset=utf-8")))
                .extracting(Incoming::key)
                .containsExactly("/a#1", "/a#2");
        assertThat(only(
                                "cloudevents",
                                post(
                                        batch.substring(1, batch.indexOf(", {")),
                                        "Content-Type",
                                        "application/cloudevents+json"))
                        .key())
                .isEqualTo("/a#1");
    }

    private static byte[] mac(String algorithm, byte[] content) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), algorithm));
        return mac.doFinal(content);
    }

    private static Incoming only(String system, RawRequest request) {
        List<Incoming> events = shipped(system, SECRET).events(request);
        assertThat(events).hasSize(1);
        return events.get(0);
    }
}
