package dev.serai.crash;

/** A class of write, with the event whose flow makes one, and the collection at the vendor it ends up in. */
enum WriteKind {
    IDEMPOTENT("member.changed", "members"),
    KEYED("invoice.due", "invoices"),
    LOOKUP("ticket.asked", "tickets"),
    ONCE("message.written", "messages");

    private final String event;
    private final String collection;

    WriteKind(String event, String collection) {
        this.event = event;
        this.collection = collection;
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
