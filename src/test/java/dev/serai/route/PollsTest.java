package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.file.Problem;
import dev.serai.file.Problems;
import dev.serai.library.LibraryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PollsTest {
    private static final String SHOP = """
            connector: shop
            description: A shop that allows few exports
            base_url: https://shop.example.com
            auth: { type: none }
            quota:
              requests: 100
              per: 1s
              groups:
                exports:
                  operations: [ orders, items ]
                  windows:
                    - { name: burst, requests: 10, per: 1m }
                    - { name: hourly, requests: 600, per: 1h }
            streams:
              orders: &stream
                path: /orders
                records: orders
                pagination: { type: cursor, next: after, into: cursor, page_size: 100, size_into: per_page }
                cursor: { next: after, into: cursor }
                event: { type: order.seen, record: "order:{id}", id: "order:{id}:{updated_at}" }
              items: *stream
              carts: *stream
            reads:
              stock: { path: /stock }
              rates: { path: /rates, cache: 1h }
              person: { path: "/persons/{id}" }
              job: { path: "/jobs/{job}" }
              refused: { path: "/jobs/{job}/refused" }
              find_person: { path: /persons, query: { email: "{email}" }, returns: persons }
            writes:
              tell: { method: POST, path: /told, class: once }
              create_person: { method: POST, path: /persons, class: once }
              update_person: { method: PATCH, path: "/persons/{id}", class: idempotent }
              keep_person:
                upsert:
                  key: "{email}"
                  object: person
                  search: find_person
                  same: email
                  create: create_person
                  over: person
                  update: update_person
              many:
                method: POST
                path: /many
                class: idempotent
                batch: { list: people, most: 100, failures: { list: refused, by: index, id: row } }
                accepted: { read: job, state: state, job: id, done: [done], failures_read: refused }
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void shop() throws IOException {
        Files.createDirectories(folder.resolve("routes"));
        Files.createDirectories(folder.resolve("mappings/shop"));
        Files.writeString(folder.resolve("mappings/shop/connector.yaml"), SHOP);
    }

    @Test
    void aPollThatAsksMoreOftenThanAGroupOfOperationsAllowsIsFound() throws IOException {
        flow("fast", "5s", "orders");

        assertThat(problems())
                .contains("fast makes 17280 calls a day, 120 % of what shop/exports allows (burst); ask less often");
    }

    @Test
    void pollsThatTogetherAskMoreOftenThanAllowedAreFound() throws IOException {
        flow("orders-seen", "8s", "orders");
        assertThat(problems()).noneMatch(problem -> problem.contains("allows"));

        flow("items-seen", "8s", "items");
        assertThat(problems())
                .contains("items-seen, orders-seen together make 21600 calls a day, 150 % of what shop/exports allows"
                        + " (burst); ask less often");
    }

    @Test
    void whatAPollTakesOfABudgetThatOperationsShareIsTold() throws IOException {
        flow("orders-seen", "1m", "orders");
        flow("carts-seen", "1m", "carts");

        var told = polls().told();
        assertThat(told.at("/0/flow").asText()).isEqualTo("carts-seen");
        assertThat(told.at("/0/limits")).isEmpty();
        assertThat(told.at("/1/operation").asText()).isEqualTo("orders");
        assertThat(told.at("/1/limits").toString())
                .isEqualTo("[{\"operation\":\"exports\",\"limit_name\":\"hourly\",\"percent\":10.0}]");
    }

    @Test
    void aScheduleThatCallsAReadIsReckoned() throws IOException {
        flow("count-stock", "10s", "stock");
        flow("tell-stock", "10s", "tell");
        flow("keep-person", "1h", "keep_person");
        flow("send-many", "1h", "many");

        assertThat(polls().told().findValuesAsText("operation"))
                .containsExactlyInAnyOrder(
                        "stock", "tell", "find_person", "create_person", "person", "many", "job", "refused");
        assertThat(polls().all())
                .filteredOn(poll -> poll.route().endsWith("-stock"))
                .extracting(Polls.Poll::aDay)
                .containsExactly(8640L, 8640L);
        assertThat(problems())
                .containsExactly("count-stock asks shop every 10 s, 8640 calls a day; take a webhook, or ask every 5"
                        + " minutes or less often");
    }

    @Test
    void aStepInABranchIsToldAndNotJudgedAsACallOfEachTime() throws IOException {
        Files.writeString(folder.resolve("routes/sometimes.camel.yaml"), """
                - route:
                    id: sometimes
                    from:
                      uri: "timer:sometimes?period=10s"
                      steps:
                        - choice:
                            id: whether
                            when:
                              - { id: now-and-then, simple: "${body}", steps: [ { to: { id: look, uri: "connector:shop/stock" } } ] }
                """);

        assertThat(polls().told().findValuesAsText("operation")).containsExactly("stock");
        assertThat(problems()).isEmpty();
    }

    @Test
    void whatIsKeptIsAskedForOnceAsLongAsItIs() throws IOException {
        flow("look-up-rates", "10s", "rates");

        assertThat(polls().all()).extracting(Polls.Poll::aDay).containsExactly(24L);
        assertThat(problems()).isEmpty();
    }

    @Test
    void aTimerThatEndsIsReckonedByItsCount() throws IOException {
        flow("once", "1s&repeatCount=1", "orders");
        assertThat(polls().all()).extracting(Polls.Poll::aDay).containsExactly(1L);

        flow("once", "1s&repeatCount=0", "orders");
        assertThat(polls().all()).extracting(Polls.Poll::aDay).as("for ever").containsExactly(86_400L);
    }

    private void flow(String name, String period, String stream) throws IOException {
        Files.writeString(folder.resolve("routes/" + name + ".camel.yaml"), """
                - route:
                    id: %1$s
                    from:
                      uri: "timer:%1$s?period=%2$s"
                      steps:
                        - to: { id: ask-%1$s, uri: "connector:shop/%3$s" }
                """.formatted(name, period, stream));
    }

    private Polls polls() {
        var library = new LibraryFolder(folder.resolve("mappings"), name -> Optional.empty());
        assertThat(library.reload().problems()).isEmpty();
        return new Polls(folder.resolve("routes"), library.current(), name -> Optional.empty());
    }

    private List<String> problems() {
        var problems = new Problems();
        polls().check(problems);
        return problems.all().stream().map(Problem::text).toList();
    }
}
