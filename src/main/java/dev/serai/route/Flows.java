package dev.serai.route;

import dev.serai.facts.Flow;
import dev.serai.file.FileRefused;
import dev.serai.file.Place;
import dev.serai.file.Problem;
import dev.serai.file.Problems;
import dev.serai.library.Library;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteConfigurationDefinition;
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
    private static final Reload NOTHING = new Reload(List.of(), List.of());

    private final FlowFolder folder;
    private final Supplier<Library> library;
    private final Subscribers subscribers;
    private final ScratchContext scratch;
    private final Map<Path, FlowFile> running = new LinkedHashMap<>();
    /** The same for who must not wait while flows are replaced. */
    private volatile List<FlowFile> live = List.of();

    private final Map<Path, List<Problem>> refused = new HashMap<>();
    private final Set<Path> vanished = new HashSet<>();
    private Map<Path, String> looked = Map.of();
    private Library judgedWith;

    public Flows(Path folder, Supplier<Library> library, Subscribers subscribers, ScratchContext scratch) {
        this.folder = new FlowFolder(folder);
        this.library = library;
        this.subscribers = subscribers;
        this.scratch = scratch;
    }

    /** Checks every file as it is now, without a running hub and without changing anything. */
    public List<Problem> check() {
        var problems = new Problems();
        var files = readAll(problems);
        files.values().forEach(file -> lint(file, without(files, file), problems));
        if (!problems.any()) {
            files.values().forEach(file -> problems.addAll(scratch.problems(file, without(files, file))));
        }
        if (files.values().stream().allMatch(f -> f.routes().isEmpty())) {
            problems.add(new Problem(
                    Place.whole(folder.toString()), "the folder has no flow; add <flow>" + FlowFolder.SUFFIX));
        }
        return problems.all();
    }

    /** The flows that are live, by name. @param works whether a flow takes runs now */
    public synchronized List<Flow> told(Predicate<String> works) {
        var taken = subscribers.all();
        var told = new ArrayList<Flow>();
        running.values().forEach(file -> FlowTree.flows(file).forEach((id, route) -> {
            Subscribers.Subscription live = taken.get(id);
            Flow.Terms terms = live == null ? FlowTree.terms(file, route) : live.terms();
            told.add(new Flow(id, terms, FlowTree.drawing(file, route), works.test(id)));
        }));
        told.sort(Comparator.comparing(Flow::id));
        return told;
    }

    /** The flows that call a connection, or one operation of it: {@code mailchimp/upsert_member}. */
    List<String> calling(String endpoint) {
        String called = "connector:" + endpoint;
        return live.stream()
                .flatMap(file -> FlowTree.flows(file).entrySet().stream()
                        .filter(flow -> file.uses(flow.getValue()).stream()
                                .map(FlowFile.Use::address)
                                .anyMatch(to -> to.equals(called) || to.startsWith(called + "/")))
                        .map(Map.Entry::getKey))
                .sorted()
                .toList();
    }

    /** What a look at the folder did. @param changed names of the files whose flows were started, replaced or stopped */
    public record Reload(List<String> changed, List<Problem> problems) {}

    /**
     * Takes over what has changed since the last call. A refused file is judged again whenever anything has changed:
     * the mapping it lacks may have come.
     */
    public synchronized Reload reload(CamelContext context) {
        Map<Path, String> texts = folder.texts();
        boolean gone = !texts.keySet().containsAll(looked.keySet());
        if (gone && vanished.addAll(missing(texts))) {
            // some editors take a file away for a moment to write it anew: believe it when it is still gone next time
            return NOTHING;
        }
        vanished.clear();
        Library now = library.get();
        if (texts.equals(looked) && now == judgedWith) {
            return NOTHING;
        }
        Map<Path, String> before = looked;
        looked = texts;
        judgedWith = now;
        var changed = new ArrayList<String>();
        var problems = new Problems();
        refused.keySet().removeIf(path -> !texts.containsKey(path) && !running.containsKey(path));
        for (Path path : List.copyOf(running.keySet())) {
            if (!texts.containsKey(path)) {
                attempt(path, problems, () -> changed.add(retire(context, path)));
            }
        }
        for (Path path : FlowFolder.inOrder(texts)) {
            boolean edited = !texts.get(path).equals(before.get(path));
            if (edited) {
                refused.remove(path);
            }
            if (edited || refused.containsKey(path)) {
                attempt(path, problems, () -> changed.add(take(context, path, texts.get(path))));
            }
        }
        var ids = new HashSet<String>();
        running.values().forEach(file -> ids.addAll(file.routes().keySet()));
        subscribers.retain(ids);
        live = List.copyOf(running.values());
        return new Reload(changed, problems.all());
    }

    private Set<Path> missing(Map<Path, String> texts) {
        var missing = new HashSet<>(looked.keySet());
        missing.removeAll(texts.keySet());
        return missing;
    }

    /** What one file does wrong is said once and holds up no other file. */
    private void attempt(Path path, Problems problems, Runnable work) {
        List<Problem> found;
        try {
            work.run();
            refused.remove(path);
            return;
        } catch (FileRefused e) {
            found = e.problems();
        } catch (RuntimeException e) {
            LOG.debug("flow file not taken", e);
            found = List.of(new Problem(Place.whole(folder.shown(path)), "can't be taken: " + e));
        }
        if (!found.equals(refused.put(path, found))) {
            problems.addAll(found);
        }
    }

    private String take(CamelContext context, Path path, String text) {
        FlowFile file = FlowFile.read(folder.shown(path), text);
        var others = new LinkedHashMap<>(running);
        others.remove(path);
        var problems = new Problems();
        lint(file, List.copyOf(others.values()), problems);
        FlowFile before = running.get(path);
        if (before != null) {
            before.configurations().stream()
                    .filter(id -> !file.configurations().contains(id))
                    .forEach(id -> needed(file.name(), id, others.values(), problems));
        }
        problems.throwIfAny();
        problems.addAll(scratch.problems(file, List.copyOf(others.values())));
        problems.throwIfAny();
        swap(context, path, file);
        return file.name();
    }

    /** Stops the flows of a file that is gone. */
    private String retire(CamelContext context, Path path) {
        FlowFile file = running.get(path);
        var problems = new Problems();
        file.configurations()
                .forEach(id -> needed(
                        file.name(),
                        id,
                        running.values().stream().filter(f -> f != file).toList(),
                        problems));
        problems.throwIfAny();
        running.remove(path);
        stop(context, file);
        return file.name();
    }

    private static void needed(String name, String configuration, Iterable<FlowFile> others, Problems problems) {
        for (FlowFile other : others) {
            if (other.named().contains(configuration)) {
                problems.add(new Problem(
                        Place.whole(name),
                        "error configuration \"" + configuration + "\" is gone, but " + other.name()
                                + " names it; put it back, or change that file first"));
            }
        }
    }

    private void lint(FlowFile file, List<FlowFile> others, Problems problems) {
        var all = new ArrayList<>(others);
        all.add(file);
        var configurations = new HashSet<String>();
        all.forEach(f -> configurations.addAll(f.configurations()));
        new FlowLint(library.get(), configurations).check(file, problems);
        all.forEach(f -> configurations.removeAll(f.deadLettering()));
        new TrapLint(configurations).check(file, problems);
        BatchLint.check(file, problems);
        CanaryLint.check(file, all, problems);
        FlowIds.check(file, others, problems);
        new LoopLint(all).check(file, problems);
    }

    private static List<FlowFile> without(Map<Path, FlowFile> files, FlowFile file) {
        return files.values().stream().filter(other -> other != file).toList();
    }

    /**
     * Replaces the routes of one file, and those of the files that name error handling it declares: Camel builds that
     * into a route when it loads it. Puts the old ones back when the new ones don't start after all.
     */
    private void swap(CamelContext context, Path path, FlowFile file) {
        FlowFile before = running.get(path);
        List<FlowFile> dependents = running.values().stream()
                .filter(other -> other != before && !Collections.disjoint(other.named(), file.configurations()))
                .toList();
        try {
            stopAll(context, before, dependents);
            load(context, file);
            for (FlowFile dependent : dependents) {
                load(context, dependent);
            }
            running.put(path, file);
        } catch (Exception e) {
            stopAll(context, file, dependents);
            restore(context, before);
            dependents.forEach(dependent -> restore(context, dependent));
            throw new FileRefused(
                    List.of(new Problem(Place.whole(file.name()), "can't be started: " + e.getMessage())));
        }
    }

    private static void stopAll(CamelContext context, FlowFile file, List<FlowFile> dependents) {
        dependents.forEach(dependent -> stop(context, dependent));
        if (file != null) {
            stop(context, file);
        }
    }

    private static void restore(CamelContext context, FlowFile before) {
        try {
            if (before != null) {
                load(context, before);
            }
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
        file.configurations().forEach(id -> forget(context, id));
    }

    /** Camel keeps the first error handling of a name for good; only what was removed can be declared anew. */
    private static void forget(CamelContext context, String configuration) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        RouteConfigurationDefinition declared = model.getRouteConfigurationDefinition(configuration);
        try {
            if (declared != null) {
                model.removeRouteConfiguration(declared);
            }
        } catch (Exception e) {
            LOG.warn("errors.not_removed configuration={}: {}", configuration, e.getMessage());
        }
    }

    private Map<Path, FlowFile> readAll(Problems problems) {
        var files = new LinkedHashMap<Path, FlowFile>();
        folder.texts().forEach((path, text) -> {
            try {
                files.put(path, FlowFile.read(folder.shown(path), text));
            } catch (FileRefused e) {
                problems.addAll(e.problems());
            }
        });
        return files;
    }
}
