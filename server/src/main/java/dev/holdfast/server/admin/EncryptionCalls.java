package dev.holdfast.server.admin;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.Seals.KeyMissing;
import dev.holdfast.engine.replication.catalogue.Catalogue.NotKept;
import dev.holdfast.engine.replication.catalogue.Namespaces;
import dev.holdfast.engine.replication.sealing.NamespaceSeals;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Fields;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditEntry.Action;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.http.BodyFault;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Grant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/encryption}: which namespaces are sealed and under which keys, sealing them, and giving them other keys. */
final class EncryptionCalls {
    private static final int BODY_BYTES = 4096;

    private final Node node;
    private final NamespaceSeals seals;
    private final Namespaces namespaces;
    private final AuditLog audit;
    private final SealingRuns runs;

    EncryptionCalls(Node node, Namespaces namespaces, AuditLog audit, Time time) {
        this.node = node;
        this.seals = node.seals();
        this.namespaces = namespaces;
        this.audit = audit;
        this.runs = new SealingRuns(time);
    }

    void all(Call call) throws ApiError {
        StatusCalls.requireGet(call);
        ObjectNode body = Json.object();
        ArrayNode keys = body.putArray("keys");
        seals.masters()
                .ids()
                .forEach((name, id) -> keys.addObject().put("name", name).put("id", id));
        ArrayNode list = body.putArray("namespaces");
        for (Namespace namespace : namespaces.list(node.account(), false)) {
            if (seals.sealing(namespace.id())) {
                list.add(form(namespace));
            }
        }
        Json.answer(call, 200, body);
    }

    void one(Call call, Grant grant, String named) throws ApiError, BodyFault {
        Namespace namespace = namespaces
                .called(node.account(), named)
                .orElseThrow(
                        () -> new ApiError(404, "namespace-not-found", "There is no namespace \"" + named + "\"."));
        switch (call.method()) {
            case "GET" -> Json.answer(call, 200, form(namespace));
            case "POST" -> {
                Fields fields = Fields.of(call.body(BODY_BYTES));
                String action = fields.text("action");
                String key = fields.textOrNull("key");
                fields.noOthers();
                act(call, grant, namespace, action, key);
            }
            default -> throw ApiError.method(call, "GET, POST");
        }
    }

    private void act(Call call, Grant grant, Namespace namespace, String action, @Nullable String key) throws ApiError {
        ReplicatedStore store = node.requireOrigin();
        try {
            switch (action) {
                case "seal" -> {
                    seal(namespace, key);
                    seals.spread(namespace.id());
                    run(store, namespace, true);
                }
                case "look" -> run(store, namespace, false);
                case "rotate" -> seals.begin(namespace.id(), key == null ? master(namespace) : key);
                case "rewrap" -> rewrap(namespace, key);
                default ->
                    throw ApiError.badRequest(
                            "bad-action", "An action is seal, look, rotate or rewrap, not \"" + action + "\".");
            }
        } catch (KeyMissing missing) {
            note(call, grant, namespace, action, key, "key missing");
            throw new ApiError(409, "key-missing", String.valueOf(missing.getMessage()));
        } catch (NotKept notKept) {
            note(call, grant, namespace, action, key, "not kept");
            throw new ApiError(503, "not-kept", String.valueOf(notKept.getMessage()));
        }
        note(call, grant, namespace, action, key, AuditEntry.DONE);
        Json.answer(call, 202, form(namespace));
    }

    private void seal(Namespace namespace, @Nullable String key) throws ApiError, KeyMissing, NotKept {
        if (!seals.sealing(namespace.id())) {
            if (key == null) {
                throw Fields.bad("key", "must name the master key under which the namespace is to be sealed");
            }
            seals.begin(namespace.id(), key);
        } else if (key != null && !key.equals(master(namespace))) {
            throw new ApiError(
                    409,
                    "sealed-already",
                    "The namespace is sealed under master key " + master(namespace)
                            + "; rewrap has its data keys wrapped under another one.");
        }
    }

    private void rewrap(Namespace namespace, @Nullable String key) throws ApiError, KeyMissing, NotKept {
        if (key == null) {
            throw Fields.bad("key", "must name the master key that is to wrap the data keys");
        }
        master(namespace);
        seals.rewrap(namespace.id(), key);
    }

    /** Name of the one that wraps the key in use. */
    private String master(Namespace namespace) throws ApiError {
        return seals.view(namespace.id()).stream()
                .flatMap(view -> view.keys().stream()
                        .filter(one -> one.id().equals(view.current()))
                        .map(NamespaceSeals.KeyView::master))
                .findFirst()
                .orElseThrow(() -> new ApiError(409, "not-sealed", "The namespace is not sealed; seal it first."));
    }

    private void run(ReplicatedStore store, Namespace namespace, boolean sealing) throws ApiError {
        if (!runs.begin(namespace.id(), new SealingRuns.Rows(store.sealing(namespace.id(), sealing), sealing))) {
            throw new ApiError(409, "sealing-under-way", "The rows of this namespace are being looked at already.");
        }
    }

    private void note(Call call, Grant grant, Namespace namespace, String action, @Nullable String key, String came) {
        String target = namespace.id() + " " + action + (key == null ? "" : " " + key);
        audit.write(AuditEntry.of(call, grant, Action.ENCRYPTION_CHANGE, target, came));
    }

    private ObjectNode form(Namespace namespace) {
        ObjectNode form =
                Json.object().put("namespace", namespace.id().toString()).put("title", namespace.title());
        Optional<NamespaceSeals.View> view = seals.view(namespace.id());
        form.put("sealed", view.isPresent());
        form.put("data_key", view.map(NamespaceSeals.View::current).orElse(null));
        ArrayNode keys = form.putArray("keys");
        view.ifPresent(of -> of.keys()
                .forEach(key -> keys.addObject()
                        .put("id", key.id())
                        .put("generation", key.generation())
                        .put("master", key.master())
                        .put("master_id", key.masterId())
                        .put("made_at", key.madeAt())
                        .put("missing", key.missing())));
        form.set("run", run(runs.last(namespace.id())));
        return form;
    }

    private static @Nullable ObjectNode run(OneRun.@Nullable Run<SealingRuns.Rows, String> run) {
        if (run == null) {
            return null;
        }
        ObjectNode form = Json.object()
                .put("running", !run.over)
                .put("seals", run.about.seals())
                .put("begun_at", run.begunAt)
                .put("unaware", run.about.rows().unaware())
                .put("failed", SealingRuns.failed(run));
        ArrayNode places = form.putArray("providers");
        run.about
                .rows()
                .places()
                .forEach(place -> places.addObject()
                        .put("provider", place.provider())
                        .put("sealed", place.sealed())
                        .put("clear", place.clear())
                        .put("bytes", place.bytes())
                        .put("unread", place.unread()));
        return form;
    }
}
