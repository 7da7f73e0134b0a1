package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Sighting;
import dev.holdfast.engine.time.Time;
import java.util.function.Predicate;

/**
 * Asks a provider that joins or leaves what was read from the others, and counts how often it would have answered something else. No answer
 * waits for it. Thread-safe.
 */
final class Shadow {
    /** At most so often, since one that joins has enough to do. */
    private static final long PAUSE_NANOS = 5_000_000L;
    /** A write may have come to one and not yet to the other. */
    private static final long LOOK_AGAIN_NANOS = 200_000_000L;

    private final Time time;
    private final Members members;
    private volatile long askedAt;

    Shadow(Time time, Members members) {
        this.time = time;
        this.members = members;
        this.askedAt = time.nanos();
    }

    /** @param answered what a read was answered with */
    void found(KeyRef ref, Record answered) {
        read(ref, seen -> seen.lacks(answered, time.wallMillis()));
    }

    /** @param asOf the version as of which a read was told that the key is absent */
    void missing(KeyRef ref, Version asOf) {
        read(ref, seen -> asOf.newerThan(seen.version()));
    }

    private void read(KeyRef ref, Predicate<Sighting> behind) {
        for (Member member : members.all()) {
            if (member.health.complete()
                    && members.of(ref.namespace()).has(member)
                    && time.nanos() - askedAt >= PAUSE_NANOS
                    && member.room()) {
                askedAt = time.nanos();
                time.fork("shadow-" + member.name(), () -> compare(member, ref, behind));
            }
        }
    }

    private void compare(Member member, KeyRef ref, Predicate<Sighting> behind) {
        try {
            if (!shows(member, ref, behind)) {
                member.shadowed.increment();
                return;
            }
            time.sleep(LOOK_AGAIN_NANOS);
            boolean differs = shows(member, ref, behind);
            if (member.health.complete()) {
                member.shadowed.increment();
                if (differs) {
                    member.disagreed.increment();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean shows(Member member, KeyRef ref, Predicate<Sighting> behind) throws InterruptedException {
        Question<Sighting> question = new Question<>(time, members, CallKind.READ);
        question.ask(member, provider -> provider.sight(ref.namespace(), ref.key()));
        question.await(time.nanos() + members.longestNanos(), question::allIn);
        question.close();
        Sighting seen = question.answer(member);
        return seen != null && behind.test(seen);
    }
}
