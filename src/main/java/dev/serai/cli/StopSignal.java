package dev.serai.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Waits for SIGINT or SIGTERM, so that what runs can be closed in order and the exit code is ours. A second signal ends
 * the process at once.
 */
public final class StopSignal implements AutoCloseable {
    /** What a shell expects of a process that Ctrl-C ended. */
    private static final int INTERRUPTED = 130;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final List<Restore> before = new ArrayList<>();

    /** Puts the handler of one signal back. */
    private interface Restore {
        void run() throws ReflectiveOperationException;
    }

    /** From now on, and until this is closed, the signals come here. */
    public StopSignal() {
        for (String name : List.of("INT", "TERM")) {
            try {
                handle(name);
            } catch (ReflectiveOperationException | RuntimeException e) {
                // a JVM without this interface, or one started with -Xrs
                Runtime.getRuntime().addShutdownHook(new Thread(asked::countDown));
            }
        }
    }

    /** By reflection, because the compiler warns of the JDK's only interface to signals, and warnings are errors here. */
    private void handle(String name) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object ours = Proxy.newProxyInstance(
                handler.getClassLoader(),
                new Class<?>[] {handler},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "handle" -> {
                        came();
                        yield null;
                    }
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> "stop signal";
                });
        Method set = signal.getMethod("handle", signal, handler);
        Object ofThisName = signal.getConstructor(String.class).newInstance(name);
        Object earlier = set.invoke(null, ofThisName, ours);
        before.add(() -> set.invoke(null, ofThisName, earlier));
    }

    private void came() {
        if (asked.getCount() == 0) {
            Runtime.getRuntime().halt(INTERRUPTED);
        }
        asked.countDown();
    }

    public boolean asked() {
        return asked.getCount() == 0;
    }

    /** Returns when somebody asked to stop. */
    public void await() {
        try {
            asked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        for (Restore handler : before) {
            try {
                handler.run();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
