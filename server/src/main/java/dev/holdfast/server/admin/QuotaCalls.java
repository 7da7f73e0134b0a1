package dev.holdfast.server.admin;

import dev.holdfast.engine.admission.AccountQuotas;
import dev.holdfast.engine.admission.Quotas;
import dev.holdfast.engine.admission.Quotas.Use;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Quota;
import dev.holdfast.engine.replication.catalogue.Catalogue.NotKept;
import dev.holdfast.engine.replication.catalogue.Namespaces;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Fields;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.api.QuotaFields;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditEntry.Action;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.http.BodyFault;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Grant;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/quotas}: use against quotas at this node, and the quota of the account. Those of namespaces are set with the namespace. */
final class QuotaCalls {
    private static final int BODY_BYTES = 16 * 1024;

    private final Quotas quotas;
    private final AccountQuotas accounts;
    private final Namespaces namespaces;
    private final String account;
    private final AuditLog audit;

    QuotaCalls(Quotas quotas, AccountQuotas accounts, Namespaces namespaces, String account, AuditLog audit) {
        this.quotas = quotas;
        this.accounts = accounts;
        this.namespaces = namespaces;
        this.account = account;
        this.audit = audit;
    }

    void answer(Call call, Grant grant) throws ApiError, BodyFault {
        switch (call.method()) {
            case "GET" -> list(call);
            case "PUT" -> set(call, grant);
            default -> throw ApiError.method(call, "GET, PUT");
        }
    }

    private void list(Call call) {
        ObjectNode body = Json.object();
        body.set("account", use(Json.object().put("account", account), quotas.useOf(account)));
        ArrayNode list = body.putArray("namespaces");
        for (Namespace namespace : namespaces.list(account, false)) {
            ObjectNode line =
                    Json.object().put("namespace", namespace.id().toString()).put("title", namespace.title());
            list.add(use(line, quotas.use(namespace)));
        }
        Json.answer(call, 200, body);
    }

    private static ObjectNode use(ObjectNode line, Use use) {
        QuotaFields.write(line, use.quota())
                .put("node_requests", use.perSecond())
                .put("let", use.let())
                .put("refused", use.refused());
        if (use.stored().known()) {
            line.put("keys", use.stored().keys()).put("bytes", use.stored().bytes());
        }
        return line;
    }

    private void set(Call call, Grant grant) throws ApiError, BodyFault {
        Fields fields = Fields.of(call.body(BODY_BYTES));
        Quota quota = QuotaFields.read(fields, accounts.all().getOrDefault(account, Quota.NONE));
        fields.noOthers();
        try {
            accounts.set(account, quota);
        } catch (NotKept e) {
            audit.write(
                    AuditEntry.of(call, grant, Action.QUOTA_SET, account + " " + quota, "not kept: " + e.getMessage()));
            throw new ApiError(503, "not-kept", String.valueOf(e.getMessage()));
        }
        audit.write(AuditEntry.of(call, grant, Action.QUOTA_SET, account + " " + quota, AuditEntry.DONE));
        Json.answer(call, 200, QuotaFields.write(Json.object().put("account", account), quota));
    }
}
