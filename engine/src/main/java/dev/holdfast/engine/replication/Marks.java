package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Put;
import dev.holdfast.engine.time.Time;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Dirty marks (DESIGN rule 2): before this node first acknowledges a write that leans on a hint for a provider, the other
 * providers durably hold a mark that says so, once per outage. Another node that finds the mark does not take the provider's
 * word until it has been compared.
 *
 * <p>A mark is the record {@code dirty/provider/node} of the system namespace, holding {@code dirty} or {@code clean}.
 * Thread-safe.
 */
final class Marks {
    static final String PREFIX = "dirty/";
    private static final byte[] DIRTY = "dirty".getBytes(StandardCharsets.UTF_8);
    private static final byte[] CLEAN = "clean".getBytes(StandardCharsets.UTF_8);

    private final Time time;
    private final Members members;
    private final HybridClock clock;
    private final String node;
    private final long timeoutNanos;
    private final AtomicIntegerArray dirty;
    /** Writes that are about to keep a hint. */
    private final AtomicIntegerArray leaning;
    /** Locks and no monitors, since they are held while a mark is written. */
    private final ReentrantLock[] locks;

    Marks(Time time, Members members, HybridClock clock, String node, long timeoutNanos) {
        this.time = time;
        this.members = members;
        this.clock = clock;
        this.node = node;
        this.timeoutNanos = timeoutNanos;
        this.dirty = new AtomicIntegerArray(members.all().size());
        this.leaning = new AtomicIntegerArray(dirty.length());
        this.locks = new ReentrantLock[dirty.length()];
        for (int i = 0; i < locks.length; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    /**
     * Returns once the mark is durable at another provider, or none can take it: then no other node can read one either. The mark
     * stays at least until {@link #rest} follows, by when the hint must be durable.
     */
    void lean(Member member) throws InterruptedException, LocalStoreFault {
        // Before the look at the mark, as clear() looks the other way round: one of the two sees the other.
        leaning.incrementAndGet(member.index);
        if (dirty.get(member.index) == 1) {
            return;
        }
        boolean leans = false;
        locks[member.index].lock();
        try {
            if (dirty.get(member.index) == 0) {
                write(member, DIRTY);
                dirty.set(member.index, 1);
            }
            leans = true;
        } finally {
            locks[member.index].unlock();
            if (!leans) {
                rest(member);
            }
        }
    }

    void rest(Member member) {
        leaning.decrementAndGet(member.index);
    }

    /** Takes the mark back, when every hint of this node has been drained. */
    void clear(Member member) throws InterruptedException, LocalStoreFault {
        locks[member.index].lock();
        try {
            if (dirty.get(member.index) == 0) {
                return;
            }
            dirty.set(member.index, 0);
            boolean cleared = false;
            try {
                cleared = leaning.get(member.index) == 0 && write(member, CLEAN);
            } finally {
                dirty.set(member.index, cleared ? 0 : 1);
            }
        } finally {
            locks[member.index].unlock();
        }
    }

    /** After a restart it is not known whether a mark stands. */
    void assumeDirty(Member member) {
        locks[member.index].lock();
        try {
            dirty.set(member.index, 1);
        } finally {
            locks[member.index].unlock();
        }
    }

    static boolean isDirty(byte[] content) {
        return Arrays.equals(content, DIRTY);
    }

    private boolean write(Member about, byte[] content) throws InterruptedException, LocalStoreFault {
        KeyRef ref = new KeyRef(NamespaceId.SYSTEM, Key.of(PREFIX + about.name() + "/" + node));
        Record mark = Record.of(NodeMemory.stamp(clock), content);
        List<Member> others = members.where(Health::takesWrites);
        Question<Put> question = new Question<>(time, members, CallKind.WRITE);
        boolean asked = false;
        for (Member other : others) {
            if (other != about) {
                asked = true;
                question.ask(other, provider -> provider.putIfNewer(ref.namespace(), ref.key(), mark));
            }
        }
        if (!asked) {
            return false;
        }
        boolean[] stored = new boolean[1];
        question.await(time.nanos() + timeoutNanos, () -> {
            for (Member other : others) {
                stored[0] |= question.answer(other) != null;
            }
            return stored[0] || question.allIn();
        });
        question.close();
        return stored[0];
    }
}
