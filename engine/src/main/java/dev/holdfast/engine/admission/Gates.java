package dev.holdfast.engine.admission;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.LocalStore.Table;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.engine.time.Time;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The gates of this node. They are on its own disk and in memory, so that they survive a restart and are read and changed with every
 * provider and every other node dead; each node has its own. What nobody has set by hand is as a {@link Ramp} has it while there is
 * one. Thread-safe.
 */
public final class Gates {
    private static final String PREFIX = "gate/";
    private static final int RETRY_SECONDS = 5;

    private final Time time;
    private final LocalStore local;
    private final Map<NamespaceId, Setting> settings = new ConcurrentHashMap<>();
    /** Held by whoever changes what gates say; a lock and no monitor, since it is held while the disk syncs. */
    private final ReentrantLock changing = new ReentrantLock();

    private volatile RampGates ramp = RampGates.NONE;
    private Ramping ramping = Ramping.NONE;
    /** Whose settings the disk may have otherwise than they are in force. Under the lock, as the next one. */
    private final Set<NamespaceId> unkept = new HashSet<>();
    /** Why the disk has not taken all that is in force; empty when it has. */
    private String notKept = "";

    /** Whoever has gates that nobody has set by hand. */
    interface Ramping {
        Ramping NONE = new Ramping() {
            @Override
            public void setByHand(Setting setting, Batch batch) {}

            @Override
            public void keep(Batch batch) {}
        };

        /** One of them is being set by hand; adds to the batch what is to be kept of that. */
        void setByHand(Setting setting, Batch batch);

        /** Adds to the batch how all is, since the disk has refused something before. */
        void keep(Batch batch);
    }

    /**
     * A gate that is not open, or only partly.
     *
     * @param by who has set it, for people
     * @param at milliseconds since the Unix epoch
     */
    public record Setting(NamespaceId namespace, Gate gate, String by, String why, long at) {}

    /**
     * What became of a change.
     *
     * @param notKept why the node's disk did not keep it, so that it is in force until the next start only unless the disk takes it
     *     later; null when it is kept
     */
    public record Changed(Setting setting, @Nullable String notKept) {}

    private Gates(Time time, LocalStore local) {
        this.time = time;
        this.local = local;
    }

    /** The gates as this node's disk has them. */
    public static Gates open(Time time, LocalStore local) throws LocalStoreFault {
        Gates gates = new Gates(time, local);
        byte[] end = PREFIX.getBytes(StandardCharsets.US_ASCII);
        end[end.length - 1]++;
        local.forEach(Table.NODE, PREFIX.getBytes(StandardCharsets.US_ASCII), end, stored -> {
            Setting setting = read(stored);
            gates.settings.put(setting.namespace(), setting);
        });
        return gates;
    }

    /** What a namespace may do now. */
    public Gate of(NamespaceId namespace) {
        Setting setting = found(namespace);
        return setting == null ? Gate.OPEN : setting.gate();
    }

    private @Nullable Setting found(NamespaceId namespace) {
        Setting byHand = settings.isEmpty() ? null : settings.get(namespace);
        return byHand != null ? byHand : ramp.setting(namespace);
    }

    /** Whether what is asked of a key may go on to those who hold it. */
    boolean admits(NamespaceId namespace, Key key) {
        Setting byHand = settings.isEmpty() ? null : settings.get(namespace);
        if (byHand != null) {
            return byHand.gate().admits(key);
        }
        RampGates ramped = ramp;
        Setting setting = ramped.setting(namespace);
        return setting == null || setting.gate().admits(key) || ramped.letsIn(namespace, key);
    }

    /** Whether what is no single key's may go on: a listing. */
    boolean admitsAll(NamespaceId namespace) {
        return of(namespace).admitsAll();
    }

    /** The gate of a namespace, with who has set it; empty when it is open. */
    public Optional<Setting> setting(NamespaceId namespace) {
        return Optional.ofNullable(found(namespace));
    }

    /** How many gates are not open. */
    public int notOpen() {
        return settings.size() + ramp.settings().size();
    }

    /** Why nothing at all may be done in a namespace; empty when something may. */
    public Optional<Refusal> closed(NamespaceId namespace) {
        return of(namespace).kind() == Gate.Kind.CLOSED ? Optional.of(refusal(namespace)) : Optional.empty();
    }

    /** Why a gate keeps something out. */
    Refusal refusal(NamespaceId namespace) {
        Setting setting = found(namespace);
        if (setting == null) {
            return new Refusal(Reason.GATE, "The namespace's gate was opened just now. Try again.");
        }
        return new Refusal(
                Reason.GATE,
                "The namespace is " + described(setting.gate()) + " since "
                        + Instant.ofEpochSecond(Math.floorDiv(setting.at(), 1000L)) + ", set by " + setting.by()
                        + (setting.why().isEmpty() ? "." : ": " + setting.why() + "."),
                RETRY_SECONDS);
    }

