package dev.serai.crash;

/** A class of write, with the event whose flow makes one, and the collection at the vendor it ends up in. */
enum WriteKind {
    IDEMPOTENT("member.changed", "members", false),
    KEYED("invoice.due", "invoices", true),
    LOOKUP("ticket.asked", "tickets", true),
    ONCE("message.written", "messages", false);

    private final String event;
    private final String collection;
    private final boolean claimed;

    WriteKind(String event, String collection, boolean claimed) {
        this.event = event;
        this.collection = collection;
        this.claimed = claimed;
    }

    /** Whether its runs are always claimed from the table; those of the others are mostly handed over. */
    boolean isClaimed() {
        return claimed;
    }

    /** The event's type. */
    String event() {
        return event;
    }

    String collection() {
        return collection;
    }

    /** How the flow and the steps of this class are named. */
    String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
