package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.ScrubStatus.DamagedKey;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is known to be damaged and is not repaired, kept on the node's disk, since nobody may read it again for months. Thread-safe. */
final class DamagedKeys {
    private static final Logger LOG = LoggerFactory.getLogger(DamagedKeys.class);
    private static final String NAME = "scrub-damaged";
    private static final int FIELDS = 5;

    private final NodeMemory memory;
    private final Residency residency;
    private final Map<Place, DamagedKey> listed = new LinkedHashMap<>();
    /** A lock and no monitor, since what changes is kept on disk while it is held. */
    private final ReentrantLock lock = new ReentrantLock();
    /** For those who look, and do not wait for the disk. */
    private volatile List<DamagedKey> shown;

    private record Place(String provider, KeyRef ref) {}

    DamagedKeys(NodeMemory memory, Residency residency) {
        this.memory = memory;
        this.residency = residency;
        try {
            memory.text(NAME).ifPresent(text -> text.lines().forEach(this::read));
        } catch (LocalStoreFault fault) {
            LOG.error("the list of damaged records cannot be read: {}", fault.getMessage());
        }
        shown = List.copyOf(listed.values());
    }

    /** @return whether it was not listed before */
    boolean add(DamagedKey damaged) {
        Place place = new Place(damaged.provider(), new KeyRef(damaged.namespace(), damaged.key()));
        lock.lock();
        try {
            DamagedKey before = listed.get(place);
            if (before == null && listed.size() >= ScrubStatus.MOST_LISTED) {
                return true;
            }
            if (before == null || before.beyondRepair() != damaged.beyondRepair()) {
                listed.put(place, damaged);
                keep();
            }
            return before == null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * It is whole again, or gone.
     *
     * @return whether it was listed
     */
    boolean remove(String provider, KeyRef ref) {
        if (shown.isEmpty()) {
            return false;
        }
        lock.lock();
        try {
            boolean was = listed.remove(new Place(provider, ref)) != null;
            if (was) {
                keep();
            }
            return was;
        } finally {
            lock.unlock();
        }
    }

    List<DamagedKey> all() {
        return shown;
    }

    /** @return whether nothing lies on this node's disk any more that may not lie there */
    boolean forgetOutside() {
        lock.lock();
        try {
            boolean none = listed.values().stream().allMatch(each -> residency.here(each.namespace()));
            return none || keep();
        } finally {
            lock.unlock();
        }
    }

    private boolean keep() {
        shown = List.copyOf(listed.values());
        StringBuilder text = new StringBuilder();
        for (DamagedKey each : listed.values()) {
            if (!residency.here(each.namespace())) {
                // Its name is content, too; the next pass finds it again.
                continue;
            }
            KeyRef ref = new KeyRef(each.namespace(), each.key());
            text.append(each.provider())
                    .append(' ')
                    .append(HexFormat.of().formatHex(ref.bytes()))
                    .append(' ')
                    .append(each.version().bits())
                    .append(' ')
                    .append(each.beyondRepair())
                    .append(' ')
                    .append(each.foundAt())
                    .append('\n');
        }
        try {
            memory.keepText(NAME, text.toString());
            return true;
        } catch (LocalStoreFault fault) {
            LOG.error("the list of damaged records could not be kept: {}", fault.getMessage());
            return false;
        }
    }

    private void read(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != FIELDS) {
            return;
        }
        KeyRef ref = KeyRef.parse(HexFormat.of().parseHex(words[1]), 0);
        listed.put(
                new Place(words[0], ref),
                new DamagedKey(
                        words[0],
                        ref.namespace(),
                        ref.key(),
                        new Version(Long.parseLong(words[2])),
                        Boolean.parseBoolean(words[3]),
                        Long.parseLong(words[4])));
    }
}
