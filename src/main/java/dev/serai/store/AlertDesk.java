package dev.serai.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.store.AlertBook.Entry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** What people see of alerts, and do with them. */
public final class AlertDesk {
    /** What has ended is known that long. */
    private static final Duration KEEP = Duration.ofDays(90);
    /** No count grows tenfold from here: who has acknowledged is told of a greater severity only. */
    private static final long ENOUGH = 1_000_000_000_000L;

    private final DataSource database;

    public AlertDesk(DataSource database) {
        this.database = database;
    }

    /** Open ones, the newest first; or what is over, the newest end first. @param before only what began, or ended, earlier */
    public List<Entry> list(boolean open, Instant before, int most) throws SQLException {
        return list(open, new Place(before, ""), most);
    }

    /** Where a page ends: of one look many alerts have the same time. @param at when it began, or ended */
    public record Place(Instant at, String name) {}

    /** What comes behind that place. */
    public List<Entry> list(boolean open, Place behind, int most) throws SQLException {
        String which = open
                ? "state = 'open' AND (since, name) < (?, ?) ORDER BY since DESC, name DESC LIMIT "
                : "state = 'resolved' AND (resolved_at, name) < (?, ?) ORDER BY resolved_at DESC, name DESC LIMIT ";
        try (Connection connection = database.getConnection()) {
            return AlertBook.read(connection, which + most, behind.at, behind.name);
        }
    }

    public Optional<Entry> find(String name) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return AlertBook.read(connection, "name = ?", name).stream().findFirst();
        }
    }

    /** Somebody sees to it, and so knows it: until it is over, people are told only when it becomes worse. @return whether it was open */
    public boolean acknowledge(String name, Instant now, ByHand by) throws SQLException {
        return change(
                new Answered(name, now),
                "UPDATE alert SET acked_by = ?, acked_at = ?, told_count = ?, told_severity = coalesce(told_severity, severity),"
                        + " told_at = coalesce(told_at, ?) WHERE name = ? AND state = 'open' RETURNING name",
                columns -> columns.add(by.who()).add(now).add(ENOUGH).add(now).add(name),
                "acknowledge alert ",
                by);
    }

    /** Nobody is told of it until then, also when it comes back meanwhile. @return whether there is such an alert */
    public boolean silence(String name, Instant now, Instant until, ByHand by) throws SQLException {
        return change(
                new Answered(name, now),
                "UPDATE alert SET silenced_until = ? WHERE name = ? RETURNING name",
                columns -> columns.add(until).add(name),
                "silence until " + until + " alert ",
                by);
    }

    private interface Binding {
        Sql.Columns bind(Sql.Columns columns) throws SQLException;
    }

    /** Somebody knows of it by then. */
    private record Answered(String name, Instant at) {}

    private boolean change(Answered answered, String sql, Binding binding, String what, ByHand by) throws SQLException {
        String noted =
                "WITH changed AS (" + sql + ") INSERT INTO audit (who, what, why) SELECT ?, ? || name, ? FROM changed";
        return Sql.transaction(database, connection -> {
            AlertTimes.answered(connection, answered.name, answered.at);
            try (PreparedStatement change = connection.prepareStatement(noted)) {
                binding.bind(new Sql.Columns(change)).add(by.who()).add(what).add(by.why());
                return change.executeUpdate() == 1;
            }
        });
    }

    /** Says how far a state that lasts reaches by now; tells nobody. Another word of it that came meanwhile stays. */
    public void look(Entry entry) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE alert SET body = ? WHERE name = ? AND state = 'open' AND told_key = ?")) {
            ObjectNode body = entry.body().deepCopy();
            Waits.tell(connection, body);
            if (!body.equals(entry.body())) {
                new Sql.Columns(update)
                        .add(Sql.clean(body.toString()))
                        .add(entry.alert().name())
                        .add(entry.toldKey());
                update.executeUpdate();
            }
        }
    }

    /** Forgets what ended long ago. */
    public void tidy(Instant now) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement old = connection.prepareStatement("DELETE FROM alert WHERE state = 'resolved'"
                        + " AND resolved_at < ? AND coalesce(silenced_until, '-infinity') < ?")) {
            new Sql.Columns(old).add(now.minus(KEEP)).add(now);
            old.executeUpdate();
            AlertTimes.tidy(connection, now);
        }
    }
}
