package dev.holdfast.server.rest;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.catalogue.Namespaces;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.Doorway;
import dev.holdfast.server.api.NearReads;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.compat.Codes;
import dev.holdfast.server.compat.Reads;
import dev.holdfast.server.compat.Refused;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Door;
import dev.holdfast.server.http.Gatekeeper;
import dev.holdfast.server.http.Grant;
import dev.holdfast.server.http.Permission;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import tools.jackson.core.JsonGenerator;

/** Who comes in, where the path leads, and how a refusal looks. What is done there is in the classes of calls. */
public final class RestDoor implements Door {
    private final Gatekeeper gatekeeper;
    private final Namespaces namespaces;
    private final NamespaceCalls namespaceCalls;
    private final Doorway doorway;
    private final KeyCalls keyCalls;
    private final BulkCalls bulkCalls;

    /**
     * @param ttl for how long an answer is good enough without asking again
     * @param policy what a namespace made through this door gets
     */
    public RestDoor(
            Gatekeeper gatekeeper,
            Namespaces namespaces,
            Doorway doorway,
            NearReads near,
            Duration ttl,
            Supplier<Namespace.Policy> policy,
            AuditLog audit,
            Time time) {
        this.gatekeeper = gatekeeper;
        this.namespaces = namespaces;
        this.doorway = doorway;
        namespaceCalls = new NamespaceCalls(namespaces, policy, audit);
        Reads reads = new Reads(near, ttl);
        keyCalls = new KeyCalls(near.store(), reads, time);
        bulkCalls = new BulkCalls(near.store(), reads, time);
    }

    @Override
    public boolean claims(Call call) {
        String path = call.path();
        return path.startsWith(Route.ACCOUNTS, path.startsWith(Route.BASE) ? Route.BASE.length() : 0);
    }

    @Override
    public void answer(Call call) throws IOException {
        switch (gatekeeper.authenticate(call)) {
            case Gatekeeper.Pass.Denied denied -> deny(call, denied.kind());
            case Gatekeeper.Pass.Granted granted -> answer(call, granted.grant());
        }
    }

    @Override
    public boolean answerAtOnce(Call call) {
        if (!call.method().equals("GET")) {
            return false;
        }
        Route route = Route.parse(call.path());
        if (route == null
                || route.resource() != Route.Resource.VALUE
                || !(gatekeeper.authenticate(call) instanceof Gatekeeper.Pass.Granted granted)) {
            return false;
        }
        try {
            return keyCalls.get(call, open(call, route, granted.grant(), Permission.READ), route.key());
        } catch (Refused refused) {
            if (refused.cheap()) {
                Envelope.error(call, refused);
            }
            return refused.cheap();
        }
    }

    private void answer(Call call, Grant grant) throws IOException {
        try {
            Route route = Route.parse(call.path());
            if (route == null) {
                String path =
                        call.path().startsWith(Route.BASE) ? call.path().substring(Route.BASE.length()) : call.path();
                throw new Refused(
                        404,
                        Codes.NO_ROUTE,
                        "Could not route to " + path + ", perhaps your object identifier is invalid?");
            }
            dispatch(call, grant, route);
        } catch (Refused refused) {
            Envelope.error(call, refused);
        }
    }

    private void dispatch(Call call, Grant grant, Route route) throws Refused, IOException {
        switch (call.method() + " " + route.resource()) {
            case "GET NAMESPACES" -> namespaceCalls.list(call, grant, route.account());
            case "POST NAMESPACES" -> namespaceCalls.create(call, grant, route.account());
            case "GET NAMESPACE" -> namespaceCalls.get(call, visible(route, grant));
            case "PUT NAMESPACE" -> namespaceCalls.rename(call, grant, entered(route, grant, Permission.ADMIN));
            case "DELETE NAMESPACE" -> namespaceCalls.delete(call, grant, toDelete(route, grant));
            case "GET KEYS" -> keyCalls.list(call, open(call, route, grant, Permission.LIST));
            case "GET VALUE" -> keyCalls.get(call, open(call, route, grant, Permission.READ), route.key());
            case "PUT VALUE" -> keyCalls.put(call, open(call, route, grant, Permission.WRITE), route.key());
            case "DELETE VALUE" -> keyCalls.delete(call, open(call, route, grant, Permission.WRITE), route.key());
            case "GET METADATA" -> keyCalls.metadata(call, open(call, route, grant, Permission.READ), route.key());
            case "PUT BULK" -> bulkCalls.put(call, open(call, route, grant, Permission.WRITE));
            case "DELETE BULK", "POST BULK_DELETE" ->
                bulkCalls.delete(call, open(call, route, grant, Permission.WRITE));
            case "POST BULK_GET" -> bulkCalls.get(call, open(call, route, grant, Permission.READ));
            default -> {
                call.answerHeader("Allow", route.resource().methods());
                throw new Refused(
                        405,
                        Codes.AUTHENTICATION,
                        call.method() + " method not allowed for the api_token authentication scheme");
            }
        }
    }

