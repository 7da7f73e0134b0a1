package dev.holdfast.engine.provider;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One independent place where records live: a dumb ordered map with one smart rule, put-if-newer. Every implementation passes
 * the shared conformance kit.
 *
 * <p>All operations block and may be called from any number of threads. A caller that gives up interrupts the calling thread;
 * an implementation should then let go where it can. Each operation fails with {@link ProviderFault}, and only with it.
 */
public interface Provider extends AutoCloseable {

    /** Rows that the usual {@link #digest} has in memory at a time. */
    int DIGEST_PAGE = 1000;

    /** The name from the configuration, unique in the store. */
    String name();

    FailureDomain failureDomain();

    /**
     * Whether reads hold the thread that calls them, in native code or in system calls on a local disk, as those of an embedded
     * engine do. They are then run on threads of their own.
     */
    default boolean holdsThread() {
        return false;
    }

    /**
     * The place that is there now; empty when there is none: never initialised, or wiped. An open provider whose place has
     * vanished or been replaced says so here and fails everything else with {@link FaultKind#ROLLED_BACK}.
     */
    Optional<Identity> identity() throws ProviderFault;

    /**
     * Makes an empty place with this identity, if there is none: of two nodes that find none at the same time, one makes it, and a
     * request that was under way for long does not empty what another one has made and filled meanwhile. Nothing is ever created
     * but by this call, so that a wiped place is never silently taken for an empty one. What is left of an earlier place under the
     * same name is set aside or deleted.
     *
     * @return the identity of the place that is there now
     */
    Identity initialise(Identity identity) throws ProviderFault;

    /** Reads the vitals from where the data is, not from memory. */
    Vitals probe() throws ProviderFault;

    /**
     * Durably stores {@code record} unless the place holds one that {@link Record#merge} prefers, or holds none and its
     * collection floor is at or above the record's version. Atomic per key. When it returns, what the answer says survives a
     * crash of the place.
     */
    default Put putIfNewer(NamespaceId namespace, Key key, Record record) throws ProviderFault {
        return put(namespace, key, record, false);
    }

    /**
     * Gives back a record that this place should hold and does not: like {@link #putIfNewer}, except that the floor refuses
     * nothing. The caller answers for it that the key was not deleted at this version or later.
     */
    default Put restore(NamespaceId namespace, Key key, Record record) throws ProviderFault {
        return put(namespace, key, record, true);
    }

    /**
     * What {@link #putIfNewer} and {@link #restore} do.
     *
     * @param vouched whether the collection floor is passed over
     */
    Put put(NamespaceId namespace, Key key, Record record, boolean vouched) throws ProviderFault;

    /**
     * Like {@link #put}, for a provider that has a queue of writes anyway: puts it there, returns at once, and tells {@code reply}
     * what it came to. No thread has to wait for it then.
     *
     * @return false when it has not been queued, for having no queue or no room in it: nothing has happened, and {@code reply}
     *     will hear nothing
     */
    default boolean queue(NamespaceId namespace, Key key, Record record, boolean vouched, Reply<Put> reply) {
        return false;
    }

    Lookup get(NamespaceId namespace, Key key) throws ProviderFault;

    /** The version of what {@link #get} would return; cheaper where the place can make it so. */
    Sighting sight(NamespaceId namespace, Key key) throws ProviderFault;

    /**
     * Rows in key order, tombstones and expired ones included, each verified by its checksum. A page may be shorter than
     * {@code limit} without being the end, but has at least one row or damaged key unless it is the end.
     *
     * @param prefix only keys that begin with these bytes; empty for all
     * @param after only keys after this one; null to begin at the first
     * @param limit 1 or more
     */
    Page scan(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) throws ProviderFault;

    /**
     * What {@link #get} says of several keys, not all as of one moment. A key whose record is damaged is not in the answer.
     *
     * <p>This and the other calls for several keys take them in rising order, each once, and not more than a few hundred. They are for
     * who has many to look at: here one after the other, in an implementation as its engine does it best.
     */
    default Map<Key, Lookup> getAll(NamespaceId namespace, List<Key> keys) throws ProviderFault {
        Map<Key, Lookup> found = new HashMap<>();
        for (Key key : keys) {
            try {
                found.put(key, get(namespace, key));
            } catch (ProviderFault fault) {
                if (fault.kind() != FaultKind.CORRUPT) {
                    throw fault;
                }
            }
        }
        return found;
    }

