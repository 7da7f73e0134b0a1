package dev.holdfast.providers.s3;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Provider.Exact;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Put;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where put-if-newer is decided. Nothing is ever overwritten: a put makes an object of its own, and whichever is the
 * newest by name is what the key holds. So two puts need not agree on anything to come out as one after the other did; only the rules that
 * are not about order take a second look: damage, which refuses nothing, and the floor (docs/adr/0028).
 */
final class Writer {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    /** How often a key may change between being listed and being read. */
    static final int ATTEMPTS = 16;

    private final Bucket bucket;
    private final Reader reader;
    private final Sweeper sweeper;
    private final Crew crew;
    private final Time time;

    Writer(Bucket bucket, Reader reader, Sweeper sweeper, Crew crew, Time time) {
        this.bucket = bucket;
        this.reader = reader;
        this.sweeper = sweeper;
        this.crew = crew;
        this.time = time;
    }

    /** A record in the form in which it is written. */
    private record Draft(String object, byte[] body, byte[] md5, Version version) {}

    Put put(Place place, NamespaceId namespace, Key key, Record record, boolean vouched) throws ProviderFault {
        place.requireConditions();
        Draft draft = draft(place, namespace, key, record);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Held held = Held.look(bucket, place, namespace, key, false);
            if (held.nothing()) {
                return first(place, namespace, draft, vouched);
            }
            if (draft.version.newerThan(held.version())) {
                return over(place, namespace, key, draft, vouched, held);
            }
            Put decided = against(place, namespace, key, record, draft, held);
            if (decided != null) {
                return decided;
            }
        }
        throw restless();
    }

    /**
     * What a key holds, as read.
     *
     * @param present null when nothing whole is left
     * @param damaged what is above it; names do not come back, so these stay what they are
     * @param rest it, and what is beneath it
     */
    private record Standing(@Nullable Record present, List<Entry> damaged, Held rest) {}

    /** Null when what was listed has changed meanwhile. */
    private @Nullable Standing standing(Place place, NamespaceId namespace, Key key, Held listed) throws ProviderFault {
        Held held = listed;
        boolean complete = false;
        List<Entry> damaged = new ArrayList<>();
        while (!held.nothing()) {
            switch (reader.read(namespace, key, held.newest())) {
                case Reader.Found.Gone gone -> {
                    return null;
                }
                case Reader.Found.Whole(Record present) -> {
                    return new Standing(present, damaged, held);
                }
                case Reader.Found.Damage damage -> {
                    if (complete) {
                        damaged.addAll(held.newest());
                        held = held.beneath();
                    } else {
                        held = Held.look(bucket, place, namespace, key, true);
                        complete = true;
                    }
                }
            }
        }
        return damaged.isEmpty() ? null : new Standing(null, damaged, held);
    }

    /**
     * A put that is not newer by name than what the key holds. Only a whole record may refuse it, so what is there is read, which is
     * rare enough: the newest, or, where that is damaged, what is whole beneath it.
     *
     * @return null when what was listed has changed meanwhile
     */
    private @Nullable Put against(Place place, NamespaceId namespace, Key key, Record record, Draft draft, Held listed)
            throws ProviderFault {
        Standing standing = standing(place, namespace, key, listed);
        if (standing == null) {
            return null;
        }
        Record present = standing.present;
        if (present != null && Record.merge(present, record).equals(present)) {
            delete(standing.damaged);
            sweeper.later(standing.rest.olderObjects());
            place.highWater.note(present.version());
            return new Put(present.equals(record), present.version());
        }
        make(draft);
        // What is newer by name hides the draft until it is gone; the rest can wait.
        delete(where(standing.damaged, entry -> entry.label().version().newerThan(draft.version)));
        List<Entry> superseded =
                where(standing.damaged, entry -> !entry.label().version().newerThan(draft.version));
        superseded.addAll(where(
                standing.rest.all(),
                entry -> draft.version.newerThan(entry.label().version())));
        sweeper.later(superseded.stream().map(Entry::object).toList());
        return stored(place, draft);
    }

    private static List<Entry> where(List<Entry> entries, Predicate<Entry> wanted) {
        return new ArrayList<>(entries.stream().filter(wanted).toList());
    }

    private Draft draft(Place place, NamespaceId namespace, Key key, Record record) {
        byte[] body = RecordFormat.encode(namespace, key, record);
        byte[] md5 = Label.md5(body);
        Label label = Label.of(
                RecordFormat.headOf(namespace, key, record), md5, time.random().nextInt());
        return new Draft(place.records(namespace, key) + label.text(), body, md5, record.version());
    }

    private void make(Draft draft) throws ProviderFault {
        // Whether it was made or was there: the name says which bytes are there.
        boolean made = bucket.make(draft.object, draft.body, draft.md5);
        LOG.trace("{} made: {}", draft.object, made);
    }

    private static Put stored(Place place, Draft draft) {
        place.highWater.note(draft.version);
        return new Put(true, draft.version);
    }

    /**
     * A key that holds something older. Whatever its version is against the floor, the draft is taken; unless it was under way for so long
     * that the key has been deleted and collected meanwhile. Then it stands alone, and a floor that has not been looked at for a second is
     * above it.
     */
    private Put over(Place place, NamespaceId namespace, Key key, Draft draft, boolean vouched, Held held)
            throws ProviderFault {
        make(draft);
        if (!vouched && !draft.version.newerThan(place.floors.known(namespace))) {
            List<Entry> now = Held.look(bucket, place, namespace, key, false).all();
            if (now.size() == 1 && now.getFirst().object().equals(draft.object)) {
                bucket.delete(draft.object);
                return new Put(false, place.floors.known(namespace));
            }
        }
        sweeper.later(held.all().stream().map(Entry::object).toList());
        return stored(place, draft);
    }

    /** A key that holds nothing: the floor decides, as it is once the record is there. */
    private Put first(Place place, NamespaceId namespace, Draft draft, boolean vouched) throws ProviderFault {
        Version before = vouched ? Version.NONE : place.floors.known(namespace);
        if (!vouched && !draft.version.newerThan(before)) {
            place.requireThere();
            return new Put(false, before);
        }
        make(draft);
        AtomicReference<Version> floor = new AtomicReference<>(Version.NONE);
        try {
            crew.forEach(List.of(true, false), forPlace -> {
                if (forPlace) {
                    place.requireThere();
                } else if (!vouched) {
                    // It may have been raised, and what it stands for collected, since the key was seen to hold
                    // nothing.
                    floor.set(place.floors.read(namespace));
                }
            });
        } catch (ProviderFault e) {
            if (e.kind() == FaultKind.ROLLED_BACK) {
                withdraw(draft);
            }
            throw e;
        }
        if (!vouched && !draft.version.newerThan(floor.get())) {
            bucket.delete(draft.object);
            return new Put(false, floor.get());
        }
        return stored(place, draft);
    }

    /**
     * Puts vouched records, given what their keys hold, side by side. That the place is there is asked once, after all: nobody is told
     * before.
     */
    Map<Key, Put> putVouched(Place place, NamespaceId namespace, Map<Key, Record> records, Map<Key, Held> held)
            throws ProviderFault {
        place.requireConditions();
        Map<Key, Put> done = new ConcurrentHashMap<>();
        Map<Key, Draft> first = new ConcurrentHashMap<>();
        crew.forEach(List.copyOf(records.entrySet()), each -> {
            Key key = each.getKey();
            Held here = held.getOrDefault(key, Held.empty());
            Draft draft = draft(place, namespace, key, each.getValue());
            if (here.nothing()) {
                make(draft);
                first.put(key, draft);
            } else if (draft.version.newerThan(here.version())) {
                done.put(key, over(place, namespace, key, draft, true, here));
            } else {
                done.put(key, put(place, namespace, key, each.getValue(), true));
            }
        });
        if (!first.isEmpty()) {
            try {
                place.requireThere();
            } catch (ProviderFault e) {
                if (e.kind() == FaultKind.ROLLED_BACK) {
                    first.values().forEach(this::withdraw);
                }
                throw e;
            }
            first.forEach((key, draft) -> done.put(key, stored(place, draft)));
        }
        return done;
    }

    private void withdraw(Draft draft) {
        try {
            bucket.delete(draft.object);
        } catch (ProviderFault e) {
            LOG.debug("what was written to a place that is gone stays there: {}", e.getMessage());
        }
    }

    int collect(Place place, NamespaceId namespace, List<Exact> rows) throws ProviderFault {
        AtomicInteger collected = new AtomicInteger();
        AtomicInteger absent = new AtomicInteger();
        crew.forEach(rows, row -> {
            Held held = Held.look(bucket, place, namespace, row.key(), true);
            if (held.nothing()) {
                absent.incrementAndGet();
            } else if (doomed(namespace, row, held)) {
                delete(held.all());
                collected.incrementAndGet();
            }
        });
        if (absent.get() > 0) {
            place.requireThere();
        }
        return collected.get();
    }

    private boolean doomed(NamespaceId namespace, Exact row, Held held) throws ProviderFault {
        return row.version().equals(Version.NONE)
                ? reader.read(namespace, row.key(), held.newest()) instanceof Reader.Found.Damage
                : held.version().equals(row.version());
    }

    /** From the oldest to the newest, so that at no time an old one is what the key holds. */
    private void delete(List<Entry> newestFirst) throws ProviderFault {
        for (Entry entry : newestFirst.reversed()) {
            bucket.delete(entry.object());
        }
    }

    static ProviderFault restless() {
        return new ProviderFault(
                FaultKind.UNAVAILABLE, "a key changed " + ATTEMPTS + " times between being listed and being read");
    }
}
