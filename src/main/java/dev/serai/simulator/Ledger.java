package dev.serai.simulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/** Every call that reached a vendor, oldest first; beyond its capacity, in calls or in text, the oldest go. */
public final class Ledger {
    /** Characters of bodies; a test of bulk calls must not fill the memory. */
    private static final long MAX_TEXT = 64_000_000;

    private final int capacity;
    private final Deque<Call> calls = new ArrayDeque<>();
    private long text;

    Ledger(int capacity) {
        this.capacity = capacity;
    }

    synchronized void add(Call call) {
        calls.addLast(call);
        text += call.body().length();
        while (calls.size() > capacity || text > MAX_TEXT && calls.size() > 1) {
            text -= calls.removeFirst().body().length();
        }
    }

    public List<Call> calls() {
        return matching(call -> true);
    }

    public List<Call> calls(String vendor) {
        return matching(call -> call.vendor().equals(vendor));
    }

    /** @param operation the contract's id of the operation */
    public List<Call> calls(String vendor, String operation) {
        return matching(call -> call.vendor().equals(vendor) && call.operation().equals(operation));
    }

    /** Calls whose path or record key contains {@code text}. */
    public List<Call> about(String vendor, String text) {
        return matching(call -> call.vendor().equals(vendor)
                && (call.record().contains(text) || call.asked().path().contains(text)));
    }

    /** Calls that broke a contract. */
    public List<Call> violations() {
        return matching(call -> !call.violation().isEmpty());
    }

    public synchronized List<Call> matching(Predicate<Call> test) {
        return calls.stream().filter(test).toList();
    }

    public synchronized void clear() {
        calls.clear();
        text = 0;
    }
}
