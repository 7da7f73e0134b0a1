package dev.holdfast.server.binding;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.catalogue.Namespaces;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.Doorway;
import dev.holdfast.server.api.NearReads;
import dev.holdfast.server.compat.Codes;
import dev.holdfast.server.compat.Refused;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Door;
import dev.holdfast.server.http.Gatekeeper;
import dev.holdfast.server.http.Grant;
import dev.holdfast.server.http.Permission;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the namespace and the operation, and puts every refusal into the status line, where Workers read it.
 *
 * <p>A namespace that does not exist is 400, not 404: workerd turns a 404 into {@code null}, and a slip in a configuration would
 * look like an empty store.
 */
public final class BindingDoor implements Door {
    private final Gatekeeper gatekeeper;
    private final Namespaces namespaces;
    private final Doorway doorway;
    private final String account;
    private final BindingCalls calls;

    /**
     * @param account whose titles the namespace header may use
     * @param ttl for how long an answer is good enough for whoever does not say
     */
    public BindingDoor(
            Gatekeeper gatekeeper,
            Namespaces namespaces,
            Doorway doorway,
            String account,
            NearReads near,
            Duration ttl,
            Time time) {
        this.gatekeeper = gatekeeper;
        this.namespaces = namespaces;
        this.doorway = doorway;
        this.account = account;
        this.calls = new BindingCalls(near, ttl, time);
    }

    @Override
    public boolean claims(Call call) {
        return Room.of(call) != null;
    }

    @Override
    public void answer(Call call) throws IOException {
        Room room = Room.of(call);
        if (room == null) {
            throw new IllegalStateException("the call is not this door's");
        }
        answer(call, room, gatekeeper.authenticate(call));
    }

    void answer(Call call, Room room, Gatekeeper.Pass pass) throws IOException {
        try {
            dispatch(call, room, grant(pass));
        } catch (Refused refused) {
            answered(call, refused);
        }
    }

    @Override
    public boolean answerAtOnce(Call call) {
        Room room = Room.of(call);
        if (room == null || !call.method().equals("GET") || room.path().length() < 2) {
            return false;
        }
        try {
            return calls.get(
                    call,
                    enter(call, room, grant(gatekeeper.authenticate(call)), Permission.READ),
                    room.path().substring(1));
        } catch (Refused refused) {
            return refused.cheap() && answered(call, refused);
        }
    }

    private boolean answered(Call call, Refused refused) {
        refused.retryAfter(call);
        refuse(call, refused.status(), refused.text());
        return true;
    }

    private static Grant grant(Gatekeeper.Pass pass) throws Refused {
        return switch (pass) {
            case Gatekeeper.Pass.Granted granted -> granted.grant();
            case Gatekeeper.Pass.Denied denied ->
                throw new Refused(
                        401,
                        Codes.AUTHENTICATION,
                        switch (denied.kind()) {
                            case MISSING -> "Missing X-Auth-Key, X-Auth-Email or Authorization headers";
                            case MALFORMED_AUTHORIZATION -> "Invalid format for Authorization header";
                            case MALFORMED_EMAIL -> "Invalid format for X-Auth-Email header";
                            case MALFORMED_KEY -> "Invalid format for X-Auth-Key header";
                            case INVALID -> "Authentication error";
                        });
        };
    }

    private void dispatch(Call call, Room room, Grant grant) throws Refused, IOException {
        String path = room.path();
        switch (call.method()) {
            case "GET" -> {
                if (path.equals("/")) {
                    calls.list(call, enter(call, room, grant, Permission.LIST));
                } else {
                    calls.get(call, enter(call, room, grant, Permission.READ), path.substring(1));
                }
            }
            case "PUT" -> calls.put(call, enter(call, room, grant, Permission.WRITE), path.substring(1));
            case "DELETE" -> calls.delete(call, enter(call, room, grant, Permission.WRITE), path.substring(1));
            case "POST" -> {
                if (path.equals("/bulk/get")) {
                    calls.bulkGet(call, enter(call, room, grant, Permission.READ));
                } else {
                    call.respond(404);
                }
            }
            default -> {
                call.answerHeader("Allow", "GET, PUT, DELETE, POST");
                call.respond(405);
            }
        }
    }

    private Namespace enter(Call call, Room room, Grant grant, Permission permission) throws Refused {
        Optional<Namespace> found = find(room);
        if (found.isEmpty() && grant.mayEverywhere(permission)) {
            throw Refused.bad(Codes.NAMESPACE_NOT_FOUND, "Namespace \"" + room.name() + "\" not found");
        }
        // Who may not look everywhere does not learn which namespaces there are.
        Namespace namespace = found.filter(there -> grant.may(permission, there.id()))
                .orElseThrow(() -> new Refused(403, Codes.AUTHENTICATION, "Authentication error"));
        Refused.unlessOpen(doorway, call, namespace);
        return namespace;
    }

    private Optional<Namespace> find(Room room) {
        if (room.named()) {
            NamespaceId id = NamespaceId.parse(room.name().toLowerCase(Locale.ROOT));
            Optional<Namespace> byId = id.reserved() ? Optional.empty() : namespaces.find(id);
            if (byId.isPresent()) {
                return byId;
            }
        }
        return room.titleAllowed() ? namespaces.titled(account, room.name()) : Optional.empty();
    }

    @Override
    public void refuse(Call call, int status, String sentence) {
        call.respond(status, sentence, "text/plain;charset=UTF-8", sentence.getBytes(StandardCharsets.UTF_8));
    }
}
