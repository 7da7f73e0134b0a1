package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Mending.Came;
import dev.holdfast.engine.replication.ScrubStatus.DamagedKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of records that were read and are damaged: repaired, or listed and tried again. Thread-safe. */
final class DamagedRecords {
    private static final Logger LOG = LoggerFactory.getLogger(DamagedRecords.class);

    private final Parts parts;
    private final Mending mending;
    private final DamagedKeys listed;
    private final LongAdder damaged = new LongAdder();
    private final LongAdder repaired = new LongAdder();

    /** Whether it was damaged on a second look too and not known to be, and whether it is whole now. */
    record Found(boolean damaged, boolean repaired) {}

    DamagedRecords(Parts parts) {
        this.parts = parts;
        this.mending = new Mending(parts);
        this.listed = new DamagedKeys(parts.memory(), parts.residency());
    }

    /** How many have been found since the start. */
    long damaged() {
        return damaged.sum();
    }

    long repaired() {
        return repaired.sum();
    }

    List<DamagedKey> all() {
        return listed.all();
    }

    /** Whether any of them is not repaired for the only reason that its other homes could not be asked. */
    boolean waiting() {
        return !listed.all().stream().allMatch(DamagedKey::beyondRepair);
    }

    /** As {@link DamagedKeys#forgetOutside}. */
    boolean forgetOutside() {
        return listed.forgetOutside();
    }

    /** A read has shown damaged bytes. */
    Found found(KeyRef ref, Member member, @Nullable Head head) throws InterruptedException {
        Came came = mending.mend(ref, member, head);
        Version version = head == null ? Version.NONE : head.version();
        boolean isNew = switch (came) {
            case SOUND -> false;
            case REPAIRED -> !listed.remove(member.name(), ref);
            case BEYOND_REPAIR, NOT_NOW ->
                listed.add(new DamagedKey(
                        member.name(),
                        ref.namespace(),
                        ref.key(),
                        version,
                        came == Came.BEYOND_REPAIR,
                        parts.time().wallMillis()));
        };
        if (isNew) {
            damaged.increment();
            LOG.warn("provider {} held a damaged record of namespace {}: {}", member, ref.namespace(), said(came));
        }
        if (came == Came.REPAIRED) {
            repaired.increment();
        } else if (came == Came.SOUND) {
            listed.remove(member.name(), ref);
        }
        return new Found(isNew, came == Came.REPAIRED);
    }

    private static String said(Came came) {
        return switch (came) {
            case SOUND, REPAIRED -> "it has been repaired from another home";
            case BEYOND_REPAIR -> "no other home has it, so it stays as it is";
            case NOT_NOW -> "it is repaired once its other homes can be asked";
        };
    }

    /** A read has shown it whole. */
    void whole(Member member, KeyRef ref) {
        listed.remove(member.name(), ref);
    }

    /** Tries those again that are listed, since homes come back and users write. Providers that have left the placement are none of it. */
    void tryAgain() throws InterruptedException {
        for (DamagedKey each : listed.all()) {
            KeyRef ref = new KeyRef(each.namespace(), each.key());
            Optional<Member> member = parts.members().all().stream()
                    .filter(one -> one.name().equals(each.provider()))
                    .findFirst();
            if (member.isEmpty()) {
                listed.remove(each.provider(), ref);
            } else if (member.get().health.current()) {
                tryAgain(each, ref, member.get());
            }
        }
    }

    private void tryAgain(DamagedKey each, KeyRef ref, Member member) throws InterruptedException {
        member.ration.await(1);
        if (!each.beyondRepair() || mending.hope(ref, member, each.version())) {
            found(ref, member, headOf(each));
        }
    }

    /** All that is known of it by now. */
    private static @Nullable Head headOf(DamagedKey damaged) {
        return damaged.version().equals(Version.NONE) ? null : new Head(damaged.version(), false, 0, new byte[0], 0, 0);
    }
}
