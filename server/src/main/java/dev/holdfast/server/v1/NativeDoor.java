package dev.holdfast.server.v1;

import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.SystemRecords;
import dev.holdfast.engine.replication.catalogue.Namespaces;
import dev.holdfast.engine.replication.catalogue.ReplicatedCatalogue;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.Access;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Doorway;
import dev.holdfast.server.api.NearReads;
import dev.holdfast.server.api.Via;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.config.NamespaceDefaults;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Door;
import dev.holdfast.server.http.Gatekeeper;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The native door, {@code /v1}: which part of it a call is for. */
public final class NativeDoor implements Door {
    private static final String ROOT = "/v1/";
    private static final String NAMESPACES = ROOT + "namespaces/";
    private static final String VALUES = "/values/";

    private final Via via;
    private final ValueCalls values;
    private final KeyCalls keys;
    private final NamespaceCalls namespaces;
    private final ChangeCalls changes;
    private final CatalogueCalls catalogue;
    private final ExportCalls exports;
    private final ImportCalls imports;

    /**
     * @param behind what is behind the near answers: whoever goes through all keys must not fill memory with them
     * @param records the store's own; empty at an edge
     * @param ttl for how long an answer is good enough for whoever does not say
     * @param account the account of namespaces made here
     */
    public NativeDoor(
            NearReads near,
            Store behind,
            Optional<SystemRecords> records,
            ChangeLog log,
            ReplicatedCatalogue catalogue,
            Duration ttl,
            Namespaces namespaces,
            Doorway doorway,
            String account,
            NamespaceDefaults defaults,
            Gatekeeper gatekeeper,
            AuditLog audit,
            Time time) {
        Rooms rooms = new Rooms(namespaces, doorway, account, new Access(gatekeeper));
        this.via = new Via(log);
        this.values = new ValueCalls(near, ttl, rooms, time);
        this.keys = new KeyCalls(near.store(), rooms, audit, time);
        this.namespaces = new NamespaceCalls(namespaces, rooms, account, defaults, audit);
        this.changes = new ChangeCalls(
                log,
                rooms,
                via,
                id -> namespaces
                        .find(id)
                        .filter(of -> of.jurisdiction().isEmpty())
                        .isPresent(),
                time);
        this.catalogue = new CatalogueCalls(catalogue, rooms, account);
        this.exports = new ExportCalls(behind, rooms, audit, time);
        this.imports = new ImportCalls(
                near.store(),
                records.map(of -> new ImportCalls.Marks(new ImportMarks(of, time), new Restoring(of, time))),
                rooms,
                audit,
                time);
    }

    @Override
    public boolean claims(Call call) {
        return call.path().startsWith(ROOT);
    }

    @Override
    public void answer(Call call) throws IOException {
        try {
            via.pass(call);
            route(call);
        } catch (ApiError e) {
            e.answer(call);
        }
    }

    @Override
    public boolean answerAtOnce(Call call) {
        String path = call.path();
        int named = path.startsWith(NAMESPACES) ? path.indexOf('/', NAMESPACES.length()) : -1;
        boolean head = call.method().equals("HEAD");
        if (named < 0
                || !path.startsWith(VALUES, named)
                || (!head && !call.method().equals("GET"))) {
            return false;
        }
        try {
            via.pass(call);
            return values.get(
                    call, path.substring(NAMESPACES.length(), named), path.substring(named + VALUES.length()));
        } catch (ApiError e) {
            if (e.cheap()) {
                e.answer(call);
            }
            return e.cheap();
        }
    }

    private void route(Call call) throws ApiError, IOException {
        String[] parts = call.path().substring(ROOT.length()).split("/", 4);
        switch (Place.of(parts)) {
            case DESCRIPTION -> Description.answer(call);
            case NAMESPACES -> namespaces.all(call);
            case NAMESPACE -> namespaces.one(call, parts[1]);
            case KEYS -> keys.answer(call, parts[1]);
            case WATCH -> changes.watch(call, parts[1]);
            case FEED -> changes.feed(call);
            case CATALOGUE -> catalogue.answer(call);
            case EXPORT -> exports.answer(call, parts[1]);
            case IMPORT -> imports.answer(call, parts[1]);
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
