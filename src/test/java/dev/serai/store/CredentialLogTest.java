package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.LogCapture;
import dev.serai.store.CredentialLog.Note;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of credentials is in the audit, and as a line in the log for those who watch over all of a company's systems. */
class CredentialLogTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final String CANARY = "canary-4711-of-a-secret";
    private static final Seal SEAL = Seal.of("11".repeat(32));
    private static final Seal NEXT = Seal.of("22".repeat(32) + "," + "11".repeat(32));

    private Database database;
    private LogCapture log;

    @BeforeEach
    void open() {
        database = TestDatabase.open();
        log = new LogCapture();
        log.everything();
    }

    @AfterEach
    void close() {
        log.close();
        database.close();
    }

    private List<String> lines() {
        return log.lines().stream()
                .filter(line -> line.startsWith("credential."))
                .toList();
    }

    private List<String> rows() {
        return TestDatabase.column(database.dataSource(), "SELECT what FROM audit ORDER BY id");
    }

    @Test
    void whatIsDoneWithCredentialsIsARowAndALineEachAndNoSecretIsInEither() throws SQLException {
        DataSource data = database.dataSource();
        new Secrets(data, SEAL).set("crm", "api-key", CANARY, NOON, "ada");
        var tokens = new Tokens(data, SEAL);
        var lease = tokens.lease("crm", 0, "one", Duration.ofMinutes(1)).orElseThrow();
        tokens.store(lease, CANARY, NOON, Optional.of(NOON), "hub one");
        tokens.consented("crm", CANARY, NOON, Optional.empty(), "ada");
        new Secrets(data, NEXT).reseal(NOON, "ada");
        new Tokens(data, NEXT).reseal(NOON, "ada");
        tokens.consents().invite("crm", "ada", NOON, NOON.plusSeconds(60));
        var started = new Consents.Started("crm", CANARY, "https://hub.example/back", "ada");
        tokens.consents().start(CANARY, CANARY, started, NOON, NOON.plusSeconds(60));
        tokens.proofs().proved("crm", new Proofs.Made(NOON, "hub one", true, "crm answered 404"));
        var apiTokens = new ApiTokens(data, () -> NOON);
        String token = apiTokens
                .create("watch", "viewer", Optional.empty(), new ByHand("ada", "a test"))
                .orElseThrow();
        apiTokens.create("watch", "viewer", Optional.empty(), new ByHand("ada", "taken"));
        apiTokens.revoke("watch", new ByHand("ada", "over"));
        apiTokens.revoke("watch", new ByHand("ada", "gone"));

        assertThat(rows())
                .containsExactly(
                        "secret set",
                        "token renewed",
                        "connected",
                        "secret encrypted anew",
                        "token encrypted anew",
                        "connect link made",
                        "connect begun",
                        "proof failed",
                        "create token watch, viewer",
                        "revoke token watch");
        assertThat(lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("credential.secret_set ")
                                .contains(
                                        "connection=\"crm\"",
                                        "who=\"ada\"",
                                        "why=\"api-key, version 1\"",
                                        "2026-11-21T12:00:00Z"),
                        line -> assertThat(line)
                                .startsWith("credential.token_renewed ")
                                .contains("who=\"hub one\""),
                        line -> assertThat(line).startsWith("credential.connected "),
                        line -> assertThat(line).startsWith("credential.secret_encrypted_anew "),
                        line -> assertThat(line).startsWith("credential.token_encrypted_anew "),
                        line -> assertThat(line).startsWith("credential.connect_link_made "),
                        line -> assertThat(line).startsWith("credential.connect_begun "),
                        line -> assertThat(line)
                                .startsWith("credential.proof_failed ")
                                .contains("crm answered 404"),
                        line -> assertThat(line)
                                .startsWith("credential.api_token_created ")
                                .contains("api_token=\"watch\"", "why=\"a test\""),
                        line -> assertThat(line)
                                .startsWith("credential.api_token_revoked ")
                                .contains("why=\"over\""));
        assertThat(log.lines()).noneMatch(line -> line.contains(CANARY) || line.contains(token));
    }

    @Test
    void eachKindOfEventHasItsRowAndItsLine() throws SQLException {
        List<CredentialEvent> ofConnections = Stream.of(CredentialEvent.values())
                .filter(event -> !event.line().contains("api_token"))
                .toList();
        for (CredentialEvent event : ofConnections) {
            new CredentialLog(database.dataSource()).note("crm", NOON, "ada", event, "why not");
        }

        assertThat(rows())
                .containsExactlyElementsOf(ofConnections.stream()
                        .map(event -> event.what() + (event == CredentialEvent.RESUMED ? " crm" : ""))
                        .toList());
        assertThat(lines())
                .extracting(line -> line.substring(0, line.indexOf(' ')))
                .containsExactlyElementsOf(
                        ofConnections.stream().map(CredentialEvent::line).toList());
    }

    @Test
    void aLineIsWrittenOnceItsRowIsCommittedAndNotWhenThatIsUndone() throws SQLException {
        var note = new Note("crm", NOON, "ada", CredentialEvent.REFUSED, "it said no");
        assertThatThrownBy(() -> Sql.transaction(database.dataSource(), connection -> {
                    CredentialLog.note(connection, note);
                    throw new SQLException("the database is away");
                }))
                .hasMessage("the database is away");
        assertThat(rows()).isEmpty();
        assertThat(lines()).isEmpty();

        Sql.transaction(database.dataSource(), connection -> {
            CredentialLog.note(connection, note);
            return Sql.transaction(database.dataSource(), another -> {
                assertThat(lines()).as("nothing is there yet").isEmpty();
                return null;
            });
        });
        assertThat(lines()).singleElement().asString().startsWith("credential.refused ");
    }

    @Test
    void thePageNamesEachLine() throws IOException {
        String page = Files.readString(Path.of("docs/security.md"));
        for (CredentialEvent event : CredentialEvent.values()) {
            assertThat(page).contains("| `" + event.line() + "` | " + event.meaning() + " |");
        }
    }
}
