package dev.serai.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Whatever the length of a list, the size of its pages, its ties, and whatever changes while it is read: once a poll finds
 * nothing new, every record was seen in its last state.
 */
class PagingPropertyTest {
    private static final Map<String, String> ASCENDING = Map.of(
            "token", "{ type: cursor, next: next, into: after, page_size: %d, size_into: limit }",
            "url", "{ type: url, next: next, page_size: %d, size_into: limit }",
            "link", "{ type: link, page_size: %d, size_into: limit }",
            "offset", "{ type: offset, into: offset, page_size: %d, size_into: limit }",
            "page", "{ type: page, into: page, page_size: %d, size_into: limit }",
            "counted", "{ type: page, into: page, page_size: %d, size_into: limit, total: total }",
            "ceiling", "{ type: cursor, next: next, into: after, page_size: %d, size_into: limit, ceiling: 40 }",
            "token that counts",
                    "{ type: cursor, next: next, into: after, page_size: %d, size_into: limit, shifts: true }",
            "link that counts", "{ type: link, page_size: %d, size_into: limit, shifts: true }");

    @Property(tries = 400, seed = "20261121")
    void anAscendingListIsReadWithoutALossWhateverChangesMeanwhile(@ForAll Random random) {
        String style = pick(random, ASCENDING.keySet().stream().sorted().toList());
        int size = 2 + random.nextInt(9);
        var remote = new Remote(random, style, true);
        check(remote, connector(ASCENDING.get(style).formatted(size), "ascending", ""), style + " by " + size);
    }

    @Property(tries = 200, seed = "20261121")
    void aListInNoOrderIsReadWithoutALossPageByPageOfTheRemotesOwn(@ForAll Random random) {
        String style = pick(random, List.of("link", "token", "url"));
        int size = 1 + random.nextInt(9);
        var remote = new Remote(random, style, false);
        check(remote, connector(ASCENDING.get(style).formatted(size), "any", ""), "any " + style + " by " + size);
    }

    @Property(tries = 200, seed = "20261121")
    void slicesOfTheTimeMissNothingBetweenThem(@ForAll Random random) {
        int size = 1 + random.nextInt(9);
        var remote = new Remote(random, "token", random.nextBoolean());
        String paging = ASCENDING.get("token").formatted(size);
        check(remote, connector(paging, "any", "slice: " + (1 + random.nextInt(4)) + "s"), "sliced by " + size);
    }

    @Property(tries = 200, seed = "20261121")
    void newestFirstEndsAtWhatWasSeenBeforeAndMissesNothing(@ForAll Random random) {
        int size = 1 + random.nextInt(9);
        var remote = new Remote(random, "last", true);
        check(
                remote,
                connector(
                        "{ type: last, next: id, into: after, page_size: " + size + ", size_into: limit, more: more }",
                        "descending",
                        ""),
                "newest first by " + size);
    }

    private static void check(Remote remote, Connector shop, String how) {
        var seen = new HashSet<String>();
        Optional<String> cursor = Optional.empty();
        for (int poll = 0; poll < 7; poll++) {
            remote.calm = poll >= 4;
            cursor = Optional.of(poll(remote, shop, cursor, seen));
        }
        assertThat(seen).as(how).containsAll(remote.states());
    }

    /** @return the cursor stored last; a poll may be cut off after any page */
    private static String poll(Remote remote, Connector shop, Optional<String> cursor, Set<String> seen) {
        String stored = cursor.orElse("");
        Optional<PageRequest> ask = Optional.of(shop.polling("orders")
                .first(cursor.filter(c -> !c.isEmpty()), Map.of(), Instant.ofEpochMilli(remote.time)));
        int pages = 0;
        while (ask.isPresent()) {
            assertThat(++pages).as("pages of a poll").isLessThan(5_000);
            if (!remote.calm && remote.random.nextInt(20) == 0) {
                return stored;
            }
            Page page;
            try {
                page = shop.polling("orders")
                        .read(ask.get(), remote.answer(ask.get().request()));
            } catch (ConnectorRefused e) {
                // a list that moves may look as if it came to no end: the poll is given up, and the next one goes on
                assertThat(remote.calm).as(e.getMessage()).isFalse();
                return stored;
            }
            page.events().forEach(event -> seen.add(event.id()));
            stored = page.cursor();
            ask = page.next();
            remote.live();
        }
        return stored;
    }

    private static Connector connector(String pagination, String order, String slice) {
        String until = slice.isEmpty() ? "" : ", until: \"{until}\"";
        return Connector.read(
                "f",
                "shop",
                """
                connector: shop
                base_url: https://shop.example/v1
                streams:
                  orders:
                    path: /orders
                    query: { since: "{cursor}"%s }
                    records: data
                    pagination: %s
                    cursor: { field: at, format: epoch_ms, start: "1970-01-01T00:00:00Z", lookback: 0s, order: %s%s }
                    event: { type: order.changed, id: "{id}:{at}", record: "{id}" }
                """.formatted(until, pagination, order, slice.isEmpty() ? "" : ", " + slice),
                name -> Optional.empty());
    }

