package dev.holdfast.server.admin;

import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditEntry.Action;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Grant;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/tls}: the certificate, and reading it again. */
final class TlsCalls {
    private final Optional<? extends Certificate> certificate;
    private final AuditLog audit;

    TlsCalls(Optional<? extends Certificate> certificate, AuditLog audit) {
        this.certificate = certificate;
        this.audit = audit;
    }

    void answer(Call call, Grant grant) throws ApiError {
        switch (call.method()) {
            case "GET" -> Json.answer(call, 200, form(presented().state()));
            case "POST" -> {
                Certificate.State now = presented().reload();
                String outcome = now.problem() == null ? AuditEntry.DONE : "refused: " + now.problem();
                audit.write(AuditEntry.of(call, grant, Action.TLS_RELOAD, now.subject(), outcome));
                if (now.problem() != null) {
                    throw new ApiError(409, "tls-refused", now.problem() + " The earlier certificate stays.");
                }
                Json.answer(call, 200, form(now));
            }
            default -> throw ApiError.method(call, "GET, POST");
        }
    }

    private Certificate presented() throws ApiError {
        return certificate.orElseThrow(() -> new ApiError(404, "no-tls", "The server has no tls.certificate."));
    }

    private static ObjectNode form(Certificate.State state) {
        return Json.object()
                .put("subject", state.subject())
                .put("expires_at", state.expiresAt())
                .put("loaded_at", state.loadedAt())
                .put("problem", state.problem());
    }
}
