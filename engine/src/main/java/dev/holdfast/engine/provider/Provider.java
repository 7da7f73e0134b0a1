package dev.holdfast.engine.provider;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One independent place where records live: a dumb ordered map with one smart rule, put-if-newer. Every implementation passes
 * the shared conformance kit.
 *
 * <p>All operations block and may be called from any number of threads. A caller that gives up interrupts the calling thread;
 * an implementation should then let go where it can. Each operation fails with {@link ProviderFault}, and only with it.
 */
public interface Provider extends AutoCloseable {

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
