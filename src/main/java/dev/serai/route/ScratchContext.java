package dev.serai.route;

import dev.serai.file.Place;
import dev.serai.file.Problem;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** Tries a flow file in a Camel context of its own, where nothing is started and nothing is sent. */
public final class ScratchContext {
    private static final Pattern LINE = Pattern.compile("line (\\d+), column (\\d+)");
    private static final Pattern AT = Pattern.compile("\\bline:? (\\d+)");

    private final Consumer<CamelContext> furnish;
    /** What was found good ahead of being taken. */
    private final Set<Tried> good = ConcurrentHashMap.newKeySet();

    /** A file and the error handling beside it, by which Camel judges. */
    private record Tried(String name, String text, Set<String> errorHandling) {
        static Tried of(FlowFile file, List<FlowFile> others) {
            return new Tried(
                    file.name(),
                    file.text(),
                    others.stream()
                            .filter(other -> !other.configurations().isEmpty())
                            .map(FlowFile::text)
                            .collect(Collectors.toSet()));
        }
    }

    /** @param furnish gives a context the components, beans and settings the hub's own has */
    public ScratchContext(Consumer<CamelContext> furnish) {
        this.furnish = furnish;
    }

    /** As {@link #problems}; a file that is found good is not tried again when it is taken next, unless {@link #forget()} comes first. */
    List<Problem> ahead(FlowFile file, List<FlowFile> others) {
        List<Problem> problems = tried(file, others);
        if (problems.isEmpty()) {
            good.add(Tried.of(file, others));
        }
        return problems;
    }

    /** Why Camel does not take this file beside the given ones; empty when it does. */
    List<Problem> problems(FlowFile file, List<FlowFile> others) {
        return good.remove(Tried.of(file, others)) ? List.of() : tried(file, others);
    }

    /** From here on settings may change, and with them what is good. */
    void forget() {
        good.clear();
    }

    private List<Problem> tried(FlowFile file, List<FlowFile> others) {
        try (var context = new HubContext()) {
            context.setAutoStartup(false);
            context.getGlobalOptions().put("serai.scratch", "true");
            furnish.accept(context);
            for (FlowFile other : others) {
                if (!other.configurations().isEmpty()) {
                    load(context, other);
                }
            }
            load(context, file);
            context.start();
            return List.of();
        } catch (Exception e) {
            return List.of(problem(file, e));
        }
    }

    private static void load(CamelContext context, FlowFile file) throws Exception {
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString(file.name(), file.text()));
    }

    private static Problem problem(FlowFile file, Throwable failure) {
        Throwable at = failure;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        String all = failure.getMessage() + "\n" + at.getMessage();
        var exact = LINE.matcher(all);
        var line = AT.matcher(all);
        Place place = exact.find()
                ? new Place(file.name(), Integer.parseInt(exact.group(1)), Integer.parseInt(exact.group(2)))
                : line.find() ? new Place(file.name(), Integer.parseInt(line.group(1)), 1) : Place.whole(file.name());
        String text = String.valueOf(at.getMessage())
                .lines()
                .map(String::strip)
                .filter(l -> !l.isEmpty())
                .findFirst()
                .orElse("");
        return file.root().problem(place, text);
    }
}
