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
        assertThat(told.at("/1/limits").toString())
                .isEqualTo("[{\"operation\":\"exports\",\"limit_name\":\"hourly\",\"percent\":10.0}]");
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
