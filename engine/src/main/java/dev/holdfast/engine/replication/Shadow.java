package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Sighting;
import dev.holdfast.engine.time.Time;

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

    /** @param answered the version that a read was answered with, or as of which the key is absent */
    void read(KeyRef ref, Version answered) {
        for (Member member : members.all()) {
            if (member.health.complete()
                    && members.of(ref.namespace()).has(member)
                    && time.nanos() - askedAt >= PAUSE_NANOS
                    && member.room()) {
                askedAt = time.nanos();
                time.fork("shadow-" + member.name(), () -> compare(member, ref, answered));
            }
        }
    }

    private void compare(Member member, KeyRef ref, Version answered) {
        try {
            if (!behind(member, ref, answered)) {
                member.shadowed.increment();
                return;
            }
            time.sleep(LOOK_AGAIN_NANOS);
            boolean differs = behind(member, ref, answered);
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

    private boolean behind(Member member, KeyRef ref, Version answered) throws InterruptedException {
        Question<Sighting> question = new Question<>(time, members, CallKind.READ);
        question.ask(member, provider -> provider.sight(ref.namespace(), ref.key()));
        question.await(time.nanos() + members.longestNanos(), question::allIn);
        question.close();
        Sighting seen = question.answer(member);
        return seen != null && answered.newerThan(seen.version());
    }
}
