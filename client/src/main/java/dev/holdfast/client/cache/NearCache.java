package dev.holdfast.client.cache;

import dev.holdfast.client.transport.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of keys, in memory and, if it has a folder, on disk. Time decides when to ask again and never what to forget;
 * only room does, and the expiration of a key.
 *
 * <p>What keeps it right: an answer is kept only if nothing newer was learned between question and answer. A write of this
 * client, and every change that the server reports, counts as newer, and overtakes the questions under way ({@link Fill}).
 *
 * <p>Thread-safe, by one lock: what is done under it takes microseconds, at most a read of a file.
 */
public final class NearCache implements AutoCloseable {
    private final Time time;
    private final long refreshMillis;
    private final MemoryTier memory;
    private final Map<String, Integer> generations = new HashMap<>();
    private final Map<Place, List<Fill>> fills = new HashMap<>();
    private @Nullable DiskTier disk;
    private long memoryHits;
    private long diskHits;
    private long misses;
    private long overtaken;
    private long diskFailures;

    /** @param refreshAfter how old an answer may be that is given without asking */
    public NearCache(Time time, Duration refreshAfter, long memoryBytes) {
        this.time = time;
        this.refreshMillis = refreshAfter.toMillis();
        this.memory = new MemoryTier(memoryBytes);
    }

    /**
     * Also on disk.
     *
     * @throws IOException when the folder cannot be used, or is used by another client
     */
    public NearCache(Time time, Duration refreshAfter, long memoryBytes, Path folder, long diskBytes)
            throws IOException {
        this(time, refreshAfter, memoryBytes);
        this.disk = new DiskTier(folder, diskBytes);
    }

    /** @return null when nothing is known; never a key that has expired */
    public synchronized @Nullable Found find(Place place) {
        Held held = memory.get(place);
        boolean onDisk = held == null;
        if (held == null) {
            held = onDisk(place);
            if (held != null) {
                memory.put(place, held);
            }
        }
        if (held != null && held.known().expired(time.wallMillis())) {
            forget(place);
            held = null;
        }
        if (held == null) {
            misses++;
            return null;
        }
        if (onDisk) {
            diskHits++;
        } else {
            memoryHits++;
        }
        return new Found(held.known(), current(place, held), onDisk);
    }

    private boolean current(Place place, Held held) {
        // A negative age means that the clock has been set back since; then nothing is known of the age.
        long age = time.wallMillis() - held.known().vouchedAt();
        return held.trust() == generation(place.namespace()) && age >= 0 && age < refreshMillis;
    }

    private int generation(String namespace) {
        return generations.getOrDefault(namespace, Trust.FIRST);
    }

    /** The server is about to be asked, or told. Every fill is ended: {@link #end}, {@link #wrote} or {@link #giveUp}. */
    public synchronized Fill begin(Place place) {
        Fill fill = new Fill(place, generation(place.namespace()));
        fills.computeIfAbsent(place, _ -> new ArrayList<>(1)).add(fill);
        return fill;
    }

    /** No answer came. */
    public synchronized void giveUp(Fill fill) {
        fills.computeIfPresent(fill.place, (_, all) -> {
            all.remove(fill);
            return all.isEmpty() ? null : all;
        });
    }

    /**
     * The server has answered.
     *
     * @return the newest that is known: {@code answer}, or what is newer than that
     */
    public synchronized Known end(Fill fill, Known answer) {
        giveUp(fill);
        Held before = peek(fill.place);
        boolean late = fill.overtakes(answer.version());
        // An absence without evidence overrides nothing.
        boolean old = before != null
                && (answer.olderThan(before.known().version())
                        || (!answer.confirmed() && answer.version().isEmpty()));
        if (!late && !old) {
            keep(fill.place, new Held(answer, answer.confirmed() ? fill.generation : Trust.NONE));
            return answer;
        }
        overtaken++;
        if (before != null && (old || answer.version().isEmpty())) {
            if (!late) {
                // A server that has not caught up: what is newer stays, and the next reader asks again.
                keep(fill.place, new Held(before.known(), Trust.NONE));
            }
            return before.known();
        }
        if (!answer.version().isEmpty()) {
            keep(fill.place, new Held(answer, Trust.NONE));
        }
        return answer;
    }

