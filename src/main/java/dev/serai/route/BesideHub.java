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
import dev.serai.library.LibraryFolder;
import dev.serai.store.Consents;
import dev.serai.store.Database;
import dev.serai.store.DriftShapes;
import dev.serai.store.Drifts;
import dev.serai.store.Seal;
import dev.serai.store.Secrets;
import dev.serai.store.Tokens;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the API needs of a hub, for a command beside one: the files and the settings as they are at this call. */
public final class BesideHub implements Running {
    private final Settings settings;
    private final Optional<Database> database;
    private final Seal seal;
    /** Read when it is asked for: most questions need no file. */
    private Library library;

    /** @param database without it only what files tell can be asked for */
    public BesideHub(Settings settings, Optional<Database> database) {
        this.settings = settings;
        this.database = database;
        this.seal = Seal.of(settings.text(Setting.SECRETS_KEY));
    }

    @Override
    public Library library() {
        if (library == null) {
            Optional<Secrets> secrets = database.map(this::secrets);
            var folder = new LibraryFolder(settings.path(Setting.MAPPINGS), name -> settings.lookup(name)
                    .or(() -> secrets.flatMap(kept -> kept.get(name))));
            folder.reload();
            library = folder.current();
        }
        return library;
    }

    private Secrets secrets(Database open) {
        var secrets = new Secrets(open.dataSource(), seal);
        try {
            secrets.refresh();
        } catch (SQLException e) {
            throw new IllegalStateException("The secrets in the database can't be read: " + e.getMessage(), e);
        }
        return secrets;
    }

    private Database open() {
        return database.orElseThrow(() -> new IllegalStateException("this takes the database"));
    }

    @Override
    public List<Flow> flows() {
        return FlowTree.of(settings.path(Setting.ROUTES));
    }

    @Override
    public ObjectNode drift(boolean all) throws SQLException {
        var data = open().dataSource();
        return DriftFacts.read(new DriftShapes(data), new Drifts(data), settings.path(Setting.ROUTES), library(), all)
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
        return CredentialEnds.told(library(), new Tokens(open().dataSource(), seal));
    }

    @Override
    public Map<String, String> granted() throws SQLException {
        return CredentialEnds.granted(library(), new Tokens(open().dataSource(), seal));
    }

    @Override
    public ArrayNode settings() {
        return SettingFacts.list(settings);
    }

    @Override
    public String home() {
        String given = settings.text(Setting.HTTP_PUBLIC_URL).replaceAll("/+$", "");
        return given.isEmpty() ? "http://127.0.0.1:" + settings.text(Setting.HTTP_PORT) : given;
    }

    @Override
    public Consents consents() {
        return new Consents(open().dataSource(), seal);
    }

    @Override
    public Checked check(String connection) {
        try (var check = ConnectionCheck.beside(open(), seal, library(), settings)) {
            ConnectionCheck.Found found =
                    check.check(library().connector(connection).orElseThrow());
            return new Checked(found.tried(), found.fine(), found.words());
        }
    }
}
