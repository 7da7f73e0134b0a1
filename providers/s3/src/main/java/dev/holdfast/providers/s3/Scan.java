package dev.holdfast.providers.s3;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One page of an ordered scan. A row costs nothing beside its share of the listing, unless it has metadata or the listing does not
 * attest it: then it is read, several at a time.
 */
final class Scan {
    /** A listing has no more. */
    private static final int MOST = 1000;
    /** Beside the rows asked for: the one that tells that there are more, and what has been superseded. */
    private static final int SPARE = 16;
    /** Above all that follows the end of a key in a name. */
    private static final String AFTER_KEY = KeyPath.END + "~";

    private final Bucket bucket;
    private final Reader reader;
    private final Sweeper sweeper;
    private final Crew crew;
    private final Place place;
    private final NamespaceId namespace;
    private final byte[] prefix;
    private final int limit;
    private final String records;
    private @Nullable String after;
    private boolean end;

    Scan(S3Provider.Parts parts, Place place, NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) {
        this.bucket = parts.bucket();
        this.reader = parts.reader();
        this.sweeper = parts.sweeper();
        this.crew = parts.crew();
        this.place = place;
        this.namespace = namespace;
        this.prefix = prefix;
        this.limit = Math.min(limit, MOST);
        this.records = place.records(namespace);
        this.after = start(after);
    }

    private @Nullable String start(@Nullable Key key) {
        String beginning = prefix.length == 0 ? null : records + KeyPath.of(prefix);
        String last = key == null ? null : records + KeyPath.of(key.bytes()) + AFTER_KEY;
        if (beginning == null || last == null) {
            return beginning == null ? last : beginning;
        }
        return beginning.compareTo(last) > 0 ? beginning : last;
    }

    Page page() throws ProviderFault {
        while (true) {
            Map<Key, Held> listed = list();
            Page page = rows(listed);
            // All that was listed may have been collected by now.
            if (end || !page.rows().isEmpty() || !page.damaged().isEmpty()) {
                if (page.rows().isEmpty() && page.damaged().isEmpty()) {
                    place.requireThere();
                }
                return page;
            }
        }
    }

    /** The next keys with all of their newest versions, as many as the page takes. */
    private Map<Key, Held> list() throws ProviderFault {
        Map<Key, Held> keys = new TreeMap<>();
        while (true) {
            Bucket.Listing listing = bucket.list(
                    records + KeyPath.ofAllWith(prefix), after, Math.min(MOST, limit - keys.size() + SPARE));
            for (Bucket.Listed object : listing.objects()) {
                Key key = KeyPath.ofObject(records, object.name());
                if (key != null && key.startsWith(prefix)) {
                    if (!keys.containsKey(key) && keys.size() == limit) {
                        return keys;
                    }
                    add(keys, key, object);
                } else if (key != null && Arrays.compareUnsigned(key.bytes(), prefix) > 0) {
                    end = true;
                    return keys;
                }
                after = object.name();
            }
            if (!listing.more()) {
                end = true;
                return keys;
            }
        }
    }

    private static void add(Map<Key, Held> keys, Key key, Bucket.Listed object) {
        try {
            Entry entry = Entry.of(object);
            keys.computeIfAbsent(key, k -> Held.empty()).add(entry);
        } catch (IllegalArgumentException notOurs) {
            return; // as when a key is looked at
        }
    }

    /** What a scan shows of keys that have been listed. */
    Page of(Map<Key, Held> listed) throws ProviderFault {
        end = true;
        return rows(listed);
    }

    private Page rows(Map<Key, Held> listed) throws ProviderFault {
        Map<Key, Head> heads = new ConcurrentHashMap<>();
        List<Key> damaged = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Key> toRead = new ArrayList<>();
        listed.forEach((key, held) -> {
            if (Reader.told(held)) {
                heads.put(key, Reader.head(held));
            } else {
                toRead.add(key);
            }
        });
        crew.forEach(toRead, key -> {
            Held held = listed.getOrDefault(key, Held.empty());
            Optional<Head> large = Reader.large(held) ? reader.headOfLarge(held) : Optional.empty();
            if (large.isPresent()) {
                heads.put(key, large.get());
            } else {
                read(key, held, heads, damaged);
            }
        });
        listed.forEach((key, held) -> {
            if (heads.containsKey(key)) {
                sweeper.later(held.olderObjects());
            }
        });
        return new Page(
                new TreeMap<>(heads)
                        .entrySet().stream()
                                .map(entry -> new Row(entry.getKey(), entry.getValue()))
                                .toList(),
                end,
                damaged.stream().sorted().toList());
    }

    private void read(Key key, Held seen, Map<Key, Head> heads, List<Key> damaged) throws ProviderFault {
        Held held = seen;
        for (int attempt = 0; attempt < Writer.ATTEMPTS; attempt++) {
            if (held.nothing()) {
                return; // collected since
            }
            switch (reader.read(namespace, key, held.newest())) {
                case Reader.Found.Gone gone -> held = Held.look(bucket, place, namespace, key, false);
                case Reader.Found.Damage damage -> {
                    damaged.add(key);
                    return;
                }
                case Reader.Found.Whole(Record record) -> {
                    heads.put(key, RecordFormat.headOf(namespace, key, record));
                    return;
                }
            }
        }
        throw Writer.restless();
    }
}