    /**
     * This client has written what it began to write with {@code fill}, and is about to hear of it.
     *
     * @param now what is there, unless something newer is
     */
    public synchronized void wrote(Fill fill, Known now) {
        giveUp(fill);
        overtake(fill.place, now.version());
        Held before = peek(fill.place);
        if (before != null && now.olderThan(before.known().version())) {
            return;
        }
        // Doubt outlives a write: nobody knows whether what it is about comes before or after.
        boolean doubted = fill.overtakes(now.version()) || (before != null && before.trust() == Trust.NONE);
        keep(fill.place, new Held(now, doubted ? Trust.NONE : fill.generation));
    }

    /**
     * A change was reported together with its value. Versions are told again, late and out of order, so that it is the newest
     * only if nothing was missed since what is kept was.
     *
     * @param now vouched for at a moment up to which everything had been told; if what is kept was vouched for later than that, so is this
     */
    public synchronized void told(Place place, Known now) {
        Held before = peek(place);
        if (before == null || !before.known().olderThan(now.version())) {
            outdated(place, now.version());
            return;
        }
        overtake(place, now.version());
        boolean nothingMissed = before.trust() == generation(place.namespace());
        long vouchedAt = before.known().confirmed()
                ? Math.max(now.vouchedAt(), before.known().vouchedAt())
                : now.vouchedAt();
        keep(place, new Held(now.vouched(true, vouchedAt), nothingMissed ? before.trust() : Trust.NONE));
    }

    /**
     * There is something newer than what may be kept. That stays what is answered while no server can be asked.
     *
     * @param version of what is newer; empty when that is not known
     */
    public synchronized void outdated(Place place, String version) {
        overtake(place, version);
        Held before = peek(place);
        if (before != null
                && (version.isEmpty()
                        || before.known().version().isEmpty()
                        || before.known().olderThan(version))) {
            keep(place, new Held(before.known(), Trust.NONE));
        }
    }

    /** Any key of the namespace may have changed: each is asked for again when it is next read. */
    public synchronized void gap(String namespace) {
        generations.merge(namespace, Trust.FIRST + 1, (generation, _) -> generation + 1);
    }

    /** What is kept of the key, current or not; null for nothing. As {@link #find}, but it is no use of the key. */
    public synchronized @Nullable Known kept(Place place) {
        Held held = peek(place);
        return held == null ? null : held.known();
    }

    private void overtake(Place place, String version) {
        fills.getOrDefault(place, List.of()).forEach(fill -> fill.overtaken(version));
    }

    private @Nullable Held peek(Place place) {
        Held held = memory.get(place);
        held = held != null ? held : onDisk(place);
        return held == null || held.known().expired(time.wallMillis()) ? null : held;
    }

    private @Nullable Held onDisk(Place place) {
        if (disk == null) {
            return null;
        }
        try {
            return disk.get(place);
        } catch (IOException failed) {
            abandonDisk(disk);
            return null;
        }
    }

    private void keep(Place place, Held held) {
        memory.put(place, held);
        if (disk != null) {
            try {
                disk.touch(place, held);
            } catch (IOException failed) {
                abandonDisk(disk);
            }
        }
    }

    private void forget(Place place) {
        memory.remove(place);
        if (disk != null) {
            try {
                disk.forget(place);
            } catch (IOException failed) {
                abandonDisk(disk);
            }
        }
    }

    /** A disk that has missed one entry would answer with the one before it. */
    private void abandonDisk(DiskTier failing) {
        diskFailures++;
        failing.destroy();
        disk = null;
    }

    public synchronized CacheStatistics statistics() {
        return new CacheStatistics(
                memoryHits,
                diskHits,
                misses,
                overtaken,
                diskFailures,
                memory.bytes(),
                disk == null ? 0 : disk.bytes(),
                memory.count(),
                disk == null ? 0 : disk.count());
    }

    @Override
    public synchronized void close() throws IOException {
        if (disk != null) {
            disk.close();
            disk = null;
        }
    }
}
