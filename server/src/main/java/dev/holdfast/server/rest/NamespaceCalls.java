package dev.holdfast.server.rest;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.catalogue.Namespaces;
import dev.holdfast.engine.replication.catalogue.Namespaces.Changed;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditEntry.Action;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.compat.Codes;
import dev.holdfast.server.compat.Numbers;
import dev.holdfast.server.compat.Refused;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Grant;
import dev.holdfast.server.http.Permission;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;

/** Listing, making, renaming and deleting namespaces. */
final class NamespaceCalls {
    private static final int BODY_BYTES = 64 * 1024;
    private static final int MOST_NAMESPACES = 1000;
    private static final int DEFAULT_PER_PAGE = 20;
    private static final int MOST_PER_PAGE = 1000;

    private final Namespaces namespaces;
    private final Supplier<Namespace.Policy> policy;
    private final AuditLog audit;

    NamespaceCalls(Namespaces namespaces, Supplier<Namespace.Policy> policy, AuditLog audit) {
        this.namespaces = namespaces;
        this.policy = policy;
        this.audit = audit;
    }

    /** Whether the grant reaches the namespace in any way. */
    static boolean inScope(Grant grant, NamespaceId id) {
        return Stream.of(Permission.values()).anyMatch(permission -> grant.may(permission, id));
    }

    void list(Call call, Grant grant, String account) throws Refused {
        long page = number(call, "page", 1, Numbers.MOST, 1, Codes.MALFORMED_PAGE);
        long perPage = number(call, "per_page", 1, MOST_PER_PAGE, DEFAULT_PER_PAGE, Codes.MALFORMED_PER_PAGE);
        List<Namespace> all = namespaces.list(account, false).stream()
                .filter(namespace -> inScope(grant, namespace.id()))
                .sorted(order(call))
                .toList();
        // A page is at most 2^53 and a page's size at most 1000: the product fits.
        long skipped = Math.min(all.size(), (page - 1) * perPage);
        List<Namespace> some = all.stream().skip(skipped).limit(perPage).toList();
        Envelope.result(
                call,
                json -> {
                    json.writeStartArray();
                    some.forEach(namespace -> write(json, namespace));
                    json.writeEndArray();
                },
                json -> {
                    json.writeName("result_info");
                    json.writeStartObject();
                    json.writeNumberProperty("page", page);
                    json.writeNumberProperty("per_page", perPage);
                    json.writeNumberProperty("count", some.size());
                    json.writeNumberProperty("total_count", all.size());
                    json.writeNumberProperty("total_pages", (all.size() + perPage - 1) / perPage);
                    json.writeEndObject();
                });
    }

    private static long number(Call call, String name, long least, long most, long otherwise, int code) throws Refused {
        String raw = call.query().get(name);
        if (raw == null || raw.isEmpty()) {
            return otherwise;
        }
        OptionalLong number = Numbers.STRICT.parse(raw);
        if (number.isEmpty() || number.getAsLong() < least || number.getAsLong() > most) {
            String range = most == Numbers.MOST ? "at least " + least : "from " + least + " to " + most;
            throw Refused.bad(code, "malformed " + name + " argument: it must be a number " + range);
        }
        return number.getAsLong();
    }

    private static Comparator<Namespace> order(Call call) throws Refused {
        Comparator<Namespace> byId = Comparator.comparing(Namespace::id);
        Comparator<Namespace> order = switch (given(call, "order", "id")) {
            case "id" -> byId;
            case "title" -> Comparator.comparing(Namespace::title).thenComparing(byId);
            default -> throw Refused.bad(Codes.INVALID_ORDER, "invalid order: it must be id or title");
        };
        return switch (given(call, "direction", "asc")) {
            case "asc" -> order;
            case "desc" -> order.reversed();
            default -> throw Refused.bad(Codes.INVALID_DIRECTION, "invalid direction: it must be asc or desc");
        };
    }

    private static String given(Call call, String name, String otherwise) {
        String value = call.query().get(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    void get(Call call, Namespace namespace) {
        Envelope.result(call, json -> write(json, namespace));
    }

    void create(Call call, Grant grant, String account) throws Refused, IOException {
        if (!grant.mayEverywhere(Permission.ADMIN)) {
            throw RestDoor.forbidden();
        }
        NamespaceBody body = NamespaceBody.parse(call.body(BODY_BYTES));
        if (namespaces.list(account, false).size() >= MOST_NAMESPACES) {
            throw Refused.bad(
                    Codes.TOO_MANY_NAMESPACES, "too many namespaces in this account: there can be " + MOST_NAMESPACES);
        }
        Changed changed = namespaces.create(account, body.title(), body.jurisdiction(), body.mode(), policy.get());
        answer(call, grant, Action.NAMESPACE_CREATE, body.title(), changed);
    }

    void rename(Call call, Grant grant, Namespace namespace) throws Refused, IOException {
        NamespaceBody body = NamespaceBody.parse(call.body(BODY_BYTES));
        Changed changed = namespaces.rename(namespace.id(), body.title());
        answer(call, grant, Action.NAMESPACE_RENAME, namespace.id() + " to " + body.title(), changed);
    }

    void delete(Call call, Grant grant, Namespace namespace) throws Refused {
        Changed changed = namespaces.delete(namespace.id());
        settle(call, grant, Action.NAMESPACE_DELETE, namespace.id().toString(), changed);
        Envelope.done(call);
    }

    private void answer(Call call, Grant grant, Action action, String target, Changed changed) throws Refused {
        Namespace now = settle(call, grant, action, target, changed);
        Envelope.result(call, json -> write(json, now));
    }

    private Namespace settle(Call call, Grant grant, Action action, String target, Changed changed) throws Refused {
        try {
            Namespace namespace = done(changed);
            audit.write(AuditEntry.of(call, grant, action, target, AuditEntry.DONE));
            return namespace;
        } catch (Refused refused) {
            audit.write(AuditEntry.of(call, grant, action, target, refused.text()));
            throw refused;
        }
    }

    private static Namespace done(Changed changed) throws Refused {
        return switch (changed) {
            case Changed.Done done -> done.namespace();
            case Changed.TitleTaken _ ->
                throw Refused.bad(Codes.NAMESPACE_EXISTS, "a namespace with this account ID and title already exists");
            case Changed.NoSuchNamespace _, Changed.TooLate _ ->
                throw new Refused(404, Codes.NAMESPACE_NOT_FOUND, "namespace not found");
            case Changed.Circle _ -> throw new IllegalStateException("no policy is set through this door");
            case Changed.NoPlace noPlace -> throw Refused.bad(Codes.INVALID_REQUEST, noPlace.sentence());
            case Changed.NotKept notKept ->
                throw new Refused(503, Codes.UNAVAILABLE, "service temporarily unavailable: " + notKept.sentence());
        };
    }

    private static void write(JsonGenerator json, Namespace namespace) {
        json.writeStartObject();
        json.writeStringProperty("id", namespace.id().toString());
        json.writeStringProperty("title", namespace.title());
        json.writeBooleanProperty("supports_url_encoding", true);
        if (!namespace.jurisdiction().isEmpty()) {
            json.writeStringProperty("jurisdiction", namespace.jurisdiction());
        }
        if (!namespace.mode().isEmpty()) {
            json.writeStringProperty("mode", namespace.mode());
        }
        json.writeEndObject();
    }
}
