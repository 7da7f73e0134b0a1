package dev.holdfast.server.admin;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.ResidencyAudit;
import dev.holdfast.engine.replication.ResidencyAudit.Held;
import dev.holdfast.engine.replication.catalogue.Namespaces;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditEntry.Action;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Grant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/residency}: one look at a time at where the rows of each namespace are, in the background, and what the last one has found. */
final class ResidencyCalls {
    private final Node node;
    private final Namespaces namespaces;
    private final AuditLog audit;
    private final OneRun<ResidencyAudit, List<Held>> looks;

    ResidencyCalls(Node node, Namespaces namespaces, AuditLog audit, Time time) {
        this.node = node;
        this.namespaces = namespaces;
        this.audit = audit;
        this.looks = new OneRun<>(
                time, "residency", "the rows of namespaces could not be counted", rows -> rows.run(namespaces.ids()));
    }

    void answer(Call call, Grant grant) throws ApiError {
        switch (call.method()) {
            case "GET" -> Json.answer(call, 200, form(looks.last()));
            case "POST" -> {
                if (!looks.begin(node.requireOrigin().residency())) {
                    throw new ApiError(409, "residency-under-way", "The rows of namespaces are being counted already.");
                }
                audit.write(AuditEntry.of(call, grant, Action.RESIDENCY_COUNT, "all", "begun"));
                Json.answer(call, 202, form(looks.last()));
            }
            default -> throw ApiError.method(call, "GET, POST");
        }
    }

    private ObjectNode form(OneRun.@Nullable Run<ResidencyAudit, List<Held>> run) {
        ObjectNode form = Json.object();
        form.put("running", run != null && !run.over);
        form.put("begun_at", run == null ? null : (Long) run.begunAt);
        form.put("seen", run == null ? 0 : run.about.seen());
        List<Held> found = run == null ? null : run.found;
        if (found == null) {
            form.putNull("found");
            return form;
        }
        ArrayNode lines = form.putArray("found");
        found.forEach(held -> line(lines.addObject(), held));
        return form;
    }

    private void line(ObjectNode line, Held held) {
        NamespaceId id = held.namespace();
        Optional<Namespace> namespace = namespaces.find(id);
        line.put("namespace", id.toString())
                .put("title", namespace.map(Namespace::title).orElse(""))
                .put("jurisdiction", namespace.map(Namespace::jurisdiction).orElse(""))
                .put("here", node.residency().here(id))
                .put("provider", held.provider())
                .put("allowed", held.allowed())
                .put("keys", held.keys())
                .put("bytes", held.bytes())
                .put("unread", held.unread());
    }
}
