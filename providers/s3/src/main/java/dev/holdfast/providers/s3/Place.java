package dev.holdfast.providers.s3;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.Time;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One place with its identity. All its objects have the identity in their names, so that what belongs to an earlier place is
 * never seen in a later one, and a request that was under way for long never changes one.
 *
 * <p>Thread-safe.
 */
final class Place {
    private final Bucket bucket;
    private final Marker marker;
    private final String root;
    private final Identity identity;
    final Floors floors;
    final HighWater highWater;
    private volatile boolean conditionsHonoured;

    /** @param prefix of all names, with a slash at its end unless it is empty */
    Place(Bucket bucket, String prefix, Identity identity, Time time) {
        this.bucket = bucket;
        this.marker = new Marker(bucket, prefix);
        this.identity = identity;
        this.root = prefix + identity.id() + "/";
        this.floors = new Floors(namespace -> new Register(bucket, root + "floor/" + namespace + "/"), time);
        this.highWater = new HighWater(new Register(bucket, root + "high-water/"), time);
    }

    Identity identity() {
        return identity;
    }

    /** What the names of all records of the namespace begin with. */
    String records(NamespaceId namespace) {
        return root + "record/" + namespace + "/";
    }

    /** What the names of all records of the key begin with. */
    String records(NamespaceId namespace, Key key) {
        return records(namespace) + KeyPath.of(key.bytes()) + KeyPath.END;
    }

    /** An absence means nothing unless this says afterwards that the place is still there. */
    void requireThere() throws ProviderFault {
        Optional<Identity> there = marker.read();
        if (there.isEmpty()) {
            throw new ProviderFault(
                    FaultKind.ROLLED_BACK,
                    "the place " + identity.id() + " is gone from " + bucket.place() + ": its marker is not there");
        }
        if (!there.get().equals(identity)) {
            throw new ProviderFault(
                    FaultKind.ROLLED_BACK,
                    "the place " + identity.id() + " in " + bucket.place() + " has been replaced by "
                            + there.get().id());
        }
    }

    /**
     * Tries once whether the store keeps what is there when it is told {@code If-None-Match: *}. All rests on that.
     *
     * @throws ProviderFault when it does not
     */
    void requireConditions() throws ProviderFault {
        if (conditionsHonoured) {
            return;
        }
        String object = root + "conditional";
        byte[] text = "made if absent, and never again\n".getBytes(StandardCharsets.US_ASCII);
        boolean fresh = bucket.make(object, text);
        boolean again = fresh && bucket.make(object, text);
        if (again) {
            throw new ProviderFault(
                    FaultKind.UNAVAILABLE,
                    "the store of " + bucket.place()
                            + " ignores If-None-Match: it made an object that was there already. "
                            + "Two writers would overwrite each other there, so Holdfast does not write to it");
        }
        conditionsHonoured = true;
    }
}
