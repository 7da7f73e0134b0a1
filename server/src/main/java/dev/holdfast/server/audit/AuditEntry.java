package dev.holdfast.server.audit;

import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Grant;
import java.util.Locale;

/**
 * One operation that people may ask about later.
 *
 * @param request id of the request, as in the answer and the server's log; empty for what no request asked for
 * @param token id of the token that asked; empty likewise
 * @param target what it was done to; never a secret
 * @param outcome {@code done}, or why not
 */
public record AuditEntry(String request, String token, Action action, String target, String outcome) {

    public static final String DONE = "done";

    /** What is audited. */
    public enum Action {
        TOKEN_CREATE,
        TOKEN_REVOKE,
        TOKEN_RESET,
        NAMESPACE_CREATE,
        NAMESPACE_RENAME,
        NAMESPACE_POLICY,
        NAMESPACE_DELETE,
        NAMESPACE_RESTORE,
        KEYS_DELETE_BY_PREFIX,
        KEYS_EXPORT,
        KEYS_IMPORT,
        FAULT_SET,
        FAULT_CLEAR,
        COMPARE,
        SCRUB,
        PROVIDER_PLACE,
        HOMES_COUNT,
        RESIDENCY_COUNT,
        NODE_REMOVE,
        TLS_RELOAD,
        GATE_SET,
        RAMP_START,
        RAMP_PAUSE,
        RAMP_RESUME,
        RAMP_SKIP,
        RAMP_OVERRIDE,
        RAMP_ABORT,
        RAMP_STEP,
        QUOTA_SET,
        ENCRYPTION_CHANGE,
        INCIDENT_NOTE,
        WEBHOOK_TEST;

        /** As people write it: {@code gate.set}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replaceFirst("_", ".").replace('_', '-');
        }
    }

    public static AuditEntry of(Call call, Grant grant, Action action, String target, String outcome) {
        return new AuditEntry(call.id(), grant.tokenId(), action, target, outcome);
    }
}
