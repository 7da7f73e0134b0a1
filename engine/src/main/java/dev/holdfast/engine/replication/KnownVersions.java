package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Version;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The newest version that this node knows of a key, for keys touched lately. It makes reads on a node monotonic when homes
 * disagree, and tells a lie from news. Forgetting is safe, so two keys that fall on one slot overwrite each other, and memory is
 * bounded; it is taken in pages as keys are met, so that a node starts with none.
 *
 * <p>Thread-safe. A pair of words is not written atomically: a torn pair names a key with another key's version, which is caught
 * by keeping the hash mixed with the version.
 */
final class KnownVersions {
    private static final int MOST_SLOTS_A_PAGE = 256;

    private final AtomicReferenceArray<@Nullable AtomicLongArray> pages;
    private final int slotsAPage;
    private final int mask;

    /** @param slots a power of two */
    KnownVersions(int slots) {
        slotsAPage = Math.min(slots, MOST_SLOTS_A_PAGE);
        pages = new AtomicReferenceArray<>(slots / slotsAPage);
        mask = slots - 1;
    }

    /** {@link Version#NONE} when nothing is known. */
    Version get(KeyRef ref) {
        long hash = ref.hash();
        AtomicLongArray words = pages.get(slot(hash) / slotsAPage);
        if (words == null) {
            return Version.NONE;
        }
        int at = word(hash);
        long bits = words.get(at + 1);
        return bits != 0 && words.get(at) == (hash ^ bits) ? new Version(bits) : Version.NONE;
    }

    void learn(KeyRef ref, Version version) {
        long hash = ref.hash();
        AtomicLongArray words = page(slot(hash) / slotsAPage);
        int at = word(hash);
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

    private AtomicLongArray page(int index) {
        AtomicLongArray page = pages.get(index);
        if (page != null) {
            return page;
        }
        AtomicLongArray made = new AtomicLongArray(slotsAPage * 2);
        AtomicLongArray first = pages.compareAndExchange(index, null, made);
        return first == null ? made : first;
    }

    private int slot(long hash) {
        return (int) (hash >>> 20) & mask;
    }

    private int word(long hash) {
        return slot(hash) % slotsAPage * 2;
    }
}
