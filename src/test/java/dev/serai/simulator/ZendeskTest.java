package dev.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ZendeskTest {
    private static final String TICKET =
            "{\"ticket\":{\"subject\":\"Payment failed\",\"comment\":{\"body\":\"Card declined\"},"
                    + "\"requester\":{\"name\":\"Ada\",\"email\":\"ada@example.com\"},\"priority\":\"high\"}}";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-02T12:00:00Z"));
    private Simulator simulator;
    private Caller zendesk;

    @BeforeEach
    void start() {
        simulator = Simulator.start(0, now::get);
        zendesk = Caller.basic(simulator, "zendesk", "agent@example.com/token");
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void aTicketWithAKeyIsMadeOnce() throws Exception {
        var keyed = zendesk.with("Idempotency-Key", "run-7");

        var first = keyed.json("POST", "/tickets", TICKET);
        var again = keyed.json("POST", "/tickets", TICKET);
        var other = keyed.json("POST", "/tickets", TICKET.replace("high", "low"));

        assertThat(first.status()).as(first.http().body()).isEqualTo(201);
        assertThat(first.header("x-idempotency-lookup")).isEqualTo("miss");
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(again.header("x-idempotency-lookup")).isEqualTo("hit");
        assertThat(other.status()).isEqualTo(400);
        assertThat(simulator.records("zendesk", "tickets")).hasSize(1);
    }

    @Test
    void aKeyIsForgottenAfterItsTime() throws Exception {
        var keyed = zendesk.with("Idempotency-Key", "run-7");
        keyed.json("POST", "/tickets", TICKET);
        later(Duration.ofHours(2));

        keyed.json("POST", "/tickets", TICKET);

        assertThat(simulator.records("zendesk", "tickets")).hasSize(2);
    }

    @Test
    void theRequesterBecomesAUserOnce() throws Exception {
        var first = zendesk.json("POST", "/tickets", TICKET).json();
        var second = zendesk.json("POST", "/tickets", TICKET).json();

        assertThat(simulator.records("zendesk", "users")).hasSize(1);
        assertThat(second.at("/ticket/requester_id")).isEqualTo(first.at("/ticket/requester_id"));
    }

    @Test
    void aTicketIsReadBackAndChanged() throws Exception {
        String path = "/tickets/"
                + zendesk.json("POST", "/tickets", TICKET)
                        .json()
                        .at("/ticket/id")
                        .asText();
        later(Duration.ofMinutes(1));

        zendesk.json("PUT", path, "{\"ticket\":{\"status\":\"solved\",\"comment\":{\"body\":\"Paid\"}}}");
        var read = zendesk.get(path).json();

        assertThat(read.at("/ticket/status").asText()).isEqualTo("solved");
        assertThat(read.at("/ticket/description").asText()).isEqualTo("Card declined");
        assertThat(read.at("/ticket/updated_at").asText()).isEqualTo("2026-11-02T12:01:00.000Z");
        assertThat(simulator.records("zendesk", "comments")).hasSize(2);
    }

    @Test
    void aSafeUpdateOfAChangedTicketConflicts() throws Exception {
        var ticket = zendesk.json("POST", "/tickets", TICKET).json().path("ticket");
        String path = "/tickets/" + ticket.path("id").asText();
        later(Duration.ofMinutes(1));
        zendesk.json("PUT", path, "{\"ticket\":{\"status\":\"open\"}}");

        var late = zendesk.json(
                "PUT",
                path,
                "{\"ticket\":{\"status\":\"solved\",\"safe_update\":true,\"updated_stamp\":\""
                        + ticket.path("updated_at").asText() + "\"}}");

        assertThat(late.status()).isEqualTo(409);
    }

    @Test
    void anUnwrappedTicketAndAnUnknownFieldAreRefusedAsZendeskWould() throws Exception {
        var bare = zendesk.json("POST", "/tickets", "{\"subject\":\"x\",\"comment\":{\"body\":\"y\"}}");
        var wrong = zendesk.json(
                "POST", "/tickets", "{\"ticket\":{\"comment\":{\"body\":\"y\"},\"priority\":\"highest\"}}");

        assertThat(bare.status()).isEqualTo(422);
        assertThat(bare.json().path("error").asText()).isEqualTo("RecordInvalid");
        assertThat(wrong.json().at("/details/ticket.priority/0/description").asText())
                .isEqualTo("must be one of \"urgent\", \"high\", \"normal\", \"low\"");
        assertThat(simulator.ledger().violations()).hasSize(2);
    }

    @Test
    void aUserIsCreatedThenUpdated() throws Exception {
        String user = "{\"user\":{\"name\":\"Ada\",\"email\":\"ada@example.com\",\"external_id\":\"crm-1\"}}";

        var created = zendesk.json("POST", "/users/create_or_update", user);
        var updated = zendesk.json(
                "POST",
                "/users/create_or_update",
                user.replace("\"Ada\"", "\"Augusta\"").replace("ada@", "augusta@"));

        assertThat(created.status()).as(created.http().body()).isEqualTo(201);
        assertThat(updated.status()).isEqualTo(200);
        assertThat(updated.json().at("/user/id")).isEqualTo(created.json().at("/user/id"));
        assertThat(zendesk.get("/users/search?query=augusta@example.com")
                        .json()
                        .path("count")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void manyUsersAreAJob() throws Exception {
        var answer = zendesk.json(
                "POST",
                "/users/create_or_update_many",
                "{\"users\":[{\"email\":\"b@example.com\"},{\"name\":\"A\",\"email\":\"a@example.com\"}]}");
        assertThat(answer.status()).as(answer.http().body()).isEqualTo(200);
        String address = "/job_statuses/" + answer.json().at("/job_status/id").asText();

        assertThat(zendesk.get(address).json().at("/job_status/status").asText())
                .isEqualTo("working");
        later(Duration.ofSeconds(2));
        var job = zendesk.get(address).json();
        assertThat(job.at("/job_status/status").asText()).isEqualTo("completed");
        assertThat(job.at("/job_status/results").findValuesAsText("status")).containsExactly("Failed", "Created");
    }

    @Test
    void theIncrementalExportMissesNothing() throws Exception {
        long start = now.get().getEpochSecond();
        for (int i = 0; i < 3; i++) {
            zendesk.json("POST", "/tickets", TICKET);
        }

        var first = zendesk.get("/incremental/tickets/cursor?per_page=2&start_time=" + start)
                .json();
        var second = zendesk.get("/incremental/tickets/cursor?per_page=2&cursor="
                        + first.path("after_cursor").asText())
                .json();
        later(Duration.ofMinutes(1));
        zendesk.json("PUT", "/tickets/" + first.at("/tickets/0/id").asText(), "{\"ticket\":{\"status\":\"open\"}}");
        var third = zendesk.get("/incremental/tickets/cursor?cursor="
                        + second.path("after_cursor").asText())
                .json();

        assertThat(first.path("tickets")).hasSize(2);
        assertThat(first.path("end_of_stream").asBoolean()).isFalse();
        assertThat(second.path("tickets")).hasSize(1);
        assertThat(second.path("end_of_stream").asBoolean()).isTrue();
        assertThat(third.path("tickets")).hasSize(1);
        assertThat(third.at("/tickets/0/status").asText()).isEqualTo("open");
    }

    @Test
    void ticketsAreListedWithBracketsInTheParameters() throws Exception {
        zendesk.json("POST", "/tickets", TICKET);
        zendesk.json("POST", "/tickets", TICKET);

        var page = zendesk.get("/tickets?page[size]=1").json();

        assertThat(page.path("tickets")).hasSize(1);
        assertThat(page.at("/meta/has_more").asBoolean()).isTrue();
        assertThat(zendesk.get("/tickets?page%5Bsize%5D=1&page%5Bafter%5D="
                                + page.at("/meta/after_cursor").asText())
                        .json()
                        .at("/meta/has_more")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void theUserNameMustEndWithToken() throws Exception {
        assertThat(Caller.basic(simulator, "zendesk", "agent@example.com")
                        .get("/tickets")
                        .status())
                .isEqualTo(401);
    }

    private void later(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }
}
