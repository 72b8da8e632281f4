package dev.serai.route;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files of {@code routes/} that one flow needs to work alone, so that no other flow and no poll works beside it.
 *
 * @param files their texts, by the name of the file
 * @param connections those it calls
 */
public record OneFlow(Map<String, String> files, Set<String> connections) {
    /** What stays on this machine when a stand-in plays the remotes. */
    private static final Set<String> AT_HOME =
            Set.of("event", "mapping", "connector", "direct", "sql", "log", "bean", "seda");

    /**
     * @throws IllegalArgumentException when there is no such flow, or it would reach the network
     */
    public static OneFlow of(Path routes, String flow) {
        var folder = new FlowFolder(routes);
        var files = new LinkedHashMap<String, String>();
        var connections = new TreeSet<String>();
        boolean found = false;
        for (Map.Entry<Path, String> text : folder.texts().entrySet()) {
            var file = FlowFile.read(folder.shown(text.getKey()), text.getValue());
            boolean its = file.routes().containsKey(flow);
            found |= its;
            if (its) {
                refuseNetwork(file);
            }
            if (its || helps(file)) {
                files.put(text.getKey().getFileName().toString(), text.getValue());
                file.routes().values().stream()
                        .flatMap(route -> file.uses(route).stream())
                        .filter(use -> scheme(use.uri()).equals("connector"))
                        .forEach(use -> connections.add(use.address().split("[:/]")[1]));
            }
        }
        if (!found) {
            throw new IllegalArgumentException("there is no flow " + flow + " in " + routes);
        }
        return new OneFlow(files, connections);
    }

    /** Declares error handling, or is called by other routes only. */
    private static boolean helps(FlowFile file) {
        return file.routes().values().stream().allMatch(route -> file.from(route)
                .filter(from -> scheme(from.uri()).equals("direct"))
                .isPresent());
    }

    private static void refuseNetwork(FlowFile file) {
        file.routes().forEach((id, route) -> file.uses(route).stream()
                .filter(use -> !AT_HOME.contains(scheme(use.uri())))
                .findFirst()
                .ifPresent(use -> {
                    throw new IllegalArgumentException(use.at().place() + ": route " + id + " uses " + use.address()
                            + ", which a trial without a network can't play; it plays connector: only");
                }));
    }

    private static String scheme(String uri) {
        int end = uri.indexOf(':');
        return (end < 0 ? uri : uri.substring(0, end)).replaceAll("\\?.*", "");
    }
}