    /**
     * Does what {@link #put} does for several keys, each for itself. When it fails, any of them may have been stored.
     *
     * @param records in the order of their keys
     * @return what became of each
     */
    default Map<Key, Put> putAll(NamespaceId namespace, SortedMap<Key, Record> records, boolean vouched)
            throws ProviderFault {
        Map<Key, Put> done = new HashMap<>();
        for (Map.Entry<Key, Record> each : records.entrySet()) {
            done.put(each.getKey(), put(namespace, each.getKey(), each.getValue(), vouched));
        }
        return done;
    }

    /** What a {@link #scan} shows of these keys: one page of the rows that there are, each verified as in a scan, and the damaged ones. */
    default Page rows(NamespaceId namespace, List<Key> keys) throws ProviderFault {
        List<Row> rows = new ArrayList<>();
        List<Key> damaged = new ArrayList<>();
        for (Key key : keys) {
            // Of all that begin so the key itself comes first.
            Page page = scan(namespace, key.bytes(), null, 1);
            page.rows().stream().filter(row -> row.key().equals(key)).forEach(rows::add);
            page.damaged().stream().filter(key::equals).forEach(damaged::add);
        }
        return new Page(rows, true, damaged);
    }

    /**
     * About how many keys of a call for several of them are as much work for the place as one call for one key, 1 or more: what a bound on
     * its load reckons by.
     */
    default int keysACall() {
        return 1;
    }

    /**
     * How long one call for one key may take at a place of this kind without its being ill, zero or more. It is not taken to be late
     * sooner, whatever it took before and however fast others are: an object store over a network is no worse for being slower than a
     * database in the process.
     */
    default Duration mayTake() {
        return Duration.ZERO;
    }

    /** As whom this node is let in, as far as it knows without asking. */
    default Login login() {
        return Login.NONE;
    }

    /** Whether {@link #digest} is worked out beside the data, so that of many rows a few bytes travel. */
    default boolean digests() {
        return false;
    }

    /**
     * The digest of the rows of a range, not all as of one moment. A row that is damaged, as far as the place can tell without moving it,
     * adds one to the number of rows and nothing to the sums.
     *
     * @param after only keys after this one; null to begin at the first
     * @param upTo up to this one, inclusive; null for the end
     * @param most of how many rows at most, the first ones of the range; 1 or more
     */
    default RangeDigest digest(NamespaceId namespace, @Nullable Key after, @Nullable Key upTo, int most)
            throws ProviderFault {
        RangeDigest sum = RangeDigest.EMPTY;
        Key from = after;
        while (sum.rows() < most) {
            Page page = scan(namespace, new byte[0], from, (int) Math.min(DIGEST_PAGE, most - sum.rows()));
            for (Row row : page.rows()) {
                sum = within(row.key(), upTo) ? sum.plus(RangeDigest.of(row)) : sum;
            }
            for (Key key : page.damaged()) {
                sum = within(key, upTo) ? sum.plus(RangeDigest.DAMAGED_ROW) : sum;
            }
            from = page.last();
            if (page.end() || from == null || !within(from, upTo)) {
                return sum;
            }
        }
        return sum;
    }

    private static boolean within(Key key, @Nullable Key upTo) {
        return upTo == null || key.compareTo(upTo) <= 0;
    }

    /** The collection floor of a namespace, {@link Version#NONE} when it was never raised. */
    Version floor(NamespaceId namespace) throws ProviderFault;

    /** Durably raises the collection floor of a namespace; a lower one than the present changes nothing. */
    void raiseFloor(NamespaceId namespace, Version floor) throws ProviderFault;

    /**
     * Deletes each of the rows whose key still holds exactly that version. The caller answers for it that the version is at or
     * below the floor and is a tombstone or expired, or is damage or from the future and has been set aside.
     *
     * @return how many were deleted
     */
    int collect(NamespaceId namespace, List<Exact> rows) throws ProviderFault;

    /** A key at exactly one version; {@link Version#NONE} means a record too damaged for its version to be read. */
    record Exact(Key key, Version version) {}

    @Override
    void close();
}
