package dev.holdfast.engine.provider;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A provider that can be made to fail in every {@link FaultMode}, for drills and simulation; what each does is in docs/drills.md.
 * Without a fault it adds one volatile read to a call.
 *
 * <p>Thread-safe. A call meets the fault that is on when it begins.
 */
public final class FaultyProvider implements Provider {
    private final Provider inner;
    private final Time time;
    private volatile @Nullable Injection injection;

    public FaultyProvider(Provider inner, Time time) {
        this.inner = inner;
        this.time = time;
    }

    /** Puts a fault on, in place of the one that may be on. */
    public synchronized void inject(Fault fault) {
        replace(new Injection(fault, inner.name(), time));
    }

    /** Takes the fault off, if there is one. Calls that it holds back go on. */
    public synchronized void clear() {
        replace(null);
    }

    /** The fault that is on. */
    public Optional<Fault> current() {
        return Optional.ofNullable(injection).map(now -> now.fault);
    }

    /** How many calls the fault that is on has struck; 0 without one. */
    public long struck() {
        Injection now = injection;
        return now == null ? 0 : now.struck();
    }

    private void replace(@Nullable Injection next) {
        Injection before = injection;
        injection = next;
        if (before != null) {
            before.end();
        }
    }

    /** The fault that strikes this call, after what it does to any call; null for none. */
    private @Nullable Injection struck(Operation operation) throws ProviderFault {
        Injection now = injection;
        if (now == null || !now.strikes(operation)) {
            return null;
        }
        now.meet();
        return now;
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public FailureDomain failureDomain() {
        return inner.failureDomain();
    }

    @Override
    public boolean holdsThread() {
        return inner.holdsThread();
    }

    @Override
    public Optional<Identity> identity() throws ProviderFault {
        struck(Operation.PROBE);
        return inner.identity();
    }

    @Override
    public Vitals probe() throws ProviderFault {
        struck(Operation.PROBE);
        return inner.probe();
    }

    @Override
    public Version floor(NamespaceId namespace) throws ProviderFault {
        struck(Operation.PROBE);
        return inner.floor(namespace);
    }

    @Override
    public Identity initialise(Identity identity) throws ProviderFault {
        requireRoom(struck(Operation.PUT));
        return inner.initialise(identity);
    }

    @Override
    public void raiseFloor(NamespaceId namespace, Version floor) throws ProviderFault {
        Injection now = struck(Operation.PUT);
        requireRoom(now);
        if (!loses(now)) {
            inner.raiseFloor(namespace, floor);
        }
    }

    @Override
    public int collect(NamespaceId namespace, List<Exact> rows) throws ProviderFault {
        Injection now = struck(Operation.COLLECT);
        requireRoom(now);
        return loses(now) ? rows.size() : inner.collect(namespace, rows);
    }

    @Override
    public Put put(NamespaceId namespace, Key key, Record record, boolean vouched) throws ProviderFault {
        Injection on = injection;
        if (on != null && on.mode() == FaultMode.STALE) {
            on.past.remember(inner, namespace, key);
        }
        Injection now = struck(Operation.PUT);
        requireRoom(now);
        return loses(now) ? new Put(true, record.version()) : inner.put(namespace, key, record, vouched);
    }

    /** While a fault is on, callers come through {@link #put}, where it strikes. */
    @Override
    public boolean queue(NamespaceId namespace, Key key, Record record, boolean vouched, Reply<Put> reply) {
        return injection == null && inner.queue(namespace, key, record, vouched, reply);
    }

    @Override
    public Duration mayTake() {
        return inner.mayTake();
    }

    @Override
    public Login login() {
        return inner.login();
    }

    @Override
    public int keysACall() {
        return inner.keysACall();
    }

    @Override
    public boolean digests() {
        return inner.digests();
    }

    /** The fault strikes a call for several keys once; what alters an answer does so key by key. */
    @Override
    public Map<Key, Lookup> getAll(NamespaceId namespace, List<Key> keys) throws ProviderFault {
        Injection now = injection;
        if (now == null || !now.fault.operations().contains(Operation.GET)) {
            return inner.getAll(namespace, keys);
        }
        if (!now.mode().alters()) {
            struck(Operation.GET);
            return inner.getAll(namespace, keys);
        }
        return Provider.super.getAll(namespace, keys);
    }

    @Override
    public Map<Key, Put> putAll(NamespaceId namespace, SortedMap<Key, Record> records, boolean vouched)
            throws ProviderFault {
        Injection now = injection;
        if (now == null) {
            return inner.putAll(namespace, records, vouched);
        }
        if (now.mode() == FaultMode.STALE || now.mode() == FaultMode.ACKNOWLEDGED_THEN_LOST) {
            return Provider.super.putAll(namespace, records, vouched);
        }
        requireRoom(struck(Operation.PUT));
        return inner.putAll(namespace, records, vouched);
    }

    @Override
    public Page rows(NamespaceId namespace, List<Key> keys) throws ProviderFault {
        Injection now = injection;
        if (now == null || !now.fault.operations().contains(Operation.SCAN)) {
            return inner.rows(namespace, keys);
        }
        if (!now.mode().alters()) {
            struck(Operation.SCAN);
            return inner.rows(namespace, keys);
        }
        return Provider.super.rows(namespace, keys);
    }

    /** A place whose scans tell something else than it holds has the digest of that. */
    @Override
    public RangeDigest digest(NamespaceId namespace, @Nullable Key after, @Nullable Key upTo, int most)
            throws ProviderFault {
        Injection now = injection;
        if (now == null || !now.fault.operations().contains(Operation.SCAN)) {
            return inner.digest(namespace, after, upTo, most);
        }
        if (!now.mode().alters()) {
            struck(Operation.SCAN);
            return inner.digest(namespace, after, upTo, most);
        }
        return Provider.super.digest(namespace, after, upTo, most);
    }

    private static void requireRoom(@Nullable Injection now) throws ProviderFault {
        if (now != null && now.mode() == FaultMode.DISK_FULL) {
            throw now.drill(FaultKind.DISK_FULL, "has no room left");
        }
    }

    private static boolean loses(@Nullable Injection now) {
        return now != null && now.mode() == FaultMode.ACKNOWLEDGED_THEN_LOST;
    }

    @Override
    public Lookup get(NamespaceId namespace, Key key) throws ProviderFault {
        Injection now = struck(Operation.GET);
        return now == null ? inner.get(namespace, key) : lookup(now, namespace, key);
    }

    @Override
    public Sighting sight(NamespaceId namespace, Key key) throws ProviderFault {
        Injection now = struck(Operation.SIGHT);
        if (now == null) {
            return inner.sight(namespace, key);
        }
        return switch (now.mode()) {
            case NOT_FOUND, EMPTY, STALE, CORRUPT, TRUNCATED ->
                switch (lookup(now, namespace, key)) {
                    case Lookup.Present present ->
                        new Sighting(true, present.record().version());
                    case Lookup.Missing missing -> new Sighting(false, missing.floor());
                };
            default -> inner.sight(namespace, key);
        };
    }

    private Lookup lookup(Injection now, NamespaceId namespace, Key key) throws ProviderFault {
        return switch (now.mode()) {
            case NOT_FOUND -> new Lookup.Missing(inner.floor(namespace));
            case EMPTY -> new Lookup.Missing(Version.NONE);
            case STALE -> {
                Lookup before = now.past.of(namespace, key);
                yield before == null ? inner.get(namespace, key) : before;
            }
            case CORRUPT, TRUNCATED ->
                switch (inner.get(namespace, key)) {
                    case Lookup.Present present -> new Lookup.Present(now.damaged(namespace, key, present.record()));
                    case Lookup.Missing missing -> missing;
                };
            default -> inner.get(namespace, key);
        };
    }

    @Override
    public Page scan(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) throws ProviderFault {
        Injection now = injection;
        if (now == null || !now.fault.operations().contains(Operation.SCAN)) {
            return inner.scan(namespace, prefix, after, limit);
        }
        return switch (now.mode()) {
            case STALE, CORRUPT, TRUNCATED -> altered(now, namespace, prefix, after, limit);
            case EMPTY ->
                now.drawn() ? new Page(List.of(), true, List.of()) : inner.scan(namespace, prefix, after, limit);
            default -> {
                if (now.drawn()) {
                    now.meet();
                }
                yield inner.scan(namespace, prefix, after, limit);
            }
        };
    }

    private Page altered(Injection now, NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit)
            throws ProviderFault {
        Key from = after;
        while (true) {
            Page page = inner.scan(namespace, prefix, from, limit);
            List<Row> rows = new ArrayList<>();
            List<Key> damaged = new ArrayList<>(page.damaged());
            for (Row row : page.rows()) {
                from = row.key();
                if (!now.drawn()) {
                    rows.add(row);
                } else {
                    alter(now, namespace, row, rows, damaged);
                }
            }
            for (Key key : page.damaged()) {
                from = from == null || key.compareTo(from) > 0 ? key : from;
            }
            // A page without rows would be taken for the end, and what came after it for absent.
            if (page.end() || !rows.isEmpty() || !damaged.isEmpty()) {
                return new Page(rows, page.end(), damaged.stream().sorted().toList());
            }
        }
    }

    private void alter(Injection now, NamespaceId namespace, Row row, List<Row> rows, List<Key> damaged)
            throws ProviderFault {
        if (now.mode() == FaultMode.STALE) {
            switch (now.past.of(namespace, row.key())) {
                case null -> rows.add(row);
                case Lookup.Missing missing -> {}
                case Lookup.Present before ->
                    rows.add(new Row(row.key(), RecordFormat.headOf(namespace, row.key(), before.record())));
            }
            return;
        }
        try {
            if (inner.get(namespace, row.key()) instanceof Lookup.Present present) {
                Record read = now.damaged(namespace, row.key(), present.record());
                rows.add(new Row(row.key(), RecordFormat.headOf(namespace, row.key(), read)));
            }
        } catch (ProviderFault e) {
            if (e.kind() != FaultKind.CORRUPT) {
                throw e;
            }
            damaged.add(row.key());
        }
    }

    @Override
    public void close() {
        inner.close();
    }
}
