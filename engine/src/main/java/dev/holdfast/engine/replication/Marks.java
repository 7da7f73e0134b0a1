package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Put;
import dev.holdfast.engine.time.Time;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Dirty marks (DESIGN rule 2): before this node first acknowledges a write that leans on a hint for a provider, the other
 * providers durably hold a mark that says so, once per outage. Another node that finds the mark does not take the provider's
 * word until it has been compared.
 *
 * <p>A mark is the record {@code dirty/provider/node} of the system namespace, holding {@code dirty} or {@code clean}.
 *
 * <p>Hints can be lost: with this node's disk, or with another node that was removed for good. What they held is then owed to the
 * provider all the same. The mark for such a debt stands until a comparison has paid it.
 *
 * <p>Thread-safe.
 */
final class Marks {
    private static final long AGAIN_NANOS = 1_000_000_000L;
    static final String PREFIX = "dirty/";
    private static final byte[] DIRTY = "dirty".getBytes(StandardCharsets.UTF_8);
    private static final byte[] CLEAN = "clean".getBytes(StandardCharsets.UTF_8);

    private final Time time;
    private final Members members;
    private final NodeMemory memory;
    private final HintLog hints;
    private final HybridClock clock;
    private final String node;
    private final long timeoutNanos;
    private final Mark[] marks;

    /** What is known of this node's own mark. */
    private enum Standing {
        GONE,
        STANDS,
        /** One was found at the providers that this run has not written. */
        MAY_STAND
    }

    private static final class Mark {
        /** A lock and no monitor, since it is held while the mark is written. */
        final ReentrantLock lock = new ReentrantLock();

        volatile Standing standing = Standing.GONE;
        /** Hints that are being kept now: the mark must not be taken back before they are counted. */
        final AtomicInteger keeping = new AtomicInteger();

        volatile boolean owed;
        /** When nobody took the mark last; a write does not wait for that again at once. */
        volatile long triedAt;

        Mark(long now) {
            triedAt = now - AGAIN_NANOS;
        }

        boolean stands(long now) {
            return standing == Standing.STANDS || (standing == Standing.MAY_STAND && now - triedAt < AGAIN_NANOS);
        }
    }

    /** Makes hints durable. */
    interface Keeping {
        void keep() throws InterruptedException, LocalStoreFault;
    }

    Marks(
            Time time,
            Members members,
            NodeMemory memory,
            HintLog hints,
            HybridClock clock,
            String node,
            long timeoutNanos)
            throws LocalStoreFault {
        this.time = time;
        this.members = members;
        this.memory = memory;
        this.hints = hints;
        this.clock = clock;
        this.node = node;
        this.timeoutNanos = timeoutNanos;
        this.marks = new Mark[members.slots()];
        for (Member member : members.all()) {
            begin(member, hints.depth(member) > 0 ? Standing.STANDS : Standing.GONE);
        }
    }

    /** Before a member is added. What was written to others since it was last used, no hint may hold. */
    void added(Member member) throws LocalStoreFault {
        begin(member, Standing.MAY_STAND);
        owe(member);
    }

    private void begin(Member member, Standing standing) throws LocalStoreFault {
        Mark mark = new Mark(time.nanos());
        mark.owed = memory.hintsLost(member.name());
        mark.standing = standing;
        marks[member.index] = mark;
    }

    /** Whether the key is one of a mark, which the provider that it is about need not hold. */
    static boolean areOf(KeyRef ref) {
        return ref.namespace().equals(NamespaceId.SYSTEM)
                && ref.key().startsWith(PREFIX.getBytes(StandardCharsets.UTF_8));
    }

    static Key key(String provider, String node) {
        return Key.of(PREFIX + provider + "/" + node);
    }

    /**
     * Keeps hints for members while their marks stand: durable at another provider, or none can take it, and then no other node
     * can read one either.
     */
    void whileMarked(List<Member> lacking, Keeping keeping) throws InterruptedException, LocalStoreFault {
        List<Member> marked = new ArrayList<>(lacking.size());
        try {
            for (Member member : lacking) {
                begin(member);
                marked.add(member);
            }
            keeping.keep();
        } finally {
            marked.forEach(this::end);
        }
    }

    private void begin(Member member) throws InterruptedException, LocalStoreFault {
        Mark mark = marks[member.index];
        // Before the look at the mark, as clear() looks the other way round: one of the two sees the other.
        mark.keeping.incrementAndGet();
        if (mark.stands(time.nanos())) {
            return;
        }
        boolean begun = false;
        mark.lock.lock();
        try {
            if (!mark.stands(time.nanos())) {
                boolean taken = write(member, DIRTY);
                mark.standing = taken ? Standing.STANDS : Standing.MAY_STAND;
                mark.triedAt = time.nanos();
            }
            begun = true;
        } finally {
            mark.lock.unlock();
            if (!begun) {
                end(member);
            }
        }
    }

    private void end(Member member) {
        marks[member.index].keeping.decrementAndGet();
    }

    /** Takes the mark back if every hint of this node has been drained and nothing is owed besides. */
    void clear(Member member) throws InterruptedException, LocalStoreFault {
        Mark mark = marks[member.index];
        mark.lock.lock();
        try {
            if (mark.owed || mark.standing == Standing.GONE) {
                return;
            }
            Standing before = mark.standing;
            // Whoever begins from now on writes the mark anew, even if the wish to take it back is only lost or late.
            mark.standing = Standing.MAY_STAND;
            mark.triedAt = time.nanos() - AGAIN_NANOS;
            if (mark.owed || mark.keeping.get() > 0 || hints.depth(member) > 0) {
                mark.standing = before;
            } else if (write(member, CLEAN)) {
                mark.standing = Standing.GONE;
            }
        } finally {
            mark.lock.unlock();
        }
    }

    /** A mark of this node stands at the providers. Perhaps an earlier run wrote it, or it was taken back just now. */
    void found(Member member) {
        Mark mark = marks[member.index];
        mark.lock.lock();
        try {
            if (mark.standing == Standing.GONE) {
                mark.standing = Standing.MAY_STAND;
            }
        } finally {
            mark.lock.unlock();
        }
    }

    /** Durably notes that hints for the member are lost, so that only a comparison can give it what they held. */
    void owe(Member member) throws LocalStoreFault {
        memory.rememberHintsLost(member.name(), true);
        marks[member.index].owed = true;
    }

    /** Takes over the debt of another node, with a mark for all to see. */
    void takeOver(Member member) throws InterruptedException, LocalStoreFault {
        owe(member);
        whileMarked(List.of(member), () -> {});
    }

    boolean owed(Member member) {
        return marks[member.index].owed;
    }

    /** A comparison has given the member all that any provider holds. */
    void paid(Member member) throws LocalStoreFault {
        marks[member.index].owed = false;
        memory.rememberHintsLost(member.name(), false);
    }

    static boolean isDirty(byte[] content) {
        return Arrays.equals(content, DIRTY);
    }

    private boolean write(Member about, byte[] content) throws InterruptedException, LocalStoreFault {
        KeyRef ref = new KeyRef(NamespaceId.SYSTEM, key(about.name(), node));
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
