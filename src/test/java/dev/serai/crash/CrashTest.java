package dev.serai.crash;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every class of write, and every moment at which a hub can die: before and after each commit, and before, in and after
 * each exchange with the vendor. The kinds go side by side, each in a thread of its own.
 */
class CrashTest {
    @TempDir
    private static Path folder;

    private static final Map<WriteKind, Pair> PAIRS = new EnumMap<>(WriteKind.class);
    private static final List<ExecutorService> THREADS = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        copy("/crash/routes/crash.camel.yaml", "routes/crash.camel.yaml");
        copy("/crash/mappings/vendor/connector.yaml", "mappings/vendor/connector.yaml");
        copy("/chaos/mappings/crm/connector.yaml", "mappings/crm/connector.yaml");
        Files.copy(Path.of("routes", "errors.camel.yaml"), folder.resolve("routes/errors.camel.yaml"));
        for (WriteKind kind : WriteKind.values()) {
            PAIRS.put(kind, new Pair(kind, folder));
        }
    }

    private static void copy(String resource, String to) throws IOException {
        Path target = folder.resolve(to);
        Files.createDirectories(target.getParent());
        try (InputStream content = CrashTest.class.getResourceAsStream(resource)) {
            Files.copy(content, target);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        THREADS.forEach(ExecutorService::shutdownNow);
        var closing = new ArrayList<CompletableFuture<Void>>();
        for (Pair pair : PAIRS.values()) {
            closing.add(CompletableFuture.runAsync(() -> {
                try {
                    pair.close();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        closing.forEach(CompletableFuture::join);
    }

    @TestFactory
    Stream<DynamicNode> aHubThatDiesLosesNothingAndDoublesNothing() {
        List<DynamicNode> kinds = new ArrayList<>();
        PAIRS.forEach(
                (kind, pair) -> kinds.add(dynamicContainer("a write of class " + kind.word(), casesOf(kind, pair))));
        return kinds.stream();
    }

    /** All begin at once; each test reports one of them. */
    private static List<DynamicTest> casesOf(WriteKind kind, Pair pair) {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        THREADS.add(thread);
        var tests = new ArrayList<DynamicTest>();
        for (Boundary boundary : pair.boundaries()) {
            tests.add(test(
                    "with a write of class " + kind.word() + ", a hub dies " + boundary,
                    thread.submit(() -> pair.crash(boundary))));
        }
        tests.add(test(
                "with a write of class " + kind.word() + ", those that died come back",
                thread.submit(pair::checkThatTheDeadDidNoHarm)));
        return tests;
    }

    /** The name is said in the failure too: most reports number the cases of a factory. */
    private static DynamicTest test(String name, Future<?> done) {
        return dynamicTest(name, () -> {
            try {
                done.get();
            } catch (ExecutionException e) {
                throw new AssertionError(name + ": " + e.getCause().getMessage(), e.getCause());
            }
        });
    }
}
