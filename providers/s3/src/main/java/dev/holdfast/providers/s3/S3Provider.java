package dev.holdfast.providers.s3;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.Login;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Put;
import dev.holdfast.engine.provider.Sighting;
import dev.holdfast.engine.provider.Vitals;
import dev.holdfast.engine.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A provider in a bucket of an S3-compatible store, which any number of nodes may use. How records lie there:
 * docs/on-provider-format.md; what each call costs and why: docs/adr/0028.
 *
 * <p>Requests run on the calling thread, which lets go when it is interrupted, if it is a virtual one. Thread-safe.
 */
public final class S3Provider implements Provider {
    private static final Duration MAY_TAKE = Duration.ofMillis(250);

    private final String name;
    private final FailureDomain domain;
    private final Time time;
    private final String prefix;
    private final Keyring keys;
    private final Parts parts;
    private final Writer writer;
    private final Marker marker;
    private final ReentrantLock attaching = new ReentrantLock();
    private volatile @Nullable Place place;

    /** What works on one bucket. */
    record Parts(Bucket bucket, Reader reader, Sweeper sweeper, Crew crew) {}

    private S3Provider(String name, S3Settings settings, FailureDomain domain, Time time) {
        this.name = name;
        this.domain = domain;
        this.time = time;
        this.prefix = settings.prefix().isEmpty() ? "" : settings.prefix() + "/";
        this.keys = new Keyring(name, settings.credentials());
        Bucket bucket = new Bucket(settings, keys);
        Crew crew = new Crew(time);
        Sweeper sweeper = new Sweeper(bucket, crew, time, settings.grace().toNanos());
        this.parts = new Parts(bucket, new Reader(bucket), sweeper, crew);
        this.writer = new Writer(bucket, parts.reader, sweeper, crew, time);
        this.marker = new Marker(bucket, prefix);
    }

