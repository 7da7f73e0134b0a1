package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.ScrubStatus.Counts;
import dev.holdfast.engine.replication.ScrubStatus.DamagedKey;
import dev.holdfast.engine.replication.ScrubStatus.ProviderPass;
import dev.holdfast.engine.time.Background;
import dev.holdfast.engine.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * When to read through which provider: on a slow schedule, by request, and to the end whatever comes between. One provider after the
 * other, each in a pass of its own, so that one that is away holds no other up. Thread-safe.
 */
final class Scrubs {
    private static final long SECOND = 1_000_000_000L;
    /** A node that has just been started has better things to do. */
    private static final long SETTLED_NANOS = 60 * SECOND;
    /** Shorter runs are no beginning to count from. */
    private static final long RAN_NANOS = 600 * SECOND;

    private static final long AGAIN_NANOS = SECOND;
    private static final long RETRY_NANOS = 60 * SECOND;

    private final Parts parts;
    private final Time time;
    private final Supplier<List<NamespaceId>> namespaces;
    private final ScrubBook book;
    private final DamagedRecords damaged;
    private final LongAdder keys = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final long startedAt;
    private long triedAt;
    private long triedAgainAfter = AGAIN_NANOS;
    /** How many could be asked when this was looked at last. */
    private int asked;

    private boolean counting;
    /** A lock and no monitor; held while the thread is started or ended. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile @Nullable Thread thread;
    private boolean closed;
    private volatile boolean requested;
    private volatile @Nullable Leg leg;
    /** Providers that cannot be read on, by name; tried again now and then. */
    private final Set<String> stuck = ConcurrentHashMap.newKeySet();

    /** The pass over one provider since it was begun or went on. */
    private record Leg(String provider, long nanos, long keysBefore) {}

    Scrubs(Parts parts, Supplier<List<NamespaceId>> namespaces) {
        this.parts = parts;
        this.time = parts.time();
        this.namespaces = namespaces;
        this.book = new ScrubBook(parts.memory(), parts.residency());
        this.damaged = new DamagedRecords(parts);
        this.startedAt = time.nanos();
        this.triedAt = startedAt;
    }

    /** Begins when something is due; several times a second. */
    void look() {
        long up = time.nanos() - startedAt;
        if (up < SETTLED_NANOS) {
            return;
        }
        if (up >= RAN_NANOS && !counting) {
            counting = true;
            if (book.since() == 0) {
                book.rememberSince(time.wallMillis());
            }
        }
        if (thread == null
                && (!damaged.all().isEmpty() || parts.members().all().stream().anyMatch(this::due))) {
            begin();
        }
    }

    /** Has a pass over each provider begin now; one under way goes on. */
    void request() {
        for (Member member : parts.members().all()) {
            ScrubProgress now = book.of(member.name());
            if (!now.underWay()) {
                book.keep(member.name(), now.begin(time.wallMillis()));
            }
        }
        stuck.clear();
        requested = true;
        parts.members().changed().wake();
        begin();
    }

