package dev.serai.crash;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/** PostgreSQL's driver, with somebody on the line: {@code jdbc:mortal:<hub>:postgresql://…}. */
final class MortalDriver implements Driver {
    private static final Pattern URL = Pattern.compile("jdbc:mortal:([^:]+):(.*)");
    /** For the names of boundaries only. */
    private static final Pattern CHANGED =
            Pattern.compile("(?:INSERT INTO|(?<!DO )(?<!FOR )UPDATE|DELETE FROM)\\s+(\\w+)", Pattern.CASE_INSENSITIVE);

    private static final String CLAIMED = "open_run";
    /**
     * The commits on the way of an event, by a table that each of them changes. The hub's writer puts together what comes at the
     * same moment: whether a step and the outcome share a commit or not, each of them is come to.
     */
    private static final Map<String, String> PARTS =
            Map.of("event", "the event", "step", "a step", "done_run", "the outcome");

    private static final Map<String, Mortal> HUBS = new ConcurrentHashMap<>();

    static {
        try {
            DriverManager.registerDriver(new MortalDriver());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The address of a database for one hub only. */
    static String url(String real, String hub, Mortal mortal) {
        HUBS.put(hub, mortal);
        return "jdbc:mortal:" + hub + real.substring("jdbc".length());
    }

    @Override
    public boolean acceptsURL(String url) {
        return URL.matcher(url).matches();
    }

    @Override
    public Connection connect(String url, Properties properties) throws SQLException {
        var parts = URL.matcher(url);
        if (!parts.matches()) {
            return null;
        }
        Mortal hub = HUBS.get(parts.group(1));
        hub.requireLife();
        Connection real = DriverManager.getConnection("jdbc:" + parts.group(2), properties);
        hub.opened(real);
        return proxy(Connection.class, new OnTheLine(hub, real));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** A connection. A commit counts when it changes something, an empty look for work does not. */
    private static final class OnTheLine implements InvocationHandler {
        private final Mortal hub;
        private final Connection real;
        private final Set<String> changed = new TreeSet<>();

        OnTheLine(Mortal hub, Connection real) {
            this.hub = hub;
            this.real = real;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            switch (method.getName()) {
                case "close", "abort" -> hub.closed(real);
                case "commit" -> {
                    commit();
                    return null;
                }
                case "rollback" -> {
                    changed.clear();
                    hub.requireLife();
                }
                case "isClosed", "hashCode", "toString" -> {}
                case "equals" -> {
                    return proxy == arguments[0];
                }
                default -> hub.requireLife();
            }
            Object result = call(real, method, arguments);
            if (result instanceof Statement statement) {
                String sql = arguments != null && arguments[0] instanceof String text ? text : "";
                return proxy(method.getReturnType().asSubclass(Statement.class), on(statement, sql));
            }
            return result;
        }

        private InvocationHandler on(Statement statement, String prepared) {
            return (proxy, method, arguments) -> {
                if (!method.getName().startsWith("execute")) {
                    return call(statement, method, arguments);
                }
                hub.requireLife();
                String sql = arguments != null && arguments[0] instanceof String text ? text : prepared;
                CHANGED.matcher(sql).results().forEach(match -> changed.add(match.group(1)));
                return real.getAutoCommit() && hub.watched()
                        ? alone(statement, method, arguments)
                        : call(statement, method, arguments);
            };
        }

        /** A statement that is its own transaction. */
        private Object alone(Statement statement, Method method, Object[] arguments) throws Throwable {
            real.setAutoCommit(false);
            try {
                Object result = call(statement, method, arguments);
                commit();
                return result;
            } catch (SQLException e) {
                changed.clear();
                if (!real.isClosed()) {
                    real.rollback();
                }
                throw e;
            } finally {
                if (!real.isClosed()) {
                    real.setAutoCommit(true);
                }
            }
        }

        private void commit() throws SQLException {
            Set<String> parts = parts();
            changed.clear();
            if (!parts.isEmpty() && hub.watched() && changesSomething()) {
                hub.commit(parts, real::commit);
            } else {
                hub.requireLife();
                real.commit();
            }
        }

        private Set<String> parts() {
            var parts = new TreeSet<String>();
            PARTS.forEach((table, part) -> {
                if (changed.contains(table)) {
                    parts.add(part);
                }
            });
            return changed.equals(Set.of(CLAIMED)) ? Set.of(Boundary.THE_CLAIM) : parts;
        }

        private boolean changesSomething() throws SQLException {
            try (var statement = real.createStatement();
                    var row = statement.executeQuery("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) {
        return new DriverPropertyInfo[0];
    }

    @Override
    public int getMajorVersion() {
        return 1;
    }

    @Override
    public int getMinorVersion() {
        return 0;
    }

    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }
}
