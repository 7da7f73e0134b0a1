package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Version;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The newest version that this node knows of a key, for keys touched lately. It makes reads on a node monotonic when homes
 * disagree, and tells a lie from news. Forgetting is safe, so two keys that fall on one slot overwrite each other, and memory is
 * bounded.
 *
 * <p>Thread-safe. A pair of words is not written atomically: a torn pair names a key with another key's version, which is caught
 * by keeping the hash mixed with the version.
 */
final class KnownVersions {
    private final AtomicLongArray words;
    private final int mask;

    /** @param slots a power of two */
    KnownVersions(int slots) {
        words = new AtomicLongArray(slots * 2);
        mask = slots - 1;
    }

    /** {@link Version#NONE} when nothing is known. */
    Version get(KeyRef ref) {
        long hash = ref.hash();
        int at = slot(hash);
        long bits = words.get(at + 1);
        return bits != 0 && words.get(at) == (hash ^ bits) ? new Version(bits) : Version.NONE;
    }

    void learn(KeyRef ref, Version version) {
        long hash = ref.hash();
        int at = slot(hash);
        while (true) {
            long bits = words.get(at + 1);
            boolean mine = bits != 0 && words.get(at) == (hash ^ bits);
            if (mine && Long.compareUnsigned(bits, version.bits()) >= 0) {
                return;
            }
            if (words.compareAndSet(at + 1, bits, version.bits())) {
                words.set(at, hash ^ version.bits());
                return;
            }
        }
    }

    private int slot(long hash) {
        return ((int) (hash >>> 20) & mask) * 2;
    }
}