    private static String pick(Random random, List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** A list that changes while it is read. */
    private static final class Remote {
        private final Random random;
        private final String style;
        private final boolean ordered;
        private final int most;
        private final Map<Integer, Long> records = new TreeMap<>();
        private long time = 1;
        private boolean calm;
        private int changes;

        Remote(Random random, String style, boolean ordered) {
            this.random = random;
            this.style = style;
            this.ordered = ordered;
            this.most = random.nextInt(4) == 0 ? 2 + random.nextInt(4) : 100; // some give fewer than they are asked for
            int count = random.nextInt(60);
            for (int i = 0; i < count; i++) {
                add();
            }
        }

        private void add() {
            time += tie() * (random.nextInt(10) == 0 ? 2_500 : 1);
            records.put(records.size() + 1, time);
        }

        /**
         * Nothing, for a record of the same moment as another, or a step. A page that is full of one moment can be counted
         * on but not held against the next one: there it is told apart by time only.
         */
        private int tie() {
            return style.equals("page") || style.contains("count") ? 2 : random.nextInt(3);
        }

        /** What happens between two questions. */
        void live() {
            if (calm || changes++ > 60) {
                return;
            }
            if (random.nextBoolean()) {
                add();
            } else if (!style.equals("last") && !records.isEmpty()) {
                time += tie();
                records.put(1 + random.nextInt(records.size()), time);
            }
        }

        Set<String> states() {
            return records.entrySet().stream()
                    .map(r -> r.getKey() + ":" + r.getValue())
                    .collect(Collectors.toSet());
        }

        Answer answer(Request request) {
            Map<String, String> query = query(request.url().getRawQuery());
            long since = Long.parseLong(query.getOrDefault("since", "0"));
            long until = Long.parseLong(query.getOrDefault("until", "" + Long.MAX_VALUE));
            var list = new ArrayList<>(records.entrySet());
            Comparator<Map.Entry<Integer, Long>> byTime = Map.Entry.comparingByValue();
            Comparator<Map.Entry<Integer, Long>> byId = Map.Entry.comparingByKey();
            list.sort(ordered ? byTime.thenComparing(byId) : byId);
            if (style.equals("last")) {
                java.util.Collections.reverse(list);
            }
            list.removeIf(r -> !style.equals("last") && (r.getValue() < since || r.getValue() > until));
            int total = list.size();
            int limit = Math.min(most, Integer.parseInt(query.get("limit")));
            int from = from(query, list, limit);
            var page = list.subList(Math.min(from, total), Math.min(from + limit, total));
            boolean more = from + limit < total;
            String data = page.stream()
                    .map(r -> "{\"id\":" + r.getKey() + ",\"at\":" + r.getValue() + "}")
                    .collect(Collectors.joining(",", "[", "]"));
            String token = more && style.contains("that counts")
                    ? "skip" + (from + limit)
                    : more
                            ? page.get(page.size() - 1).getKey() + "."
                                    + page.get(page.size() - 1).getValue()
                            : "";
            String url =
                    more ? "/v1/orders?since=" + since + "&until=" + until + "&limit=" + limit + "&after=" + token : "";
            String next = style.equals("url") ? url : token;
            return new Answer(
                    200,
                    more ? Map.of("Link", "<https://shop.example" + url + ">; rel=\"next\"") : Map.of(),
                    ("{\"data\":" + data + ",\"next\":\"" + next + "\",\"more\":" + more + ",\"total\":" + total + "}")
                            .getBytes(StandardCharsets.UTF_8));
        }

        private int from(Map<String, String> query, List<Map.Entry<Integer, Long>> list, int limit) {
            if (query.containsKey("offset")) {
                return Integer.parseInt(query.get("offset"));
            }
            if (query.containsKey("page")) {
                return (Integer.parseInt(query.get("page")) - 1) * limit;
            }
            String after = query.get("after");
            if (after == null) {
                return 0;
            }
            if (after.startsWith("skip")) {
                return Integer.parseInt(after.substring(4));
            }
            int id = Integer.parseInt(after.replaceFirst("\\..*", ""));
            long at = after.contains(".") ? Long.parseLong(after.replaceFirst(".*\\.", "")) : records.get(id);
            // behind the place where that record stood, wherever it stands now
            int behind = 0;
            for (var r : list) {
                boolean before = style.equals("last")
                        ? r.getKey() >= id
                        : ordered ? r.getValue() < at || r.getValue() == at && r.getKey() <= id : r.getKey() <= id;
                behind += before ? 1 : 0;
            }
            return behind;
        }

        private static Map<String, String> query(String raw) {
            var query = new HashMap<String, String>();
            for (String pair : raw.split("&")) {
                String[] sides = pair.split("=", 2);
                query.put(sides[0], URLDecoder.decode(sides[1], StandardCharsets.UTF_8));
            }
            return query;
        }
    }
}
