package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.api.Api;
import dev.serai.api.ApiParts;
import dev.serai.api.Caller;
import dev.serai.api.Declined;
import dev.serai.api.Role;
import dev.serai.config.Settings;
import dev.serai.route.BesideHub;
import dev.serai.store.Database;
import dev.serai.store.Erasures;
import dev.serai.store.Erasures.Erasure;
import dev.serai.store.Identifiers;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The API in this process, on the database of the settings: beside a hub, or without any. Who may read the settings may do
 * everything, and is noted by the name of the operating system's user.
 */
final class InProcess implements HubWire {
    private final Optional<Database> database;
    private final Api api;
    private final Caller caller = new Caller(user(), Role.ADMIN);

    private InProcess(Settings settings, Optional<Database> database) {
        this.database = database;
        this.api = ApiParts.api(
                database.map(Database::dataSource).orElse(null),
                new BesideHub(settings, database),
                InstantSource.system());
    }

    static InProcess open(Settings settings) {
        return new InProcess(settings, Optional.of(Database.open(settings)));
    }

    /** For what files and settings tell. */
    static InProcess withoutDatabase(Settings settings) {
        return new InProcess(settings, Optional.empty());
    }

    static String user() {
        return System.getProperty("user.name");
    }

    @Override
    public JsonNode call(Api.Request request) {
        try {
            return api.call(request, caller).body();
        } catch (Declined e) {
            throw HubProblem.declined(e.status(), e.code(), e.getMessage());
        } catch (SQLException e) {
            throw HubProblem.away("The database can't be asked now: " + e.getMessage(), false);
        }
    }

    /** Erasures go on in a hub; there may be none. */
    @Override
    public void await() {
        Erasures erasures = ApiParts.people(database.orElseThrow().dataSource(), InstantSource.system())
                .erasures();
        try {
            for (Erasure each : erasures.list()) {
                if (each.certificate().isEmpty()
                        && erasures.goOn(each.id()).certificate().isEmpty()) {
                    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
                }
            }
        } catch (Identifiers.Behind e) {
            // it has waited for the index, and is asked again
        } catch (SQLException e) {
            throw HubProblem.away("The database can't be asked now: " + e.getMessage(), false);
        }
    }

    @Override
    public void close() {
        database.ifPresent(Database::close);
    }
}