    private void begin() {
        lock.lock();
        try {
            if (thread == null && !closed) {
                thread = Background.start(time, "scrub", this::run);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean due(Member member) {
        ScrubProgress progress = book.of(member.name());
        Duration interval = parts.config().scrub().interval();
        if (progress.underWay() || interval.isZero()) {
            return progress.underWay();
        }
        long last = progress.begunAt() > 0 ? progress.begunAt() : book.since();
        return last > 0 && time.wallMillis() - last >= interval.toMillis();
    }

    private long run() throws InterruptedException {
        requested = false;
        boolean left = false;
        long before = damaged.damaged();
        for (Member member : parts.members().where(Health::current)) {
            if (due(member)) {
                left |= !pass(member) && !stuck.contains(member.name());
            }
        }
        boolean more = moreCanBeAsked();
        if (more || damaged.damaged() != before) {
            triedAgainAfter = AGAIN_NANOS;
        }
        if (more || time.nanos() - triedAt >= triedAgainAfter) {
            damaged.tryAgain();
            triedAt = time.nanos();
            triedAgainAfter = Math.min(2 * triedAgainAfter, RETRY_NANOS);
        }
        asked = canBeAsked();
        if (left) {
            return AGAIN_NANOS;
        }
        long rest = damaged.waiting() ? Math.max(0, triedAt + triedAgainAfter - time.nanos()) : RETRY_NANOS;
        // One that was away meanwhile is read as soon as it is back, and so is from it what is damaged elsewhere.
        parts.members().changed().await(time.nanos() + rest, () -> requested || somebodyIsBack() || moreCanBeAsked());
        return 0;
    }

    private boolean moreCanBeAsked() {
        return damaged.waiting() && canBeAsked() > asked;
    }

    private int canBeAsked() {
        return parts.members().where(Health::wordCounts).size();
    }

    private boolean somebodyIsBack() {
        return parts.members().where(Health::current).stream()
                .anyMatch(member -> book.of(member.name()).underWay() && !stuck.contains(member.name()));
    }

    private boolean pass(Member member) throws InterruptedException {
        ScrubProgress progress = book.of(member.name());
        if (!progress.underWay()) {
            progress = progress.begin(time.wallMillis());
            book.keep(member.name(), progress);
        }
        leg = new Leg(member.name(), time.nanos(), progress.counts().keys());
        stuck.remove(member.name());
        try {
            ScrubPass pass = new ScrubPass(parts, member, book, damaged, keys, bytes);
            boolean through = pass.run(namespaces.get());
            if (pass.stuck()) {
                stuck.add(member.name());
            }
            return through;
        } finally {
            leg = null;
        }
    }

    ScrubStatus view() {
        List<ProviderPass> passes = new ArrayList<>();
        boolean running = false;
        for (Member member : parts.members().all()) {
            ScrubProgress progress = book.of(member.name());
            running |= progress.underWay() && member.health.current() && !stuck.contains(member.name());
            passes.add(view(member, progress));
        }
        List<DamagedKey> listed = damaged.all();
        long beyond = listed.stream().filter(DamagedKey::beyondRepair).count();
        Counts counts = new Counts(keys.sum(), bytes.sum(), damaged.damaged(), damaged.repaired());
        return new ScrubStatus(running, passes, counts, beyond, listed);
    }

    private ProviderPass view(Member member, ScrubProgress progress) {
        Leg now = leg;
        boolean reading = now != null && now.provider().equals(member.name());
        String doing = "";
        if (progress.underWay()) {
            doing = reading ? "reading" : waiting(member);
        }
        return new ProviderPass(
                member.name(),
                doing,
                progress.begunAt(),
                progress.endedAt(),
                progress.counts(),
                progress.keysBefore(),
                reading && now != null ? left(progress, now) : ProviderPass.UNKNOWN);
    }

    private String waiting(Member member) {
        if (!member.health.current()) {
            return "waiting until the provider is current";
        }
        return stuck.contains(member.name())
                ? "no home can be scanned across what is damaged there"
                : "waiting for its turn";
    }

    private long left(ScrubProgress progress, Leg since) {
        long read = progress.counts().keys() - since.keysBefore();
        long left = progress.keysBefore() - progress.counts().keys();
        return read <= 0 || left < 0
                ? ProviderPass.UNKNOWN
                : Math.round((time.nanos() - since.nanos()) / 1e6 * left / read);
    }

    /** Has no key named on this node's disk that may not lie there. @return whether none is */
    boolean forgetOutside() {
        boolean none = damaged.forgetOutside();
        for (Member member : parts.members().all()) {
            none &= book.forgetOutside(member.name());
        }
        return none;
    }

    void close() {
        Thread running;
        lock.lock();
        try {
            closed = true;
            running = thread;
        } finally {
            lock.unlock();
        }
        Background.end(running);
    }
}
