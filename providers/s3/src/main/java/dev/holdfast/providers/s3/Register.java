package dev.holdfast.providers.s3;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.ProviderFault;
import java.nio.charset.StandardCharsets;

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

    /** {@link Version#NONE} when it was never raised. */
    Version read() throws ProviderFault {
        Bucket.Listing listing = bucket.list(prefix, null, 1);
        return listing.objects().isEmpty()
                ? Version.NONE
                : height(listing.objects().getFirst().name());
    }

    /** Durably raises it, unless it is there or higher. */
    void raise(Version to) throws ProviderFault {
        Bucket.Listing before = bucket.list(prefix, null, LISTED);
        if (!before.objects().isEmpty()
                && height(before.objects().getFirst().name()).compareTo(to) >= 0) {
            return;
        }
        bucket.make(prefix + Versions.inverted(to), (to + "\n").getBytes(StandardCharsets.US_ASCII));
        for (Bucket.Listed lower : before.objects()) {
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
