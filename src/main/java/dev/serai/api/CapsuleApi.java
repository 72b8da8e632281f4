package dev.serai.api;

import static dev.serai.api.Operation.get;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.facts.Capsule;
import dev.serai.facts.Incident;
import dev.serai.store.History;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Runs as tests. */
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
        return List.of(
                get(
                                "/runs/{run}/capsule",
                                "show_capsule",
                                "A dead run as a test that fails until it is mended, or a done one as a test that fails when"
                                        + " it does something else: its event, what it sent and was answered, other people in"
                                        + " place of those it was about")
                        .by(Role.OPERATOR)
                        .answers("Capsule", ask -> told(ask, this::capsule)),
                get(
                                "/runs/{run}/mapping-test",
                                "show_mapping_test",
                                "A run that a mapping refused as a test of that mapping, other people in place of those it"
                                        + " was about")
                        .by(Role.OPERATOR)
                        .answers("MappingTest", ask -> told(ask, this::test)));
    }

    /** Makes something of a run. @throws Capsule.None when there is nothing that it could be made of */
    private interface Making {
        ObjectNode of(History.Run run, byte[] salt) throws SQLException;
    }

    private ObjectNode capsule(History.Run run, byte[] salt) throws SQLException {
        return incident.json(run, running.library(), salt);
    }

    private ObjectNode test(History.Run run, byte[] salt) throws SQLException {
        Capsule made = Capsule.of(history, run, running.library().mappings().values(), salt);
        return Json.object()
                .put("run", run.name())
                .put("mapping", made.mapping().name())
                .put("test", made.test());
    }

    private Answer told(Ask ask, Making making) throws SQLException {
        Optional<History.Run> run = history.run(ask.run());
        if (run.isEmpty()) {
            throw Left.run(history, ask.run());
        }
        byte[] salt = new byte[SALT];
        new SecureRandom().nextBytes(salt);
        try {
            return Answer.of(making.of(run.get(), salt));
        } catch (Capsule.None e) {
            throw Declined.conflict(e.getMessage());
        }
    }
}
