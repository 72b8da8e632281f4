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
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
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
            files.values().forEach(file -> problems.addAll(scratch.ahead(file, without(files, file))));
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
        Set<String> subscribed = subscribers.all().keySet();
        looked = texts;
        judgedWith = now;
        var changed = new ArrayList<String>();
        var problems = new Problems();
        refused.keySet().removeIf(path -> !texts.containsKey(path) && !running.containsKey(path));
        for (Path path : List.copyOf(running.keySet())) {
            if (!texts.containsKey(path)) {
                judged(path, found(path, () -> changed.add(retire(context, path))), problems);
            }
        }
        texts.forEach((path, text) -> {
            if (!text.equals(before.get(path))) {
                refused.remove(path);
            }
        });
        var due = folder.inOrder(texts).stream()
                .filter(path -> !texts.get(path).equals(before.get(path)) || refused.containsKey(path))
                .toList();
        takeAll(due, path -> changed.add(take(context, path, texts.get(path))), problems);
        scratch.forget();
        subscribers.retain(wanted(subscribed, texts));
        live = List.copyOf(running.values());
        return new Reload(changed, problems.all());
    }

    /**
     * Takes those that take events and then the sources, each again when another one was taken since: a flow may have left
     * that one for this one.
     */
    private void takeAll(List<Path> due, Consumer<Path> take, Problems problems) {
        var takers = due.stream()
                .filter(path -> !folder.isSource(path, looked.get(path)))
                .toList();
        Map<Path, List<Problem>> early = takeWhatGoes(takers, take);
        var left = due.stream()
                .filter(path -> early.containsKey(path) || !takers.contains(path))
                .toList();
        Map<Path, List<Problem>> wrong = takers.size() == due.size() ? early : takeWhatGoes(left, take);
        due.forEach(path -> judged(path, wrong.getOrDefault(path, List.of()), problems));
    }

    /** @return what is wrong with those that were not taken */
    private Map<Path, List<Problem>> takeWhatGoes(List<Path> due, Consumer<Path> take) {
        var wrong = new LinkedHashMap<Path, List<Problem>>();
        List<Path> left = due;
        boolean again = true;
        while (again) {
            again = false;
            wrong.clear();
            for (Path path : left) {
                List<Problem> found = found(path, () -> take.accept(path));
                again |= found.isEmpty() && !wrong.isEmpty();
                if (!found.isEmpty()) {
                    wrong.put(path, found);
                }
            }
            left = List.copyOf(wrong.keySet());
        }
        return wrong;
    }

    /**
     * The flows whose events get runs: those that run, and those that have left a file for one that is refused, so that their
     * events wait until that is mended.
     */
    private Set<String> wanted(Set<String> subscribed, Map<Path, String> texts) {
        var ids = new HashSet<String>();
        running.values().forEach(file -> ids.addAll(file.routes().keySet()));
        for (Path path : refused.keySet()) {
            subscribed.stream()
                    .filter(id -> FlowFolder.declares(texts.getOrDefault(path, ""), id))
                    .forEach(ids::add);
        }
        return ids;
    }

    private Set<Path> missing(Map<Path, String> texts) {
        var missing = new HashSet<>(looked.keySet());
        missing.removeAll(texts.keySet());
        return missing;
    }

    /** What one file does wrong holds up no other file. */
    private List<Problem> found(Path path, Runnable work) {
        try {
            work.run();
            return List.of();
        } catch (FileRefused e) {
            return e.problems();
        } catch (RuntimeException e) {
            LOG.debug("flow file not taken", e);
            return List.of(new Problem(Place.whole(folder.shown(path)), "can't be taken: " + e));
        }
    }

    /** What is wrong with a file is said once. @param found nothing when it was taken */
    private void judged(Path path, List<Problem> found, Problems problems) {
        if (found.isEmpty()) {
            refused.remove(path);
        } else if (!found.equals(refused.put(path, found))) {
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
        LiveRoutes.stop(context, file);
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
            LiveRoutes.stopAll(context, before, dependents);
            LiveRoutes.load(context, file);
            for (FlowFile dependent : dependents) {
                LiveRoutes.load(context, dependent);
            }
            running.put(path, file);
        } catch (Exception e) {
            LiveRoutes.stopAll(context, file, dependents);
            LiveRoutes.restore(context, before);
            dependents.forEach(dependent -> LiveRoutes.restore(context, dependent));
            throw new FileRefused(
                    List.of(new Problem(Place.whole(file.name()), "can't be started: " + e.getMessage())));
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
