package dev.holdfast.server.v1;

import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.catalogue.Namespaces;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.Access;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.config.NamespaceDefaults;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Door;
import dev.holdfast.server.http.Gatekeeper;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** The native door, {@code /v1}: which part of it a call is for. */
public final class NativeDoor implements Door {
    private static final String ROOT = "/v1/";

    private final ValueCalls values;
    private final KeyCalls keys;
    private final NamespaceCalls namespaces;

    /** @param account the account of namespaces made here */
    public NativeDoor(
            Store store,
            Namespaces namespaces,
            String account,
            NamespaceDefaults defaults,
            Gatekeeper gatekeeper,
            AuditLog audit,
            Time time) {
        Rooms rooms = new Rooms(namespaces, account, new Access(gatekeeper));
        this.values = new ValueCalls(store, rooms, time);
        this.keys = new KeyCalls(store, rooms, audit, time);
        this.namespaces = new NamespaceCalls(namespaces, rooms, account, defaults, audit);
    }

    @Override
    public boolean claims(Call call) {
        return call.path().startsWith(ROOT);
    }

    @Override
    public void answer(Call call) throws IOException {
        try {
            route(call);
        } catch (ApiError e) {
            e.answer(call);
        }
    }

    private void route(Call call) throws ApiError, IOException {
        String[] parts = call.path().substring(ROOT.length()).split("/", 4);
        switch (Place.of(parts)) {
            case DESCRIPTION -> Description.answer(call);
            case NAMESPACES -> namespaces.all(call);
            case NAMESPACE -> namespaces.one(call, parts[1]);
            case KEYS -> keys.answer(call, parts[1]);
            case RESTORE -> namespaces.restore(call, parts[1]);
            case VALUE -> values.answer(call, parts[1], parts[3]);
            case EXPLAIN -> values.explain(call, parts[1], parts[3]);
            case null -> throw ApiError.notFound();
        }
    }

    /** What it serves, with variable parts as {@code {name}}. */
    public static List<String> paths() {
        return Arrays.stream(Place.values()).map(Place::template).toList();
    }

    @Override
    public void refuse(Call call, int status, String sentence) {
        ApiError.outside(status, sentence).answer(call);
    }
}
