package dev.holdfast.engine.replication;

import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.engine.time.Time;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reading (DESIGN section 6): every provider whose word counts is asked at once, one for the record and the others for its version; the
 * newest valid record wins. See {@link ReadRound} for what one round of asking decides. Thread-safe.
 */
final class Reads {
    private static final long MAX_PAUSE_NANOS = 16_000_000;

    private final Parts parts;
    private final Time time;
    private final Members members;
    private final Overlay overlay;
    private final Suspicion suspicion;
    private final Shadow shadow;
    private final long timeoutNanos;

    Reads(Parts parts, Overlay overlay, Suspicion suspicion) {
        this.parts = parts;
        this.time = parts.time();
        this.members = parts.members();
        this.overlay = overlay;
        this.suspicion = suspicion;
        this.shadow = new Shadow(time, members);
        this.timeoutNanos = parts.config().readTimeout().toNanos();
    }

    Answer get(KeyRef ref, ReadMode mode) throws InterruptedException {
        if (Request.now().over(time.nanos())) {
            return new Answer.Unavailable(Request.overdue());
        }
        parts.counters().reads.increment();
        Circle circle = members.of(ref.namespace());
        Retry retry = new Retry(time, members, circle, timeoutNanos, MAX_PAUSE_NANOS);
        while (true) {
            List<Member> panel = panel(circle, mode);
            if (panel.isEmpty()) {
                if (!retry.somebodyReturns()) {
                    return nobody(circle);
                }
                continue;
            }
            ReadRound round = new ReadRound(parts, overlay, suspicion, ref, circle, mode, panel, retry.deadline());
            @Nullable Answer answer;
            try {
                answer = round.run();
            } catch (LocalStoreFault fault) {
                return new Answer.Unavailable(new Refusal(
                        Reason.LOCAL_DISK_FAILED,
                        "This node's hint log, which the answer needs, cannot be used: " + fault.getMessage()));
            }
            if (answer != null) {
                switch (answer) {
                    case Answer.Found(var record, var _) -> shadow.found(ref, record);
                    case Answer.Missing(var asOf, var _) -> shadow.missing(ref, asOf);
                    case Answer.Unavailable _ -> {}
                }
                return answer;
            }
            // Whoever is left, though nobody takes its word, may still know the record.
            if (!round.changing()
                    && !retry.somebodyReturns()
                    && panel(circle, mode).equals(panel)) {
                return nobody(circle);
            }
            if (Request.now().over(time.nanos())) {
                return new Answer.Unavailable(Request.overdue());
            }
            if (retry.over() || !retry.pause(round.changing())) {
                return new Answer.Unavailable(new Refusal(
                        Reason.UNCONFIRMED_ABSENCE,
                        "A provider that may hold the key did not answer in time. Try again."));
            }
        }
    }

    private static Answer nobody(Circle circle) {
        if (circle.all().isEmpty()) {
            return new Answer.Unavailable(Outside.nowhere());
        }
        return new Answer.Unavailable(new Refusal(
                Reason.NO_PROVIDER,
                "None of the " + circle.all().size() + " providers can be read now. Try again later."));
    }

    /**
     * Whom to ask: the current ones, and those of whom the hint log knows all that they lack, since one of them may be the only
     * one that holds what a current one has lost unnoticed; when there is none, whoever answers, and then nothing can be vouched
     * for.
     */
    private static List<Member> panel(Circle circle, ReadMode mode) {
        if (mode == ReadMode.FRESH) {
            // A place that was wiped or restored has nothing to say that another does not, and may hold what was
            // deleted.
            List<Member> reachable = circle.where(h -> h.state() != ProviderState.DOWN && !h.blank());
            if (reachable.stream().anyMatch(m -> m.health.wordCounts())) {
                return reachable;
            }
        }
        return circle.panel();
    }
}
