package dev.holdfast.client;

import dev.holdfast.client.cache.Known;
import dev.holdfast.client.cache.NearCache;
import dev.holdfast.client.cache.Place;
import dev.holdfast.client.transport.Time;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps the near cache of one namespace up with the server: a change that comes with its value replaces what is kept, one
 * without makes it doubtful, and a gap makes everything doubtful, to be asked for again as it is read.
 */
final class Follower implements AutoCloseable {
    private final WatchStream stream;
    private final NearCache cache;
    private final String namespace;
    private final Time time;
    private final LongAdder changes;
    private final LongAdder gaps;

    /**
     * By the wall clock, when last all that had been changed was heard; 0 for not yet. A change may be told late, as one of many that
     * were missed: then it was the newest at this moment, and not when it is told.
     */
    private long heardMillis;

    Follower(Calls calls, NearCache cache, String namespace, LongAdder changes, LongAdder gaps) {
        this.stream = new WatchStream(calls, namespace, "", "");
        this.cache = cache;
        this.namespace = namespace;
        this.time = calls.time();
        this.changes = changes;
        this.gaps = gaps;
        time.fork("holdfast-follower", this::follow);
    }

    private void follow() {
        boolean following = false;
        try {
            for (WatchStream.Signal signal = stream.next(); signal != null; signal = stream.next()) {
                if (!following || signal.event() instanceof WatchEvent.Gap) {
                    // The first signal says from when on nothing is missed; before that, anything may have been.
                    gap();
                    following = true;
                }
                switch (signal.event()) {
                    case null -> {
                        // In this order, lest a pause between the two make it younger; and rounded up.
                        long now = time.wallMillis();
                        heardMillis = now - (time.nanos() - signal.asOfNanos() + 999_999) / 1_000_000;
                    }
                    case WatchEvent.Change change -> changed(change);
                    case WatchEvent.Gap _ -> {}
                }
            }
        } catch (HoldfastException refused) {
            // Not allowed, or a server that has no watch: time alone decides when to ask again.
            gap();
        }
    }

    private void gap() {
        cache.gap(namespace);
        gaps.increment();
    }

    private void changed(WatchEvent.Change change) {
        Place place = new Place(namespace, change.key());
        String version = change.version().hex();
        Value value = change.value();
        if (change.deleted()) {
            cache.told(place, Known.absent(version, "", true, heardMillis));
        } else if (value != null) {
            cache.told(
                    place,
                    new Known(
                            version,
                            true,
                            value.bytes(),
                            change.metadata(),
                            value.expiration()
                                    .map(java.time.Instant::getEpochSecond)
                                    .orElse(Known.NEVER),
                            "",
                            true,
                            heardMillis));
        } else {
            cache.outdated(place, version);
        }
        changes.increment();
    }

    @Override
    public void close() {
        stream.close();
    }
}
