package dev.serai.crash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What a vendor was asked for, in order, and what it has. */
final class Ledger {
    /**
     * A request that reached the vendor.
     *
     * @param collection the first part of its path
     * @param event whose event it serves, as {@code record.number}
     * @param key its {@code Idempotency-Key}, or empty
     */
    record Entry(String collection, String event, String key, String body) {}

    private final List<Entry> received = new ArrayList<>();
    private final List<Entry> worked = new ArrayList<>();
    private final Map<String, String> tickets = new HashMap<>();

    synchronized void receive(Entry entry) {
        received.add(entry);
    }

    synchronized void work(Entry entry) {
        boolean known = entry.collection.equals("invoices")
                && worked.stream().anyMatch(e -> e.collection.equals("invoices") && e.key.equals(entry.key));
        if (known) {
            return;
        }
        worked.add(entry);
        if (entry.collection.equals("tickets")) {
            tickets.put(entry.event, entry.body);
        }
    }

    /** The ticket an event asked for, or null. */
    synchronized String ticket(String event) {
        return tickets.get(event);
    }

    /** Requests that came in, whether or not anything came of them. */
    synchronized List<Entry> received(Predicate<Entry> which) {
        return received.stream().filter(which).toList();
    }

    /** Effects: requests whose work was done, a key that was known before not among them. */
    synchronized List<Entry> worked(Predicate<Entry> which) {
        return worked.stream().filter(which).toList();
    }
}
