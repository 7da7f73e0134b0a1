package dev.holdfast.engine.incident.notice;

import dev.holdfast.engine.incident.Incident;
import dev.holdfast.engine.incident.Incidents;
import dev.holdfast.engine.incident.Severity;
import dev.holdfast.engine.incident.notice.Messenger.Undelivered;
import dev.holdfast.engine.incident.notice.Notice.Event;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.time.Background;
import dev.holdfast.engine.time.Time;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one receiver of incidents, one notice after another, the worst first, on a thread of its own, so that nothing waits for it. What
 * changes while something of the same incident waits is told with it: the newest state wins. What does not arrive is tried again once the
 * others have been, after one second, two, four and so on up to a minute, each time up to a half less by chance, for an hour; what has not
 * been tried yet waits for a second of that at most, since it may be that one notice alone which the receiver cannot take. What was told is
 * kept on the node's disk, so that after a restart what is open and was not told is told, and nothing twice for no reason.
 *
 * <p>Thread-safe.
 */
public final class Deliveries implements Incidents.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final long SECOND = 1_000_000_000L;
    private static final long LOOK_NANOS = SECOND / 4;
    private static final long MOST_BACKOFF_NANOS = 60 * SECOND;
    private static final long BUDGET_NANOS = 3_600 * SECOND;
    /** Incidents of which something waits; more are not kept, so the mildest is given up, of those the oldest. */
    private static final int MOST_WAITING = 256;

    private static final int FAILURES_OF_REPEATING = 3;

    private final Time time;
    private final Config config;
    private final Messenger messenger;
    private final Supplier<List<Incident>> incidents;
    private final ToldLog log;
    private final ReentrantLock lock = new ReentrantLock();
    /** By id. */
    private final Map<String, Queued> waiting = new HashMap<>();

    private final Map<String, Told> told;
    private long numbers;
    /** Until when nothing is tried again, and nothing for the first time. */
    private long restsUntil;

    private long freshRestsUntil;
    private int attempts;
    private long repeatedAt;
    private long delivered;
    private long failed;
    private long givenUp;
    private long deliveredAt;
    private String problem = "";
    private @Nullable Thread thread;

    /**
     * How one receiver is told.
     *
     * @param name lower-case letters, digits and dashes
     * @param least only incidents that are or were at least so bad
     * @param repeatNanos after which it is told again of each incident that is open; 0 for never
     */
    public record Config(String name, Severity least, long repeatNanos) {}

    /**
     * Something of an incident that waits.
     *
     * @param since when it was tried first, by {@code Time.nanos}; empty for not yet
     * @param number of its place among its like
     * @param changed another number for each change of the incident
     */
    private record Queued(Severity severity, OptionalLong since, int tries, long number, long changed) {
        /** What is tried before others. */
        static final Comparator<Queued> FIRST = Comparator.comparingInt(Queued::tries)
                .thenComparing(Queued::severity)
                .thenComparingLong(Queued::number);

        /** What is given up before others. */
        static final Comparator<Queued> LEAST =
                Comparator.comparing(Queued::severity).reversed().thenComparingLong(Queued::number);
    }

    /** @param incidents all that are known, the newest first */
    public Deliveries(
            Time time, LocalStore local, Config config, Supplier<List<Incident>> incidents, Messenger messenger)
            throws LocalStoreFault {
        this.time = time;
        this.config = config;
        this.messenger = messenger;
        this.incidents = incidents;
        this.log = new ToldLog(local, config.name());
        this.told = log.all();
        this.repeatedAt = time.nanos() - config.repeatNanos();
        this.restsUntil = time.nanos();
        this.freshRestsUntil = restsUntil;
        List<Incident> all = incidents.get();
        for (String id : List.copyOf(told.keySet())) {
            if (find(all, id) == null) {
                told.remove(id);
                log.drop(id);
            }
        }
        for (Incident incident : all.reversed()) {
            // Of those that were over before this receiver was named, it does not want to hear.
            if (incident.open() || told.containsKey(incident.id())) {
                add(incident);
            }
        }
    }

    public void start() {
        thread = Background.start(time, "webhook-" + config.name(), this::step);
    }

    @Override
    public void changed(@Nullable Incident before, Incident now) {
        add(now);
    }

    private void add(Incident incident) {
        lock.lock();
        try {
            if (incident.worst().compareTo(config.least()) > 0
                    || Told.of(incident).equals(told.get(incident.id()))) {
                return;
            }
            Queued before = waiting.get(incident.id());
            long number = numbers++;
            waiting.put(
                    incident.id(),
                    before == null
                            ? new Queued(incident.severity(), OptionalLong.empty(), 0, number, number)
                            : new Queued(incident.severity(), before.since(), before.tries(), before.number(), number));
            makeRoom();
        } finally {
            lock.unlock();
        }
    }

    private void makeRoom() {
        if (waiting.size() > MOST_WAITING) {
            waiting.entrySet().stream()
                    .min(Map.Entry.comparingByValue(Queued.LEAST))
                    .map(Map.Entry::getKey)
                    .ifPresent(waiting::remove);
            givenUp++;
        }
    }

    /** @return how long to rest, in nanoseconds */
    long step() throws InterruptedException {
        Waiting next = next();
        if (next != null) {
            return tell(next);
        }
        if (config.repeatNanos() > 0 && time.nanos() - repeatedAt >= config.repeatNanos()) {
            repeatedAt = time.nanos();
            repeat();
        }
        return LOOK_NANOS;
    }

    /** @param since when it was tried first */
    private record Waiting(Incident incident, @Nullable Told before, long since, int tries) {}

    private @Nullable Waiting next() {
        while (true) {
            Map.Entry<String, Queued> due = due();
            if (due == null) {
                return null;
            }
            // Not under the lock, which whoever changes an incident wants.
            Incident incident = find(incidents.get(), due.getKey());
            lock.lock();
            try {
                // If it has changed meanwhile, it is not known how.
                if (!waiting.remove(due.getKey(), due.getValue())) {
                    continue;
                }
                Told before = told.get(due.getKey());
                if (incident != null && !Told.of(incident).equals(before)) {
                    Queued queued = due.getValue();
                    return new Waiting(incident, before, queued.since().orElse(time.nanos()), queued.tries());
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private Map.@Nullable Entry<String, Queued> due() {
        lock.lock();
        try {
            long now = time.nanos();
            return waiting.entrySet().stream()
                    .filter(each -> now - (each.getValue().tries() == 0 ? freshRestsUntil : restsUntil) >= 0)
                    .min(Map.Entry.comparingByValue(Queued.FIRST))
                    .map(Map.Entry::copyOf)
                    .orElse(null);
        } finally {
            lock.unlock();
        }
    }

    private static @Nullable Incident find(List<Incident> all, String id) {
        return all.stream()
                .filter(incident -> incident.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    private long tell(Waiting next) throws InterruptedException {
        Incident incident = next.incident();
        if (next.before() == null) {
            // If the node stops before this has arrived, it is told after the start, closed or not.
            keep(incident.id(), Told.nothing(incident));
        }
        try {
            messenger.deliver(Notice.of(incident, next.before()));
            arrived();
            keep(incident.id(), Told.of(incident));
            return 0;
        } catch (Undelivered undelivered) {
            failed(undelivered);
            if (undelivered.hopeless() || time.nanos() - next.since() >= BUDGET_NANOS) {
                LOG.error("webhook {} is not told of incident {}: {}", config.name(), incident.id(), problem);
                givenUp();
                keep(incident.id(), Told.of(incident));
                return 0;
            }
            again(next);
            return LOOK_NANOS;
        }
    }

    private void givenUp() {
        lock.lock();
        try {
            givenUp++;
            restNoMore();
        } finally {
            lock.unlock();
        }
    }

    private void again(Waiting failed) {
        lock.lock();
        try {
            String id = failed.incident().id();
            Queued changed = waiting.get(id);
            long number = numbers++;
            waiting.put(
                    id,
                    new Queued(
                            changed == null ? failed.incident().severity() : changed.severity(),
                            OptionalLong.of(failed.since()),
                            failed.tries() + 1,
                            number,
                            number));
            makeRoom();
            long now = time.nanos();
            long backoff = backoff();
            restsUntil = now + backoff;
            freshRestsUntil = now + Math.min(SECOND, backoff);
        } finally {
            lock.unlock();
        }
    }

    private void restNoMore() {
        attempts = 0;
        restsUntil = time.nanos();
        freshRestsUntil = restsUntil;
    }

    private long backoff() {
        long most = Math.min(MOST_BACKOFF_NANOS, SECOND << Math.min(attempts - 1, 6));
        return most / 2 + time.random().nextLong(most / 2);
    }

    private void arrived() {
        lock.lock();
        try {
            if (!problem.isEmpty()) {
                LOG.info("webhook {} is reached again", config.name());
            }
            delivered++;
            deliveredAt = time.wallMillis();
            problem = "";
            restNoMore();
        } finally {
            lock.unlock();
        }
    }

    private void failed(Undelivered undelivered) {
        lock.lock();
        try {
            if (problem.isEmpty()) {
                LOG.warn("webhook {} is not reached, and tried again: {}", config.name(), undelivered.getMessage());
            }
            failed++;
            attempts++;
            problem = undelivered.getMessage();
        } finally {
            lock.unlock();
        }
    }

    private void keep(String id, Told now) {
        lock.lock();
        try {
            told.put(id, now);
        } finally {
            lock.unlock();
        }
        try {
            log.put(id, now);
        } catch (LocalStoreFault fault) {
            LOG.warn("what webhook {} was told is not kept: {}", config.name(), fault.getMessage());
        }
    }

    /** What is open, again, the worst first, as long as most of it arrives. */
    private void repeat() throws InterruptedException {
        int failures = 0;
        List<Incident> worstFirst = incidents.get().reversed().stream()
                .sorted(Comparator.comparing(Incident::severity))
                .toList();
        for (Incident incident : worstFirst) {
            Told before = told(incident.id());
            if (incident.open() && before != null && before.anything()) {
                try {
                    messenger.deliver(new Notice(Event.STILL_OPEN, incident, before));
                    arrived();
                } catch (Undelivered undelivered) {
                    failed(undelivered);
                    if (++failures == FAILURES_OF_REPEATING) {
                        return;
                    }
                }
            }
        }
    }

    private @Nullable Told told(String id) {
        lock.lock();
        try {
            return told.get(id);
        } finally {
            lock.unlock();
        }
    }

    /** Sends a notice of nothing, now, on the calling thread. */
    public void test() throws Undelivered, InterruptedException {
        long wall = time.wallMillis();
        messenger.deliver(new Notice(
                Event.TEST,
                new Incident(
                        "test",
                        "test",
                        "This is a test: nothing is wrong",
                        Severity.P4,
                        Severity.P4,
                        wall,
                        wall,
                        0,
                        0,
                        List.of(),
                        List.of()),
                null));
    }

    public DeliveryStatus status() {
        lock.lock();
        try {
            return new DeliveryStatus(config.name(), delivered, failed, givenUp, waiting.size(), deliveredAt, problem);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        Background.end(thread);
    }
}
