package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Namespace.Policy;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Put;
import dev.holdfast.engine.replication.HintLog.Waiting;
import dev.holdfast.engine.time.Time;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a provider the writes it has missed, oldest first. How many at once is decided by its health: one more after each page
 * that went well, half as many after a failure. Belongs to the recovery of one provider.
 */
final class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
    private static final int PAGE = 256;
    private static final int MOST_YIELDS = 100;
    private static final long YIELD_NANOS = 10_000_000L;
    private static final long STAYS_NANOS = 1_000_000_000L;
    private static final int FIRST_WINDOW = 8;
    private static final int MAX_WINDOW = 64;

    private final Time time;
    private final Members members;
    private final HintLog hints;
    private final Feed feed;
    private final Quarantine quarantine;
    private final Marks marks;
    private final Removal removal;
    private final Counters counters;
    private final Seals seals;
    private final Residency residency;
    private final Member member;
    private int window = FIRST_WINDOW;
    /** When this node was last seen not to be removed. */
    private long staysAt;

    Drain(Parts parts, Member member) {
        this.time = parts.time();
        this.members = parts.members();
        this.hints = parts.hints();
        this.feed = parts.feed();
        this.quarantine = parts.quarantine();
        this.marks = parts.marks();
        this.removal = parts.removal();
        this.counters = parts.counters();
        this.seals = parts.seals();
        this.residency = parts.residency();
        this.member = member;
        this.staysAt = time.nanos() - STAYS_NANOS;
    }

    /** @return whether everything that waited was taken */
    boolean run() throws InterruptedException, LocalStoreFault {
        Waiting after = null;
        while (true) {
            List<Waiting> page = hints.waiting(member, after, PAGE);
            if (page.isEmpty()) {
                if (after == null && hints.depth(member) > 0) {
                    hints.recount(member);
                }
                return true;
            }
            if (removed()) {
                return false;
            }
            AtomicBoolean failed = new AtomicBoolean();
            Crew crew = new Crew(time, "drain-" + member.name(), window);
            for (Waiting waiting : page) {
                if (failed.get()) {
                    break;
                }
                awaitRoom();
                member.ration.await(1);
                crew.does(() -> {
                    if (!give(waiting)) {
                        failed.set(true);
                    }
                });
            }
            crew.finish();
            if (failed.get()) {
                window = Math.max(1, window / 2);
                return false;
            }
            window = Math.min(MAX_WINDOW, window + 1);
            after = page.getLast();
        }
    }

    /** Users come first, though not for ever. */
    private void awaitRoom() throws InterruptedException {
        for (int i = 0; i < MOST_YIELDS && !member.bulkhead.room(member.underWay(), Policy.LAST_TIER); i++) {
            time.sleep(YIELD_NANOS);
        }
    }

    /** As of now, or a second ago. Also when it does not say. Asked on another thread: who calls one that hangs is interrupted, and this one must go on. */
    private boolean removed() throws InterruptedException {
        long now = time.nanos();
        if (now - staysAt < STAYS_NANOS) {
            return false;
        }
        Question<Boolean> question = new Question<>(time, members, CallKind.READ);
        question.ask(member, _ -> removal.foundAt(member));
        question.await(time.nanos() + 2 * members.deadlineNanos(member, CallKind.READ), question::allIn);
        question.close();
        boolean removed = !Boolean.FALSE.equals(question.answer(member));
        staysAt = removed ? now - STAYS_NANOS : now;
        return removed;
    }

    private boolean give(Waiting waiting) {
        KeyRef ref = waiting.ref();
        try (var _ = feed.changing()) {
            Optional<Record> record = sealed(ref, hints.get(member, ref));
            if (record.isEmpty() || !record.get().version().equals(waiting.version())) {
                hints.dropStray(member, waiting);
                return true;
            }
            if (residency.known(ref.namespace()) && !residency.at(ref.namespace(), member.name())) {
                // From before the provider was said to stand elsewhere.
                hints.taken(member, ref, waiting.version(), new Batch());
                return true;
            }
            long start = time.nanos();
            // No floor rises above a hint that waits, so a live record below it is one that the provider has lost.
            boolean vouched = !record.get().tombstone();
            Put put = member.call(provider -> provider.put(ref.namespace(), ref.key(), record.get(), vouched));
            members.answered(member, CallKind.WRITE, time.nanos() - start);
            if (!put.stored() && quarantine.concerns(put.winner()) && !quarantine.setAside(member, ref)) {
                // A floor that no honest clock can have set keeps nothing out.
                put = member.call(provider -> provider.restore(ref.namespace(), ref.key(), record.get()));
            }
            if (!put.stored() && quarantine.concerns(put.winner())) {
                return true;
            }
            // A call that was given up may have brought it there after readers had been told that nothing is known.
            boolean told = residency.here(ref.namespace());
            if (told && (put.stored() || put.winner().equals(waiting.version()))) {
                publish(waiting, record.get());
            } else {
                hints.taken(member, ref, waiting.version(), new Batch());
            }
            counters.drained.increment();
            return true;
        } catch (ProviderFault fault) {
            members.faulted(member, CallKind.WRITE, fault);
            return false;
        } catch (DamagedRecord e) {
            return dropDamaged(ref, waiting, e);
        } catch (LocalStoreFault fault) {
            LOG.error("the hint log fails: {}", fault.getMessage());
            return false;
        }
    }

    /** A hint of the time before its namespace was sealed does not bring what is clear to a provider that has none of it. */
    private Optional<Record> sealed(KeyRef ref, Optional<Record> hint) throws LocalStoreFault {
        try {
            return hint.isEmpty() ? hint : Optional.of(seals.seal(ref, hint.get()));
        } catch (Seals.KeyMissing missing) {
            throw new LocalStoreFault("a hint waits to be sealed: " + missing.getMessage(), false, missing);
        }
    }

    private void publish(Waiting waiting, Record record) throws LocalStoreFault {
        try (FeedEntry entry = feed.begin(waiting.ref(), record)) {
            Batch published = new Batch();
            feed.append(published, entry);
            hints.taken(member, waiting.ref(), waiting.version(), published);
            entry.stands();
        }
    }

    /** What the damaged hint held must now be found by comparing. */
    private boolean dropDamaged(KeyRef ref, Waiting waiting, DamagedRecord damage) {
        LOG.error("a hint for provider {} is damaged on this node's disk: {}", member, damage.getMessage());
        counters.damaged.increment();
        members.lied(member, "a hint for it was damaged on this node's disk, so it has to be compared");
        try {
            marks.owe(member);
            hints.taken(member, ref, waiting.version(), new Batch());
            return true;
        } catch (LocalStoreFault fault) {
            LOG.error("the hint log fails: {}", fault.getMessage());
            return false;
        }
    }
}
