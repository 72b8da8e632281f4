package dev.serai.api;

import java.util.HashMap;
import java.util.Map;

/** Who may do what, written down by hand: an operation that asks for another role makes a test fail, in whichever direction. */
final class RoleMatrix {
    private static final Map<Role, String> ALLOWED = Map.of(
            Role.VIEWER, """
                    show_overview list_audit list_flows show_flow list_events show_event show_receipt show_event_payload
                    list_sources list_runs show_run list_steps list_attempts show_run_payload list_dead_letters list_doubts
                    show_doubt list_alerts show_alert show_digest show_runbook search show_systems list_mappings list_connections
                    list_troubled_connections show_connection show_connection_history list_quotas list_breakers
                    list_polls forecast list_streams show_stream list_drift show_drift""",
            Role.OPERATOR, """
                    list_settings switch_flow share_flow resume_runs repair_system discard_runs preview_run settle_run cancel_runs
                    replay_events show_capsule show_mapping_test acknowledge_alert silence_alert explain_field
                    check_certificate try_mapping resume_connection reconnect_connection check_connection try_breaker
                    close_breaker set_stream accept_drift""",
            Role.ADMIN, """
                    export_person erase_person list_erasures show_erasure list_tokens create_token revoke_token""");

    private RoleMatrix() {}

    /** The lowest role of each operation, by its id. */
    static Map<String, Role> roles() {
        var roles = new HashMap<String, Role>();
        ALLOWED.forEach((role, ids) -> {
            for (String id : ids.split("\\s+")) {
                roles.put(id, role);
            }
        });
        return roles;
    }
}
