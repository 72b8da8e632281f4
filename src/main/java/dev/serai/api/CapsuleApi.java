package dev.serai.api;

import static dev.serai.api.Operation.get;

import dev.serai.facts.Capsule;
import dev.serai.facts.Incident;
import dev.serai.store.History;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.List;

/** Dead runs as tests. */
final class CapsuleApi {
    private static final int SALT = 16;

    private final History history;
    private final Incident incident;
    private final Running running;

    CapsuleApi(History history, Incident incident, Running running) {
        this.history = history;
        this.incident = incident;
        this.running = running;
    }

    List<Operation> operations() {
        return List.of(get(
                        "/runs/{run}/capsule",
                        "show_capsule",
                        "A dead run as a test that fails until it is mended: its event, what it sent and was answered, other"
                                + " people in place of those it was about")
                .by(Role.OPERATOR)
                .answers("Capsule", this::show));
    }

    private Answer show(Ask ask) throws SQLException {
        History.Run run = history.run(ask.run())
                .orElseThrow(() -> Declined.notFound(
                        "there is no run " + ask.path().get("run") + "; it may have left the history already"));
        byte[] salt = new byte[SALT];
        new SecureRandom().nextBytes(salt);
        try {
            return Answer.of(incident.json(run, running.library(), salt));
        } catch (Capsule.None e) {
            throw Declined.conflict(e.getMessage());
        }
    }
}
