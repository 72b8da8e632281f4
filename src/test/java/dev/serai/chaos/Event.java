package dev.serai.chaos;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * One numbered event about a record.
 *
 * @param number counts from 1 within the record
 */
record Event(Kind kind, String record, int number) {

    /** What happens to an event: its type, and the writes that its flow makes, in order. */
    enum Kind {
        MEMBER("member.changed", "members"),
        INVOICE("invoice.due", "invoices", "balances"),
        TICKET("ticket.asked", "tickets"),
        /** Its write is of class once: a record has one event only, as one in doubt holds back all that follow. */
        MESSAGE("message.written", "messages");

        private final String type;
        private final List<String> writes;

        Kind(String type, String... writes) {
            this.type = type;
            this.writes = List.of(writes);
        }

        /** The collections at the vendor that an event of this kind ends up in. */
        List<String> writes() {
            return writes;
        }

        static Kind of(String collection) {
            return Arrays.stream(values())
                    .filter(kind -> kind.writes.contains(collection))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no flow writes to " + collection));
        }
    }

    String id() {
        return record + "." + number;
    }

    byte[] body() {
        return "{\"id\":\"%s\",\"type\":\"%s\",\"record\":\"%s\",\"number\":%d}"
                .formatted(id(), kind.type, record, number)
                .getBytes(StandardCharsets.UTF_8);
    }
}