    private static String described(Gate gate) {
        return switch (gate.kind()) {
            case OPEN -> "open";
            case RAMPING -> "open for " + gate + " of its keys";
            case STALE_ONLY -> "open for reads of what this node knows only";
            case CLOSED -> "closed";
        };
    }

    /** In force when this returns. */
    public Changed set(NamespaceId namespace, Gate gate, String by, String why) {
        Setting setting = new Setting(namespace, gate, by, why, time.wallMillis());
        changing.lock();
        try {
            Batch batch = change();
            if (gate.equals(Gate.OPEN)) {
                settings.remove(namespace);
            } else {
                settings.put(namespace, setting);
            }
            add(batch, namespace);
            // Only now, so that it is never neither the ramp's nor set by hand.
            ramping.setByHand(setting, batch);
            String refused = commit(batch, List.of(namespace));
            return new Changed(setting, refused.isEmpty() ? null : refused);
        } finally {
            changing.unlock();
        }
    }

    /**
     * The begin of a batch, under the lock: all that the disk has refused before, so that it never has one change without an earlier one, as
     * that a gate is no longer the ramp's and not what it is instead. What is added later wins.
     */
    Batch change() {
        Batch batch = new Batch();
        if (!notKept.isEmpty()) {
            unkept.forEach(namespace -> add(batch, namespace));
            ramping.keep(batch);
        }
        return batch;
    }

    private void add(Batch batch, NamespaceId namespace) {
        Setting setting = settings.get(namespace);
        if (setting == null) {
            batch.delete(Table.NODE, key(namespace));
        } else {
            batch.put(Table.NODE, key(namespace), written(setting));
        }
    }

    /**
     * Commits a batch that began as {@link #change}; under the lock.
     *
     * @param of whose gates it has
     * @return why the disk did not take it; empty when it did
     */
    String commit(Batch batch, Collection<NamespaceId> of) {
        try {
            local.commit(batch);
            unkept.clear();
            notKept = "";
        } catch (LocalStoreFault fault) {
            unkept.addAll(of);
            notKept = String.valueOf(fault.getMessage());
        }
        return notKept;
    }

    /** Tries again what the disk has refused, if there is anything. */
    void keep() {
        changing.lock();
        try {
            if (!notKept.isEmpty()) {
                String _ = commit(change(), List.of());
            }
        } finally {
            changing.unlock();
        }
    }

    /** Why the disk has not taken all that is in force, or the last step of a ramp; empty when it has. Under the lock. */
    String notKept() {
        return notKept;
    }

    /** The lock under which a ramp changes, since it changes what gates say. */
    ReentrantLock changing() {
        return changing;
    }

    /** The one who has gates that nobody has set by hand. */
    void heldBy(Ramping owner) {
        ramping = owner;
    }

    /** What the ramp says of the gates that nobody has set by hand. */
    RampGates ramp() {
        return ramp;
    }

    /** In force when this returns; under the lock. */
    void ramp(RampGates now) {
        ramp = now;
    }

    /** The gate that somebody has set by hand; null for none. */
    @Nullable
    Setting byHand(NamespaceId namespace) {
        return settings.get(namespace);
    }

    /** Adds to a batch what becomes of gates set by hand, under the lock. {@link #moved} has it in force. */
    void move(Batch batch, List<NamespaceId> gone, List<Setting> made) {
        gone.forEach(namespace -> batch.delete(Table.NODE, key(namespace)));
        made.forEach(setting -> batch.put(Table.NODE, key(setting.namespace()), written(setting)));
    }

    /** Has in force what {@link #move} keeps. */
    void moved(List<NamespaceId> gone, List<Setting> made) {
        gone.forEach(settings::remove);
        made.forEach(setting -> settings.put(setting.namespace(), setting));
    }

    private static byte[] key(NamespaceId namespace) {
        return (PREFIX + namespace).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] written(Setting setting) {
        return String.join(
                        "\n",
                        setting.gate().toString(),
                        Long.toString(setting.at()),
                        URLEncoder.encode(setting.by(), StandardCharsets.UTF_8),
                        URLEncoder.encode(setting.why(), StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Setting read(LocalStore.Entry stored) {
        String name = new String(stored.key(), StandardCharsets.US_ASCII);
        String[] lines = new String(stored.value(), StandardCharsets.UTF_8).split("\n", -1);
        return new Setting(
                NamespaceId.parse(name.substring(PREFIX.length())),
                Gate.parse(lines[0]),
                URLDecoder.decode(lines[2], StandardCharsets.UTF_8),
                URLDecoder.decode(lines[3], StandardCharsets.UTF_8),
                Long.parseLong(lines[1]));
    }
}
