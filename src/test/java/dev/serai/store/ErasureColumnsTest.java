package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whoever adds a column decides whether a person may stand in it. */
class ErasureColumnsTest {
    /** Rows that go, or are emptied, as a whole. */
    private static final Map<String, List<String>> WHOLE = Map.of(
            "event", List.of("key", "record", "version", "payload"),
            "done_run", List.of("reason", "evidence"),
            "open_run", List.of("lane", "payload", "evidence"),
            "step", List.of("answer"),
            "attempt", List.of("endpoint", "reason"),
            "customers",
                    List.of(
                            "email",
                            "first_name",
                            "last_name",
                            "phone",
                            "company",
                            "country",
                            "owner_email",
                            "crm_contact_id",
                            "lifecycle_stage",
                            "plan"),
            "remote_id", List.of("key", "id"),
            "seen_key", List.of("key"),
            "erasure", List.of("subject", "why", "certificate"));

    /** Names of ours and of files, words of fixed lists, positions, numbers, hashes, what is encrypted, who works here. */
    private static final Map<String, List<String>> NOBODY = Map.ofEntries(
            Map.entry(
                    "alert",
                    List.of(
                            "name",
                            "key",
                            "rule",
                            "signal",
                            "state",
                            "severity",
                            "told_severity",
                            "told_key",
                            "acked_by")),
            Map.entry("alert_time", List.of("name", "rule", "severity")),
            Map.entry("alert_watch", List.of("claimed_by")),
            Map.entry("api_token", List.of("name", "role", "digest", "created_by")),
            Map.entry("attempt", List.of("step", "verdict")),
            Map.entry("audit", List.of("who", "connection")),
            Map.entry("breaker", List.of("connection", "operation", "state")),
            Map.entry("connection_proof", List.of("connection")),
            Map.entry("consent", List.of("hash", "connection", "cookie", "verifier", "redirect", "who")),
            Map.entry("consent_link", List.of("hash", "connection", "made_by")),
            Map.entry("console_session", List.of("digest", "token", "who", "role")),
            Map.entry("console_sign_in", List.of("digest")),
            Map.entry("cursor", List.of("connection", "stream", "value", "claimed_by")),
            Map.entry("done_run", List.of("flow")),
            Map.entry("drift", List.of("source", "type", "kind", "state")),
            Map.entry("drift_shape", List.of("source", "type")),
            Map.entry("drift_watch", List.of("claimed_by")),
            Map.entry("erasure", List.of("asked_by", "counts")),
            Map.entry("event", List.of("source", "type", "content_type")),
            Map.entry("event_key", List.of("digest")),
            Map.entry("flow_switch", List.of("flow", "state", "who")),
            Map.entry("identifier_watch", List.of("key")),
            Map.entry("open_run", List.of("flow", "state", "claimed_by", "step", "owner", "waits_for")),
            Map.entry("parked_connection", List.of("connection", "state", "salt", "refused")),
            Map.entry("poll", List.of("connection", "flow", "operation")),
            Map.entry("used_credential", List.of("connection", "salt", "fingerprint")),
            Map.entry("quota", List.of("connection", "operation", "state")),
            Map.entry("record_version", List.of("digest")),
            Map.entry("remote_id", List.of("connection", "object", "holder", "account")),
            Map.entry("secret", List.of("connection", "name", "value", "kid", "changed_by")),
            Map.entry("seen_key", List.of("owner")),
            Map.entry(
                    "step",
                    List.of("step", "state", "connection", "operation", "write_class", "idempotency_key", "mapped")),
            Map.entry("tally", List.of("span", "kind", "name", "part", "outcome")),
            Map.entry("token", List.of("connection", "value", "kid", "lease_by")));

    @Test
    void ofEachColumnThatHoldsTextItIsDecidedWhetherAPersonMayStandInIt() {
        try (var store = TestStore.fresh()) {
            List<String> all = store.column("""
                    SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                       AND c.relname <> 'flyway_schema_history' AND a.attnum > 0 AND NOT a.attisdropped
                       AND a.atttypid IN ('text'::regtype, 'text[]'::regtype, 'jsonb'::regtype, 'json'::regtype,
                                          'varchar'::regtype, 'bytea'::regtype)""");
            var decided = new ArrayList<String>();
            for (var columns :
                    List.of(ErasureSweep.SENTENCES, ErasureSweep.DOCUMENTS, ErasureSweep.KEYS, WHOLE, NOBODY)) {
                columns.forEach((table, names) -> names.forEach(name -> decided.add(table + "." + name)));
            }

            assertThat(decided).as("each is on one list").doesNotHaveDuplicates();
            Set<String> here = new TreeSet<>(all);
            assertThat(new TreeSet<>(decided))
                    .as("the lists of ErasureSweep and of this test, against the tables")
                    .isEqualTo(here);
        }
    }
}