    /** Opens without asking the store anything; whether it is there, and holds a place, is what the provider's answers say. */
    public static S3Provider open(String name, S3Settings settings, FailureDomain domain, Time time) {
        return new S3Provider(name, settings, domain, time);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Duration mayTake() {
        return MAY_TAKE;
    }

    @Override
    public FailureDomain failureDomain() {
        return domain;
    }

    /** The access key that was not refused last. */
    @Override
    public Login login() {
        return keys.login();
    }

    @Override
    public Optional<Identity> identity() throws ProviderFault {
        Optional<Identity> there;
        try {
            there = marker.read();
        } catch (ProviderFault e) {
            if (e.kind() == FaultKind.ROLLED_BACK) {
                return Optional.empty();
            }
            throw e;
        }
        if (there.isPresent()) {
            attach(there.get());
        }
        return there;
    }

    private Place attach(Identity identity) {
        attaching.lock();
        try {
            Place now = place;
            if (now == null || !now.identity().equals(identity)) {
                now = new Place(parts.bucket, prefix, identity, time);
                place = now;
            }
            return now;
        } finally {
            attaching.unlock();
        }
    }

    @Override
    public Identity initialise(Identity identity) throws ProviderFault {
        while (true) {
            Optional<Identity> there = marker.read();
            if (there.isPresent()) {
                attach(there.get());
                return there.get();
            }
            new Place(parts.bucket, prefix, identity, time).requireConditions();
            if (marker.make(identity)) {
                attach(identity);
                return identity;
            }
        }
    }

    private Place place() throws ProviderFault {
        Place now = place;
        if (now != null) {
            return now;
        }
        return attach(marker.read()
                .orElseThrow(() -> new ProviderFault(
                        FaultKind.ROLLED_BACK,
                        "there is no place of provider " + name + " in " + parts.bucket.place())));
    }

    @Override
    public Vitals probe() throws ProviderFault {
        Place here = place();
        here.requireThere();
        try {
            here.requireConditions();
        } catch (ProviderFault e) {
            if (e.kind() != FaultKind.DISK_FULL) {
                throw e; // a full store can still be read
            }
        }
        return new Vitals(here.identity(), here.highWater.read(), Long.MAX_VALUE);
    }

    @Override
    public Put put(NamespaceId namespace, Key key, Record record, boolean vouched) throws ProviderFault {
        return writer.put(place(), namespace, key, record, vouched);
    }

    @Override
    public Lookup get(NamespaceId namespace, Key key) throws ProviderFault {
        Place here = place();
        for (int attempt = 0; attempt < Writer.ATTEMPTS; attempt++) {
            // Before the listing: a floor that is raised after it says nothing about what was listed.
            Version floor = here.floors.known(namespace);
            Held held = Held.look(parts.bucket, here, namespace, key, false);
            if (held.nothing()) {
                here.requireThere();
                return new Lookup.Missing(floor);
            }
            switch (parts.reader.read(namespace, key, held.newest())) {
                case Reader.Found.Gone gone -> {}
                case Reader.Found.Damage damage -> throw damaged(damage);
                case Reader.Found.Whole(Record record) -> {
                    parts.sweeper.later(held.olderObjects());
                    return new Lookup.Present(record);
                }
            }
        }
        throw Writer.restless();
    }

    @Override
    public Sighting sight(NamespaceId namespace, Key key) throws ProviderFault {
        Place here = place();
        for (int attempt = 0; attempt < Writer.ATTEMPTS; attempt++) {
            Version floor = here.floors.known(namespace);
            Held held = Held.look(parts.bucket, here, namespace, key, false);
            if (held.nothing()) {
                here.requireThere();
                return new Sighting(false, floor);
            }
            if (held.newest().stream().anyMatch(Entry::attested)) {
                return new Sighting(true, held.version());
            }
            switch (parts.reader.read(namespace, key, held.newest())) {
                case Reader.Found.Gone gone -> {}
                case Reader.Found.Damage damage -> throw damaged(damage);
                case Reader.Found.Whole whole -> {
                    return new Sighting(true, held.version());
                }
            }
        }
        throw Writer.restless();
    }

    private ProviderFault damaged(Reader.Found.Damage damage) {
        return new ProviderFault(FaultKind.CORRUPT, "provider " + name + " holds a damaged record: " + damage.what());
    }

    @Override
    public Page scan(NamespaceId namespace, byte[] scanned, @Nullable Key after, int limit) throws ProviderFault {
        return new Scan(parts, place(), namespace, scanned, after, limit).page();
    }

    @Override
    public Map<Key, Lookup> getAll(NamespaceId namespace, List<Key> keys) throws ProviderFault {
        return new SeveralKeys(parts, place(), namespace).lookups(this, keys);
    }

    @Override
    public Page rows(NamespaceId namespace, List<Key> keys) throws ProviderFault {
        return new SeveralKeys(parts, place(), namespace).rows(keys);
    }

    @Override
    public Map<Key, Put> putAll(NamespaceId namespace, SortedMap<Key, Record> records, boolean vouched)
            throws ProviderFault {
        return new SeveralKeys(parts, place(), namespace).put(writer, records, vouched);
    }

    @Override
    public Version floor(NamespaceId namespace) throws ProviderFault {
        Place here = place();
        Version floor = here.floors.read(namespace);
        here.requireThere();
        return floor;
    }

    @Override
    public void raiseFloor(NamespaceId namespace, Version floor) throws ProviderFault {
        Place here = place();
        here.requireThere();
        here.requireConditions();
        here.floors.raise(namespace, floor);
    }

    @Override
    public int collect(NamespaceId namespace, List<Exact> rows) throws ProviderFault {
        return writer.collect(place(), namespace, rows);
    }

    @Override
    public void close() {
        parts.sweeper.close();
        Place last = place;
        if (last != null && last.highWater.owes()) {
            last.highWater.mark();
        }
        parts.bucket.close();
    }
}
