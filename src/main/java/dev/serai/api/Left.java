package dev.serai.api;

import dev.serai.store.History;
import dev.serai.store.Names;
import dev.serai.store.Receipt;
import java.sql.SQLException;

/** What is not found: it has left the history, or never was. A link to it, in an alert say, may be older than history is kept. */
final class Left {
    private Left() {}

    static Declined run(History history, long number) throws SQLException {
        String name = Names.run(number);
        return history.left(number)
                ? Declined.left(name + " has left the history: runs are kept for serai.history.keep, dead letters for"
                        + " serai.history.keep-failed; what people did with it is in " + Api.BASE
                        + "/audit?about=" + name)
                : Declined.notFound("there is no run " + name);
    }

    static Declined event(History history, long number) throws SQLException {
        String name = new Receipt(number, false).name();
        return history.left(number)
                ? Declined.left(
                        name + " has left the history: events are kept for serai.history.keep; a repeat of it is still"
                                + " recognised for serai.intake.keep-keys")
                : Declined.notFound("there is no event " + name);
    }
}
