package dev.holdfast.providers.s3;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.ProviderFault;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A version that only rises, kept without reading and writing back: each height is an object of its own, and the first listed is
 * the highest. A lower one is deleted only after a higher one is there, so that any number of writers never lower it.
 */
final class Register {
    /** Enough to find those that other writers have left, and few enough to cost nothing. */
    private static final int LISTED = 32;

    private final Bucket bucket;
    private final String prefix;

    /** @param prefix what the names of its objects begin with, up to the inverted version */
    Register(Bucket bucket, String prefix) {
        this.bucket = bucket;
        this.prefix = prefix;
    }

    /** Its height, {@link Version#NONE} when it was never raised, and the objects that it was read from. */
    record Reading(Version height, List<Bucket.Listed> objects) {}

    Version read() throws ProviderFault {
        return reading(1).height;
    }

    /** What {@link #raise(Reading, Version)} needs. */
    Reading reading() throws ProviderFault {
        return reading(LISTED);
    }

    private Reading reading(int limit) throws ProviderFault {
        List<Bucket.Listed> objects = bucket.list(prefix, null, limit).objects();
        return new Reading(
                objects.isEmpty() ? Version.NONE : height(objects.getFirst().name()), objects);
    }

    /** Durably raises it, unless it is there or higher. */
    void raise(Version to) throws ProviderFault {
        raise(reading(), to);
    }

    /** The same, without looking again. */
    void raise(Reading before, Version to) throws ProviderFault {
        if (!to.newerThan(before.height)) {
            return;
        }
        bucket.make(prefix + Versions.inverted(to), (to + "\n").getBytes(StandardCharsets.US_ASCII));
        for (Bucket.Listed lower : before.objects) {
            bucket.delete(lower.name());
        }
    }

    private Version height(String object) throws ProviderFault {
        try {
            return Versions.of(object.substring(prefix.length()));
        } catch (IllegalArgumentException e) {
            throw new ProviderFault(FaultKind.CORRUPT, "an object without meaning is in the way: " + object, e);
        }
    }
}