    private Namespace visible(Route route, Grant grant) throws Refused {
        NamespaceId id = id(route);
        if (!NamespaceCalls.inScope(grant, id)) {
            throw forbidden();
        }
        return find(route, id, "get namespace: 'namespace not found'");
    }

    private Namespace entered(Route route, Grant grant, Permission permission) throws Refused {
        return find(route, permitted(route, grant, permission), "get namespace: 'namespace not found'");
    }

    /** One whose keys may be asked for now. */
    private Namespace open(Call call, Route route, Grant grant, Permission permission) throws Refused {
        Namespace namespace = entered(route, grant, permission);
        Refused.unlessOpen(doorway, call, namespace);
        return namespace;
    }

    private Namespace toDelete(Route route, Grant grant) throws Refused {
        return find(route, permitted(route, grant, Permission.ADMIN), "namespace not found");
    }

    private static NamespaceId permitted(Route route, Grant grant, Permission permission) throws Refused {
        NamespaceId id = id(route);
        if (!grant.may(permission, id)) {
            throw forbidden();
        }
        return id;
    }

    private Namespace find(Route route, NamespaceId id, String text) throws Refused {
        return namespaces
                .find(id)
                .filter(namespace -> namespace.account().equalsIgnoreCase(route.account()))
                .filter(namespace -> !id.reserved())
                .orElseThrow(() -> new Refused(404, Codes.NAMESPACE_NOT_FOUND, text));
    }

    /** A UUID, with or without its dashes. */
    private static NamespaceId id(Route route) throws Refused {
        String sent = route.namespace();
        String digits = sent.length() == 36 ? sent.replace("-", "") : sent;
        String fault = "incorrect UUID length: " + sent;
        if (digits.length() == 2 * NamespaceId.BYTES) {
            try {
                return NamespaceId.parse(digits.toLowerCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                fault = "incorrect UUID format: " + sent;
            }
        }
        throw Refused.bad(
                Codes.MALFORMED_NAMESPACE_ID,
                "could not parse UUID from request's namespace_id: 'uuid: " + fault + "'");
    }

    static Refused forbidden() {
        return new Refused(403, Codes.AUTHENTICATION, "Authentication error");
    }

    private static void deny(Call call, Gatekeeper.Kind kind) {
        switch (kind) {
            case MISSING ->
                Envelope.error(
                        call,
                        Refused.bad(
                                Codes.MISSING_HEADERS, "Missing X-Auth-Key, X-Auth-Email or Authorization headers"));
            case MALFORMED_AUTHORIZATION ->
                malformed(call, Codes.INVALID_AUTHORIZATION_HEADER, "Invalid format for Authorization header");
            case MALFORMED_KEY -> malformed(call, Codes.INVALID_KEY_HEADER, "Invalid format for X-Auth-Key header");
            case MALFORMED_EMAIL ->
                malformed(call, Codes.INVALID_EMAIL_HEADER, "Invalid format for X-Auth-Email header");
            case INVALID -> Envelope.error(call, new Refused(401, Codes.AUTHENTICATION, "Authentication error"));
        }
    }

    private static void malformed(Call call, int code, String text) {
        Envelope.error(
                call, Refused.bad(Codes.INVALID_HEADERS, "Invalid request headers"), JsonGenerator::writeNull, json -> {
                    json.writeName("error_chain");
                    json.writeStartArray();
                    json.writeStartObject();
                    json.writeNumberProperty("code", code);
                    json.writeStringProperty("message", text);
                    json.writeEndObject();
                    json.writeEndArray();
                });
    }

    /** What it serves, with variable parts as {@code {name}}. */
    public static List<String> paths() {
        return Arrays.stream(Route.Resource.values())
                .map(Route.Resource::template)
                .toList();
    }

    @Override
    public void refuse(Call call, int status, String sentence) {
        int code = switch (status) {
            case 413 -> Codes.PAYLOAD_TOO_LARGE;
            case 400, 408 -> Codes.INVALID_REQUEST;
            default -> Codes.UNAVAILABLE;
        };
        Envelope.error(call, new Refused(status, code, sentence));
    }
}
