package dev.holdfast.engine.replication;

import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.replication.Question.Outcome;
import dev.holdfast.engine.time.Time;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A read of a whole record at one provider that by itself is no evidence for or against it. */
final class PlainRead {
    private static final long LOOK_NANOS = 1_000_000_000L;

    private PlainRead() {}

    /** Waits for as long as the provider's calls may take, after which they are interrupted. */
    static Outcome<Lookup> of(Time time, Member member, KeyRef ref) throws InterruptedException {
        AtomicReference<@Nullable Outcome<Lookup>> outcome = new AtomicReference<>();
        Thread asker = Thread.currentThread();
        member.run(CallKind.SCAN, () -> {
            outcome.set(call(member, ref));
            LockSupport.unpark(asker);
        });
        while (true) {
            Outcome<Lookup> came = outcome.get();
            if (came != null) {
                return came;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            time.park(LOOK_NANOS);
        }
    }

    private static Outcome<Lookup> call(Member member, KeyRef ref) {
        try {
            return new Outcome.Answered<>(member.call(provider -> provider.get(ref.namespace(), ref.key())));
        } catch (ProviderFault fault) {
            return new Outcome.Faulted<>(fault);
        }
    }
}
