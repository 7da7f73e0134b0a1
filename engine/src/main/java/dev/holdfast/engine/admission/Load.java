package dev.holdfast.engine.admission;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.engine.time.Time;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is asked for lately, as it comes to the gates: of each namespace, of each hundredth of its keys by their hash, and of the keys that
 * are asked for most. What a gate keeps out is counted too, so that while it is shut this is what users want; while it is open it is what
 * near answers do not cover. What has come weighs half with each minute.
 *
 * <p>Thread-safe. A note that would have to wait for another one is not taken: that befalls all alike.
 */
final class Load {
    /** Any key that has more than one in so many of all questions is found. */
    private static final int COUNTED_KEYS = 2_048;

    private static final double SECOND = 1e9;
    /** A handful of questions says nothing of who asks often. */
    private static final double LEAST_COUNT = 3;

    static final Comparator<KeyRef> BY_NAME =
            Comparator.comparing(KeyRef::namespace).thenComparing(KeyRef::key);

    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<NamespaceId, Asked> namespaces = new HashMap<>();
    private final SpaceSaving<KeyRef> keys = new SpaceSaving<>(COUNTED_KEYS);
    /** Of the time that has passed, weighed as what came in it. */
    private double seconds;

    private long agedAt;

    /** Of one namespace. */
    private static final class Asked {
        private double all;
        private final float[] hundredths = new float[Gate.SHARES];

        private void halve() {
            all /= 2;
            for (int i = 0; i < hundredths.length; i++) {
                hundredths[i] /= 2;
            }
        }
    }

    Load(Time time) {
        this.time = time;
        this.agedAt = time.nanos();
    }

    /** Something is asked of a key. */
    void note(NamespaceId namespace, Key key) {
        if (lock.tryLock()) {
            try {
                Asked asked = namespaces.computeIfAbsent(namespace, first -> new Asked());
                asked.all++;
                asked.hundredths[Gate.hundredth(key)]++;
                keys.note(new KeyRef(namespace, key));
            } finally {
                lock.unlock();
            }
        }
    }

    /** A listing is asked for. */
    void note(NamespaceId namespace) {
        if (lock.tryLock()) {
            try {
                namespaces.computeIfAbsent(namespace, first -> new Asked()).all++;
            } finally {
                lock.unlock();
            }
        }
    }

    /** Makes all that came so far weigh half; to be called once a minute. */
    void age() {
        lock.lock();
        try {
            seconds = secondsBy(time.nanos()) / 2;
            agedAt = time.nanos();
            keys.halve();
            namespaces.values().forEach(Asked::halve);
            namespaces.values().removeIf(asked -> asked.all < 0.5);
        } finally {
            lock.unlock();
        }
    }

    private double secondsBy(long now) {
        return seconds + (now - agedAt) / SECOND;
    }

    /** How often a second something is asked of a namespace. */
    double perSecond(NamespaceId namespace) {
        lock.lock();
        try {
            Asked asked = namespaces.get(namespace);
            return asked == null ? 0 : asked.all / Math.max(1, secondsBy(time.nanos()));
        } finally {
            lock.unlock();
        }
    }

    /** What is asked of each hundredth of the keys of these namespaces together, but for some keys. */
    Profile profile(Collection<NamespaceId> of, Collection<KeyRef> but) {
        double[] sums = new double[Gate.SHARES];
        lock.lock();
        try {
            for (NamespaceId namespace : of) {
                Asked asked = namespaces.get(namespace);
                for (int i = 0; asked != null && i < sums.length; i++) {
                    sums[i] += asked.hundredths[i];
                }
            }
            for (KeyRef key : but) {
                if (of.contains(key.namespace())) {
                    int at = Gate.hundredth(key.key());
                    sums[at] = Math.max(0, sums[at] - keys.count(key));
                }
            }
        } finally {
            lock.unlock();
        }
        return new Profile(sums);
    }

    /**
     * The keys that are asked for most.
     *
     * @param share of all questions that each of them has at least
     * @param most so many at most
     */
    List<KeyRef> hottest(double share, int most) {
        lock.lock();
        try {
            double least = Math.max(LEAST_COUNT, share * keys.total());
            return keys.atLeast(least, BY_NAME).stream()
                    .limit(most)
                    .map(SpaceSaving.Counted::item)
                    .toList();
        } finally {
            lock.unlock();
        }
    }
}
