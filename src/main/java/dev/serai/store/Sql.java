package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;

/** The small things every statement here needs. */
final class Sql {
    private Sql() {}

    /** Binds the parameters of a statement that handles many rows at once, an array per column, in order. */
    static final class Columns {
        private final PreparedStatement statement;
        private final Connection connection;
        private int next = 1;

        Columns(PreparedStatement statement) throws SQLException {
            this.statement = statement;
            this.connection = statement.getConnection();
        }

        /** One value of each row. Instants go as text, which PostgreSQL reads exactly. */
        <T> Columns add(String type, Collection<T> rows, Function<T, Object> value) throws SQLException {
            Object[] column = rows.stream().map(value).toArray();
            Object[] typed = type.equals("bytea") ? Arrays.copyOf(column, column.length, byte[][].class) : column;
            statement.setArray(next++, connection.createArrayOf(type, typed));
            return this;
        }

        Columns add(Instant at) throws SQLException {
            statement.setTimestamp(next++, Timestamp.from(at));
            return this;
        }

        /** Null where there is none. */
        Columns add(Optional<Instant> at) throws SQLException {
            statement.setTimestamp(next++, at.map(Timestamp::from).orElse(null));
            return this;
        }

        Columns add(String text) throws SQLException {
            statement.setString(next++, text);
            return this;
        }

        Columns add(long number) throws SQLException {
            statement.setLong(next++, number);
            return this;
        }

        Columns add(boolean yes) throws SQLException {
            statement.setBoolean(next++, yes);
            return this;
        }
    }

    /** What is done within a transaction. */
    interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    /** What this thread is to do once its transaction is committed; null outside of one. */
    private static final ThreadLocal<List<Runnable>> COMMITTED = new ThreadLocal<>();

    /** Commits what the work did, or nothing of it when it throws. */
    static <T> T transaction(DataSource database, Work<T> work) throws SQLException {
        List<Runnable> around = COMMITTED.get();
        var committed = new ArrayList<Runnable>();
        T result;
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            COMMITTED.set(committed);
            try {
                result = work.in(connection);
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                COMMITTED.set(around);
            }
        }
        committed.forEach(Runnable::run);
        return result;
    }

    /** Does it once what this thread writes is there for all to see: at once where it is no part of a {@link #transaction}. */
    static void onceCommitted(Runnable deed) {
        List<Runnable> committed = COMMITTED.get();
        if (committed == null) {
            deed.run();
        } else {
            committed.add(deed);
        }
    }

    /** PostgreSQL's text holds no NUL; a remote's error text may. */
    static String clean(String text) {
        return text == null ? null : text.replace('\0', ' ');
    }

    /** How a constant is written in the database. */
    static String lower(Enum<?> constant) {
        return constant == null ? null : constant.name().toLowerCase(Locale.ROOT);
    }

    static <E extends Enum<E>> E constant(Class<E> type, String written) {
        return written == null ? null : Enum.valueOf(type, written.toUpperCase(Locale.ROOT));
    }

    static Instant instant(Timestamp at) {
        return at == null ? null : at.toInstant();
    }
}
