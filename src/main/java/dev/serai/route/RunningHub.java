package dev.serai.route;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Running;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.facts.ConnectionFacts;
import dev.serai.facts.Flow;
import dev.serai.facts.SettingFacts;
import dev.serai.library.Library;
import dev.serai.store.Consents;
import dev.serai.store.DriftShapes;
import dev.serai.store.Drifts;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** This hub, as the API sees it. */
final class RunningHub implements Running {
    private final Settings settings;
    private final DataSource database;
    private final Hub hub;
    private final Live live;
    private final HttpCalls http;

    /** @param flows those that are live @param home where browsers reach it, which is known once it listens */
    record Live(Supplier<List<Flow>> flows, Supplier<String> home) {}

    RunningHub(Settings settings, DataSource database, Hub hub, Live live, HttpCalls http) {
        this.settings = settings;
        this.database = database;
        this.hub = hub;
        this.live = live;
        this.http = http;
    }

    @Override
    public Library library() {
        return hub.library().get();
    }

    @Override
    public List<Flow> flows() {
        return live.flows.get();
    }

    @Override
    public ObjectNode drift(boolean all) throws SQLException {
        return DriftFacts.read(
                        new DriftShapes(database), new Drifts(database), settings.path(Setting.ROUTES), library(), all)
                .json();
    }

    @Override
    public ArrayNode polls() {
        return new Polls(settings.path(Setting.ROUTES), library(), settings::lookup).told();
    }

    @Override
    public Optional<Flow> flow(String id) {
        return FlowTree.of(settings.path(Setting.ROUTES)).stream()
                .filter(flow -> flow.id().equals(id))
                .findFirst();
    }

    @Override
    public List<ConnectionFacts.End> ends() throws SQLException {
        return CredentialEnds.told(library(), hub.tokens().tokens());
    }

    @Override
    public Map<String, String> granted() throws SQLException {
        return CredentialEnds.granted(library(), hub.tokens().tokens());
    }

    @Override
    public ArrayNode settings() {
        return SettingFacts.list(settings);
    }

    @Override
    public String home() {
        return live.home.get();
    }

    @Override
    public Consents consents() {
        return hub.tokens().tokens().consents();
    }

    @Override
    public Checked check(String connection) {
        ConnectionCheck.Found found = new ConnectionCheck(hub.gate(), hub.tokens(), http, hub.clock())
                .check(library().connector(connection).orElseThrow());
        return new Checked(found.tried(), found.fine(), found.words());
    }
}
