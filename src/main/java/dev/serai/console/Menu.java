package dev.serai.console;

import dev.serai.api.Role;
import java.util.List;

/**
 * An entry of the navigation; what lies below its path belongs to the console too.
 *
 * @param path where it leads
 * @param templates the pages that belong to it
 * @param role for whom it is of use, and for those above
 */
public record Menu(String path, String words, List<String> templates, Role role) {
    static final List<Menu> ALL = List.of(
            of("/", "Overview", "overview"),
            of("/runs", "Runs", "runs", "run", "event", "waiting", "replay", "capsule"),
            of("/dead-letters", "Dead letters", "dead-letters", "fix"),
            of("/alerts", "Alerts", "alerts", "alert", "runbook"),
            of("/flows", "Flows", "flows", "flow"),
            of("/connections", "Connections", "connections"),
            of("/quotas", "Limits", "quotas"),
            of("/sources", "Sources", "sources"),
            of("/streams", "Streams", "streams", "stream"),
            of("/drift", "Drift", "drift"),
            of("/mappings", "Mappings", "mappings", "mapping"),
            of("/audit", "Audit", "audit"),
            new Menu("/people", "People", List.of("people", "erasure"), Role.ADMIN),
            new Menu("/settings", "Settings", List.of("settings"), Role.OPERATOR));

    private static Menu of(String path, String words, String... templates) {
        return new Menu(path, words, List.of(templates), Role.VIEWER);
    }

    /** As the router takes it. */
    String route() {
        return path.equals("/") ? path : path + "/*";
    }
}
