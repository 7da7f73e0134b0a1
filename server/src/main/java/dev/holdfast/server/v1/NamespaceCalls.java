package dev.holdfast.server.v1;

import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Namespace.Policy;
import dev.holdfast.engine.kv.Namespace.WhenShort;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.OnOutage;
import dev.holdfast.engine.replication.catalogue.Namespaces;
import dev.holdfast.engine.replication.catalogue.Namespaces.Changed;
import dev.holdfast.server.api.Access;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Fields;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.api.QuotaFields;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditEntry.Action;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.config.NamespaceDefaults;
import dev.holdfast.server.http.BodyFault;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Grant;
import dev.holdfast.server.http.Permission;
import dev.holdfast.server.v1.Rooms.Entered;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/namespaces}: making, describing, changing, deleting and restoring. */
final class NamespaceCalls {
    private static final int BODY_BYTES = 64 * 1024;
    private static final int MOST_DURABILITY = 16;
    private static final int MOST_NEEDS = 64;
    private static final List<String> JURISDICTIONS = List.of("us", "eu", "fedramp");

    private final Namespaces namespaces;
    private final Rooms rooms;
    private final String account;
    private final NamespaceDefaults defaults;
    private final AuditLog audit;

    NamespaceCalls(Namespaces namespaces, Rooms rooms, String account, NamespaceDefaults defaults, AuditLog audit) {
        this.namespaces = namespaces;
        this.rooms = rooms;
        this.account = account;
        this.defaults = defaults;
        this.audit = audit;
    }

    void all(Call call) throws ApiError, BodyFault {
        switch (call.method()) {
            case "GET" -> list(call);
            case "POST" -> create(call);
            default -> throw ApiError.method(call, "GET, POST");
        }
    }

    void one(Call call, String named) throws ApiError, BodyFault {
        switch (call.method()) {
            case "GET" -> describe(call, named);
            case "PATCH" -> change(call, named);
            case "DELETE" -> delete(call, named);
            default -> throw ApiError.method(call, "GET, PATCH, DELETE");
        }
    }

    private void list(Call call) throws ApiError {
        Grant grant = rooms.grant(call);
        boolean deleted = "true".equals(call.query().get("deleted"));
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("namespaces");
        for (Namespace namespace : namespaces.list(account, deleted)) {
            if (mayAnything(grant, namespace)) {
                list.add(form(namespace));
            }
        }
        Json.answer(call, 200, body);
    }

    private void describe(Call call, String named) throws ApiError {
        Entered room = rooms.enter(call, named, Permission.values());
        Json.answer(call, 200, form(room.namespace()));
    }

    private static boolean mayAnything(Grant grant, Namespace namespace) {
        return Arrays.stream(Permission.values()).anyMatch(permission -> grant.may(permission, namespace.id()));
    }

    private void create(Call call) throws ApiError, BodyFault {
        Grant grant = rooms.grant(call);
        Access.requireEverywhere(grant, Permission.ADMIN);
        Fields fields = Fields.of(call.body(BODY_BYTES));
        String title = title(fields.text("title"));
        String jurisdiction = fields.textOrNull("jurisdiction");
        if (jurisdiction != null && !JURISDICTIONS.contains(jurisdiction)) {
            throw Fields.bad("jurisdiction", "must be " + String.join(", ", JURISDICTIONS));
        }
        String mode = fields.textOrNull("mode");
        if (mode != null && !mode.equals("instant")) {
            throw Fields.bad("mode", "must be instant");
        }
        Policy policy = policy(fields, defaults.policy());
        fields.noOthers();
        Changed changed = namespaces.create(
                account, title, jurisdiction == null ? "" : jurisdiction, mode == null ? "" : mode, policy);
        answer(call, grant, Action.NAMESPACE_CREATE, title, changed);
    }

    private void change(Call call, String named) throws ApiError, BodyFault {
        Entered room = rooms.enter(call, named, Permission.ADMIN);
        Namespace namespace = room.namespace();
        Fields fields = Fields.of(call.body(BODY_BYTES));
        String title = fields.textOrNull("title");
        Policy policy = policy(fields, namespace.policy());
        fields.noOthers();
        if (!policy.quota().equals(namespace.policy().quota())) {
            // It is a bound on whoever has the namespace, and not theirs to move.
            Access.requireEverywhere(room.grant(), Permission.ADMIN);
        }
        Changed changed = new Changed.Done(namespace);
        if (title != null && !title.equals(namespace.title())) {
            changed = namespaces.rename(namespace.id(), title(title));
            note(call, room.grant(), Action.NAMESPACE_RENAME, namespace.id() + " to " + title, changed);
        }
        if (changed instanceof Changed.Done && !policy.equals(namespace.policy())) {
            changed = namespaces.setPolicy(namespace.id(), policy);
            note(call, room.grant(), Action.NAMESPACE_POLICY, namespace.id() + " " + policy, changed);
        }
        Json.answer(call, 200, form(done(changed)));
    }

    private void delete(Call call, String named) throws ApiError {
        Entered room = rooms.enter(call, named, Permission.ADMIN);
        answer(
                call,
                room.grant(),
                Action.NAMESPACE_DELETE,
                room.namespace().id() + " " + room.namespace().title(),
                namespaces.delete(room.namespace().id()));
    }

    void restore(Call call, String named) throws ApiError {
        if (!call.method().equals("POST")) {
            throw ApiError.method(call, "POST");
        }
        Entered room = rooms.enterDeleted(call, named);
        answer(
                call,
                room.grant(),
                Action.NAMESPACE_RESTORE,
                room.namespace().id() + " " + room.namespace().title(),
                namespaces.restore(room.namespace().id()));
    }

