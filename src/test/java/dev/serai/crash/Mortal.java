package dev.serai.crash;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether a hub is alive, as the world sees it. Everything it says to the database or the vendor passes here, one word at a
 * time; once it is dead nothing passes, and its connections are cut.
 */
final class Mortal {
    /** A change that becomes visible to others. */
    interface Commit {
        void run() throws SQLException;
    }

    private final Set<Connection> connections = new HashSet<>();
    private final Map<String, Integer> turns = new HashMap<>();
    private final List<Boundary> passed = new ArrayList<>();
    private Boundary end;
    private Runnable whenDead = () -> {};
    private boolean watched;
    private boolean dead;

    /** From now on boundaries count, from one on; it lives on. */
    void watch() {
        watch(null, () -> {});
    }

    /** As {@link #watch()}. @param end where to die @param whenDead what is done before anybody else notices */
    synchronized void watch(Boundary end, Runnable whenDead) {
        this.end = end;
        this.whenDead = whenDead;
        turns.clear();
        passed.clear();
        watched = true;
    }

    /** Boundaries don't count any more. */
    synchronized void rest() {
        watched = false;
        end = null;
    }

    /** The connections work again, as after a partition of the network. */
    synchronized void comeBack() {
        rest();
        dead = false;
    }

    synchronized boolean watched() {
        return watched;
    }

    synchronized boolean dead() {
        return dead;
    }

    /** The boundaries since the watch began, in order. */
    synchronized List<Boundary> passed() {
        return List.copyOf(passed);
    }

    /** Comes to a boundary. @return whether the hub lives on */
    synchronized boolean passes(String what) {
        if (dead || !watched) {
            return !dead;
        }
        var here = new Boundary(what, turns.merge(what, 1, Integer::sum));
        passed.add(here);
        if (here.equals(end)) {
            dead = true;
            connections.forEach(Mortal::cut);
            connections.clear();
            whenDead.run();
        }
        return !dead;
    }

    /** Commits, unless the hub dies before; nobody learns of it when it dies after. @param parts what it makes visible */
    synchronized void commit(Set<String> parts, Commit commit) throws SQLException {
        requireLife();
        for (String part : parts) {
            passes("before the commit of " + part);
        }
        requireLife();
        commit.run();
        for (String part : parts) {
            passes("after the commit of " + part);
        }
        requireLife();
    }

    synchronized void requireLife() throws SQLException {
        if (dead) {
            throw gone();
        }
    }

    synchronized void opened(Connection connection) throws SQLException {
        requireLife();
        connections.add(connection);
    }

    synchronized void closed(Connection connection) {
        connections.remove(connection);
    }

    private static void cut(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SQLException gone() {
        return new Gone();
    }

    /** What a driver says whose connection broke. Expected, so it needs no stack trace in the logs. */
    private static final class Gone extends SQLException {
        Gone() {
            super("this hub is dead", "08006");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
