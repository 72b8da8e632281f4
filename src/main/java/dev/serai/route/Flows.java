package dev.serai.route;

import dev.serai.file.FileRefused;
import dev.serai.file.Place;
import dev.serai.file.Problem;
import dev.serai.file.Problems;
import dev.serai.library.Library;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the running flows in step with {@code routes/}. A changed file is checked and started in a scratch context
 * first; only when that works are its routes, and no others, replaced. A broken file changes nothing.
 */
public final class Flows {
    private static final Logger LOG = LoggerFactory.getLogger(Flows.class);
    private static final String SUFFIX = ".camel.yaml";

    private final Path folder;
    private final Supplier<Library> library;
    private final Subscribers subscribers;
    private final ScratchContext scratch;
    private final Map<Path, FlowFile> running = new LinkedHashMap<>();
    private final Map<Path, String> seen = new LinkedHashMap<>();

    public Flows(Path folder, Supplier<Library> library, Subscribers subscribers, ScratchContext scratch) {
        this.folder = folder;
        this.library = library;
        this.subscribers = subscribers;
        this.scratch = scratch;
    }

    /** Checks every file as it is now, without a running hub and without changing anything. */
    public List<Problem> check() {
        var problems = new Problems();
        var files = readAll(problems);
        var configurations = configurations(files.values());
        files.forEach((path, file) -> new FlowLint(library.get(), configurations).check(file, problems));
        if (!problems.any()) {
            files.values().forEach(file -> problems.addAll(scratch.problems(file, others(files, file))));
        }
        if (files.values().stream().allMatch(f -> f.routes().isEmpty())) {
            problems.add(new Problem(Place.whole(folder.toString()), "the folder has no flow; add <flow>" + SUFFIX));
        }
        return problems.all();
    }

    /** What a look at the folder did. @param changed names of the files whose flows were started, replaced or stopped */
    public record Reload(List<String> changed, List<Problem> problems) {}

    /** Takes over what has changed since the last call. Files with error handling come first. */
    public synchronized Reload reload(CamelContext context) {
        var changed = new ArrayList<String>();
        var problems = new Problems();
        Map<Path, String> texts = texts();
        remove(context, texts.keySet(), changed);
        for (Path path : inOrder(texts)) {
            String text = texts.get(path);
            if (text.equals(seen.get(path))) {
                continue;
            }
            seen.put(path, text);
            try {
                FlowFile file = FlowFile.read(shown(path), text);
                var known = configurations(running.values());
                known.addAll(file.configurations());
                var own = new Problems();
                new FlowLint(library.get(), known).check(file, own);
                own.throwIfAny();
                var others = running.entrySet().stream()
                        .filter(e -> !e.getKey().equals(path))
                        .map(Map.Entry::getValue)
                        .toList();
                var refused = scratch.problems(file, others);
                if (!refused.isEmpty()) {
                    throw new FileRefused(refused);
                }
                swap(context, path, file);
                changed.add(file.name());
            } catch (FileRefused e) {
                problems.addAll(e.problems());
            }
        }
        var ids = new HashSet<String>();
        running.values().forEach(file -> ids.addAll(file.routes().keySet()));
        subscribers.retain(ids);
        return new Reload(changed, problems.all());
    }

    private void remove(CamelContext context, Set<Path> present, List<String> changed) {
        for (Path gone : List.copyOf(seen.keySet())) {
            if (!present.contains(gone)) {
                seen.remove(gone);
                FlowFile file = running.remove(gone);
                if (file != null) {
                    stop(context, file);
                    changed.add(file.name());
                }
            }
        }
    }

    /** Replaces the routes of one file; puts the old ones back when the new ones don't start after all. */
    private void swap(CamelContext context, Path path, FlowFile file) {
        FlowFile before = running.get(path);
        try {
            if (before != null) {
                stop(context, before);
            }
            load(context, file);
            running.put(path, file);
        } catch (Exception e) {
            stop(context, file);
            if (before != null) {
                restore(context, before);
            }
            throw new FileRefused(
                    List.of(new Problem(Place.whole(file.name()), "can't be started: " + e.getMessage())));
        }
    }

    private static void restore(CamelContext context, FlowFile before) {
        try {
            load(context, before);
        } catch (Exception e) {
            LOG.error("flow.not_restored file={}: {}", before.name(), e.getMessage());
        }
    }

    private static void load(CamelContext context, FlowFile file) throws Exception {
        Resource resource = ResourceHelper.fromString(file.name(), file.text());
        PluginHelper.getRoutesLoader(context).loadRoutes(resource);
    }

    private static void stop(CamelContext context, FlowFile file) {
        for (String id : file.routes().keySet()) {
            try {
                if (context.getRoute(id) != null) {
                    context.getRouteController().stopRoute(id);
                }
                context.removeRoute(id);
            } catch (Exception e) {
                LOG.warn("flow.not_stopped flow={}: {}", id, e.getMessage());
            }
        }
    }

    private static Set<String> configurations(Iterable<FlowFile> files) {
        var ids = new HashSet<String>();
        files.forEach(file -> ids.addAll(file.configurations()));
        return ids;
    }

    private static List<FlowFile> others(Map<Path, FlowFile> files, FlowFile file) {
        return files.values().stream()
                .filter(other -> other != file && !other.configurations().isEmpty())
                .toList();
    }

    private Map<Path, FlowFile> readAll(Problems problems) {
        var files = new LinkedHashMap<Path, FlowFile>();
        texts().forEach((path, text) -> {
            try {
                files.put(path, FlowFile.read(shown(path), text));
            } catch (FileRefused e) {
                problems.addAll(e.problems());
            }
        });
        return files;
    }

    /** Files that declare error handling first: routes name it. */
    private static List<Path> inOrder(Map<Path, String> texts) {
        return texts.keySet().stream()
                .sorted(java.util.Comparator.comparing((Path p) -> !texts.get(p).contains("routeConfiguration:"))
                        .thenComparing(p -> p))
                .toList();
    }

    private Map<Path, String> texts() {
        var texts = new LinkedHashMap<Path, String>();
        if (!Files.isDirectory(folder)) {
            return texts;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path path : files.filter(f -> f.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList()) {
                texts.put(path, Files.readString(path));
            }
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read the folder " + folder, e);
        }
    }

    private String shown(Path path) {
        return folder.getFileName() + "/" + path.getFileName();
    }
}