    private void answer(Call call, Grant grant, Action action, String target, Changed changed) throws ApiError {
        note(call, grant, action, target, changed);
        Json.answer(call, 200, form(done(changed)));
    }

    private void note(Call call, Grant grant, Action action, String target, Changed changed) {
        String outcome = switch (changed) {
            case Changed.Done done -> AuditEntry.DONE + " " + done.namespace().id();
            case Changed.TitleTaken _ -> "title taken";
            case Changed.NoSuchNamespace _ -> "no such namespace";
            case Changed.TooLate _ -> "too late";
            case Changed.Circle _ -> "needs itself";
            case Changed.NoPlace _ -> "no place";
            case Changed.NotKept notKept -> "not kept: " + notKept.sentence();
        };
        audit.write(AuditEntry.of(call, grant, action, target, outcome));
    }

    private static Namespace done(Changed changed) throws ApiError {
        return switch (changed) {
            case Changed.Done done -> done.namespace();
            case Changed.TitleTaken _ ->
                throw new ApiError(409, "title-taken", "There is a namespace with this title already.");
            case Changed.NoSuchNamespace _ ->
                throw new ApiError(404, "namespace-not-found", "There is no such namespace.");
            case Changed.TooLate _ ->
                throw new ApiError(410, "too-late", "The time in which this deletion could be undone has passed.");
            case Changed.Circle circle -> throw new ApiError(409, "needs-itself", described(circle));
            case Changed.NoPlace noPlace -> throw new ApiError(409, "no-place", noPlace.sentence());
            case Changed.NotKept notKept -> throw new ApiError(503, "not-kept", notKept.sentence());
        };
    }

    private static String described(Changed.Circle circle) {
        List<String> way = circle.way().stream().map(Namespace::title).toList();
        return "It would need itself: " + String.join(" needs ", way) + " needs " + way.getFirst() + ".";
    }

    private static String title(String title) throws ApiError {
        int length = title.codePointCount(0, title.length());
        if (title.isBlank() || length > Limits.TITLE_CHARACTERS) {
            throw Fields.bad("title", "must have 1 to " + Limits.TITLE_CHARACTERS + " characters");
        }
        return title;
    }

    private Policy policy(Fields fields, Policy otherwise) throws ApiError {
        Long durability = fields.wholeOrNull("durability", 1, MOST_DURABILITY);
        String whenShort = fields.textOrNull("when_short");
        Boolean darkWrites = fields.booleanOrNull("dark_writes");
        String onOutage = fields.textOrNull("on_outage");
        Boolean pinned = fields.booleanOrNull("pinned");
        Long tier = fields.wholeOrNull("tier", 0, Policy.LAST_TIER);
        List<String> needs = fields.textsOrNull("needs");
        return new Policy(
                durability == null ? otherwise.durability() : durability.intValue(),
                whenShort == null ? otherwise.whenShort() : whenShort(whenShort),
                darkWrites == null ? otherwise.darkWrites() : darkWrites,
                onOutage == null ? otherwise.onOutage() : onOutage(onOutage),
                pinned == null ? otherwise.pinned() : pinned,
                tier == null ? otherwise.tier() : tier.intValue(),
                needs == null ? otherwise.needs() : needed(needs),
                QuotaFields.read(fields, otherwise.quota()));
    }

    private List<NamespaceId> needed(List<String> names) throws ApiError {
        if (names.size() > MOST_NEEDS) {
            throw Fields.bad("needs", "must not name more than " + MOST_NEEDS + " namespaces");
        }
        List<NamespaceId> needed = new ArrayList<>();
        for (String name : names) {
            NamespaceId id = namespaces
                    .called(account, name)
                    .map(Namespace::id)
                    .orElseThrow(() -> Fields.bad("needs", "names \"" + name + "\", and there is no such namespace"));
            if (!needed.contains(id)) {
                needed.add(id);
            }
        }
        return needed;
    }

    private static OnOutage onOutage(String text) throws ApiError {
        try {
            return OnOutage.parse(text);
        } catch (IllegalArgumentException e) {
            throw Fields.bad("on_outage", String.valueOf(e.getMessage()));
        }
    }

    private static WhenShort whenShort(String text) throws ApiError {
        for (WhenShort choice : WhenShort.values()) {
            if (label(choice).equals(text)) {
                return choice;
            }
        }
        throw Fields.bad("when_short", "must be ack-marked or refuse");
    }

    private static String label(WhenShort choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static ObjectNode form(Namespace namespace) {
        ObjectNode form = Json.object()
                .put("id", namespace.id().toString())
                .put("title", namespace.title())
                .put("account", namespace.account());
        if (!namespace.jurisdiction().isEmpty()) {
            form.put("jurisdiction", namespace.jurisdiction());
        }
        if (!namespace.mode().isEmpty()) {
            form.put("mode", namespace.mode());
        }
        form.put("durability", namespace.policy().durability())
                .put("when_short", label(namespace.policy().whenShort()))
                .put("dark_writes", namespace.policy().darkWrites())
                .put("on_outage", namespace.policy().onOutage().toString())
                .put("pinned", namespace.policy().pinned())
                .put("tier", namespace.policy().tier());
        ArrayNode needs = form.putArray("needs");
        namespace.policy().needs().forEach(needed -> needs.add(needed.toString()));
        QuotaFields.write(form, namespace.policy().quota());
        form.put("created_at", namespace.createdAt());
        if (namespace.deleted()) {
            form.put("deleted_at", namespace.deletedAt());
        }
        return form;
    }
}
