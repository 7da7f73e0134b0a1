package dev.holdfast.engine.incident;

import dev.holdfast.engine.incident.TimelineEntry.Kind;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.StoreStatus;
import dev.holdfast.engine.time.Background;
import dev.holdfast.engine.time.Time;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices what is wrong at this node, four times a second, and keeps it as incidents on the node's own disk: it needs no provider
 * and no other node. What the disk does not take is tried again with each look, and shown from memory meanwhile.
 *
 * <p>Thread-safe.
 */
public final class Incidents implements Timeline, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Incidents.class);
    private static final long LOOK_NANOS = 250_000_000L;
    /** For how long what was done is told to incidents that open after it. */
    private static final long RECENT_MILLIS = 600_000;

    private static final int MOST_RECENT = 200;
    /** What a disk did not take is all to be put down again: not with each look. */
    private static final long RETRY_NANOS = 5_000_000_000L;

    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final Time time;
    private final IncidentConfig config;
    private final IncidentLog log;
    private final List<Detector> detectors;
    private final List<Acts> acts = new CopyOnWriteArrayList<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Observer observer;
    private final Supplier<StoreStatus> store;
    private final ProviderActs providers = new ProviderActs();
    private final Flows flows = new Flows();
    private final Sampler sampler = new Sampler();
    private final Correlation correlation = new Correlation();
    /** A lock and no monitor; never held while the disk is waited for. */
    private final ReentrantLock lock = new ReentrantLock();
    /** All that are kept, the oldest first; those that are open or were until lately are in {@link #cases} as well. */
    private final List<Incident> all = new ArrayList<>();

    private final Map<String, Case> cases = new TreeMap<>();
    private final Deque<TimelineEntry> recent = new ArrayDeque<>();
    private final Map<String, Incident> told = new HashMap<>();
    private volatile boolean diskFails;
    private volatile long failedAt;
    private final LongAdder opened = new LongAdder();
    private final Thread looking;

    /** Is told of incidents, on the thread that looks for them: must not wait. What it throws is logged. */
    @FunctionalInterface
    public interface Listener {
        /** @param before as it was told last; null for one that is new to this process */
        void changed(@Nullable Incident before, Incident now);
    }

    private Incidents(Time time, LocalStore local, IncidentConfig config, Sources sources) throws LocalStoreFault {
        this.time = time;
        this.config = config;
        this.log = new IncidentLog(local);
        this.detectors = List.of(
                new ProviderDetector(),
                new ContradictionDetector(),
                new GreyDetector(),
                new NodeDetector(),
                new SkewDetector(),
                new CredentialDetector(),
                new BacklogDetector(),
                new DamageDetector(),
                new BackupDetector(sources.backups()),
                // Last: what others find may be its reason.
                new BurnDetector(flows, config.objective()));
        this.observer = new Observer(time, sources, config.slow().toNanos());
        this.store = sources.store();
        acts.add(new ComparisonActs(sources.comparing()));
        all.addAll(log.incidents());
        long wall = time.wallMillis();
        for (Incident incident : all) {
            if (incident.open()) {
                Case open = restored(incident);
                open.opened("This node was started again.", wall);
            }
        }
        this.looking = Background.start(time, "incidents", this::step);
    }

    /** Begins to look, with what the node's disk has of earlier incidents. */
    public static Incidents open(Time time, LocalStore local, IncidentConfig config, Sources sources)
            throws LocalStoreFault {
        return new Incidents(time, local, config, sources);
    }

    private Case restored(Incident incident) throws LocalStoreFault {
        Case known = readBack(incident);
        cases.put(incident.id(), known);
        return known;
    }

    private Case readBack(Incident incident) throws LocalStoreFault {
        return new Case(incident, log.timeline(incident.id()), log.series(incident.id()), time.nanos());
    }

    /** Has the timelines tell of what it does, too. */
    public void follow(Acts more) {
        acts.add(more);
    }

    public void listen(Listener listener) {
        listeners.add(listener);
    }

    @Override
    public void note(String who, String what) {
        Kind kind = who.equals(TimelineEntry.SYSTEM) ? Kind.ACT : Kind.OPERATOR;
        put(new TimelineEntry(time.wallMillis(), who, kind, what));
    }

    /**
     * Puts it on the timeline of one incident, open or closed.
     *
     * @return whether there is such an incident
     * @throws LocalStoreFault when it is only on this node's disk, which does not give it
     */
    public boolean note(String id, String who, String what) throws LocalStoreFault {
        Incident named = find(id).orElse(null);
        if (named == null) {
            return false;
        }
        Case closed = named.open() ? null : readBack(named);
        lock.lock();
        try {
            Case known = cases.get(id);
            if (known == null && closed != null) {
                cases.put(id, closed);
                known = closed;
            }
            if (known != null) {
                known.add(new TimelineEntry(time.wallMillis(), who, Kind.OPERATOR, what));
            }
            return known != null;
        } finally {
            lock.unlock();
        }
    }

    private void put(TimelineEntry entry) {
        lock.lock();
        try {
            if (recent.size() == MOST_RECENT) {
                recent.removeFirst();
            }
            recent.add(entry);
            for (Case each : cases.values()) {
                if (each.open()) {
                    each.add(entry);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** All that are kept, the newest first. */
    public List<Incident> all() {
        lock.lock();
        try {
            List<Incident> found = new ArrayList<>();
            for (Incident incident : all) {
                Case known = cases.get(incident.id());
                found.add(known == null ? incident : known.incident());
            }
            return found.reversed();
        } finally {
            lock.unlock();
        }
    }

    public Optional<Incident> find(String id) {
        return all().stream().filter(incident -> incident.id().equals(id)).findFirst();
    }

    /** Those that are open, the worst first. */
    public List<Incident> open() {
        return all().stream()
                .filter(Incident::open)
                .sorted(Comparator.comparing(Incident::severity))
                .toList();
    }

    /** How many were opened since the start, those opened again included. */
    public long opened() {
        return opened.sum();
    }

    /** Whether this node's disk does not take what is known. */
    public boolean diskFails() {
        return diskFails;
    }

    /** What happened, the oldest first; empty when there is no such incident. */
    public List<TimelineEntry> timeline(String id) throws LocalStoreFault {
        lock.lock();
        try {
            Case known = cases.get(id);
            if (known != null) {
                return List.copyOf(known.entries);
            }
        } finally {
            lock.unlock();
        }
        return log.timeline(id);
    }

    /** The figures, the oldest first; empty when there is no such incident. */
    public List<Sample> series(String id) throws LocalStoreFault {
        lock.lock();
        try {
            Case known = cases.get(id);
            if (known != null) {
                return known.series.samples();
            }
        } finally {
            lock.unlock();
        }
        return log.series(id);
    }

    private long step() {
        StoreStatus status = store.get();
        providers.news(status).forEach(what -> note(TimelineEntry.SYSTEM, what));
        for (Acts each : acts) {
            each.news().forEach(what -> note(TimelineEntry.SYSTEM, what));
        }
        Observation now = observer.look(status, diskFails);
        lock.lock();
        try {
            look(now);
        } finally {
            lock.unlock();
        }
        keep();
        show();
        retire();
        tell();
        return LOOK_NANOS;
    }

    private void look(Observation now) {
        flows.add(now);
        List<Finding> findings = new ArrayList<>();
        detectors.forEach(detector -> detector.look(now, findings::add));
        for (Finding finding : findings) {
            place(finding, now);
        }
        cases.values().forEach(each -> each.settle(findings, now.wall()));
        rate(now, findings);
        for (Case each : cases.values()) {
            if (each.open() && each.quiet(now.nanos(), config.quiet().toNanos())) {
                each.close(
                        "Closed: nothing has been wrong for " + config.quiet().toSeconds() + " seconds.", now.wall());
            }
        }
        sampler.add(now)
                .ifPresent(
                        sample -> cases.values().stream().filter(Case::open).forEach(each -> each.series.add(sample)));
    }

    /** After it is on the disk, or what has been seen here would be unknown after a kill. */
    private void show() {
        lock.lock();
        try {
            all.replaceAll(incident -> {
                Case known = cases.get(incident.id());
                return known == null ? incident : known.incident();
            });
        } finally {
            lock.unlock();
        }
    }

    private void place(Finding finding, Observation now) {
        Case where = correlation.of(finding, cases.values(), now.wall()).orElse(null);
        if (where == null) {
            opened.increment();
            where = new Case(freshId(now.wall()), finding.cause(), finding.title(), now.wall(), now.nanos());
            cases.put(where.id, where);
            for (TimelineEntry entry : recent) {
                if (now.wall() - entry.at() <= RECENT_MILLIS) {
                    where.add(entry);
                }
            }
            sampler.before().forEach(where.series::add);
            where.opened("Opened: " + finding.title() + ".", now.wall());
            where.raise(finding, now.wall(), now.nanos());
            all.add(where.incident());
        } else {
            if (!where.open()) {
                opened.increment();
                where.reopen(now.wall(), now.nanos());
            }
            if (!finding.kind().follows()) {
                where.join(finding.cause(), finding.title());
            }
            where.raise(finding, now.wall(), now.nanos());
        }
        correlation.placed(finding, where, now.wall());
    }

    private String freshId(long wall) {
        String id = ID.format(Instant.ofEpochMilli(wall));
        String free = id;
        for (int i = 2; cases.containsKey(free) || known(free); i++) {
            free = id + "-" + i;
        }
        return free;
    }

    private boolean known(String id) {
        return all.stream().anyMatch(incident -> incident.id().equals(id));
    }

    /** Who is hurt is hurt by one of them: the one whose requests ring, or that has the latest reason. */
    private void rate(Observation now, List<Finding> findings) {
        Rating.Rated rated = Rating.rate(flows, now.nanos());
        Case bearer = cases.values().stream()
                .filter(each -> each.open() && each.anyOn())
                .filter(each -> each.has(AlarmKind.REQUESTS) || each.lastReason() != Long.MIN_VALUE)
                .max(Comparator.comparing((Case each) -> each.has(AlarmKind.REQUESTS))
                        .thenComparingLong(Case::lastReason)
                        .thenComparing(each -> each.id))
                .orElse(null);
        for (Case each : cases.values()) {
            if (each.open()) {
                each.rate(
                        own(each, each == bearer ? rated : Rating.NOBODY, findings),
                        config.calm().toNanos(),
                        now.wall(),
                        now.nanos());
            }
        }
        if (bearer != null) {
            for (FlowDelta delta : now.flows()) {
                if (delta.hurt()) {
                    bearer.hurt(delta, flows.refusedShare(delta.namespace().toString(), now.nanos()));
                }
            }
        }
    }

    /** Who is turned away for what has expired is in no count. */
    private static Rating.Rated own(Case each, Rating.Rated rated, List<Finding> findings) {
        Rating.Rated worst = rated;
        for (Finding finding : findings) {
            if (finding.atLeast().worseThan(worst.severity()) && each.has(finding)) {
                worst = new Rating.Rated(finding.atLeast(), finding.evidence());
            }
        }
        return worst;
    }

    private void keep() {
        if (diskFails && time.nanos() - failedAt < RETRY_NANOS) {
            return;
        }
        Batch batch = new Batch();
        lock.lock();
        try {
            cases.values().forEach(each -> each.unkept(batch));
        } finally {
            lock.unlock();
        }
        try {
            if (!batch.changes().isEmpty()) {
                log.commit(batch);
            }
            diskFails = false;
        } catch (LocalStoreFault fault) {
            notKept(fault);
        }
    }

    private void notKept(LocalStoreFault fault) {
        if (!diskFails) {
            LOG.error("what this node knows of incidents is not kept: {}", fault.getMessage());
        }
        diskFails = true;
        failedAt = time.nanos();
        lock.lock();
        try {
            cases.values().forEach(Case::notKept);
        } finally {
            lock.unlock();
        }
    }

    /** Those that cannot be opened again are on disk only, and the oldest are dropped. */
    private void retire() {
        if (diskFails) {
            return;
        }
        List<String> drop = new ArrayList<>();
        long wall = time.wallMillis();
        lock.lock();
        try {
            cases.values()
                    .removeIf(each -> !each.open()
                            && wall - each.closedAt() > config.reopen().toMillis());
            long closed = all.stream().filter(incident -> !incident.open()).count();
            for (Incident incident : List.copyOf(all)) {
                boolean old = wall - incident.closedAt() > config.keep().toMillis();
                if (!incident.open() && !cases.containsKey(incident.id()) && (old || closed > config.mostClosed())) {
                    all.remove(incident);
                    drop.add(incident.id());
                    closed--;
                }
            }
        } finally {
            lock.unlock();
        }
        try {
            for (String id : drop) {
                log.drop(id);
            }
        } catch (LocalStoreFault fault) {
            notKept(fault);
        }
    }

    private void tell() {
        List<Incident> changed = new ArrayList<>();
        lock.lock();
        try {
            for (Case each : cases.values()) {
                Incident now = each.incident();
                Incident before = told.get(each.id);
                if (before == null
                        || before.changedAt() != now.changedAt()
                        || before.severity() != now.severity()
                        || before.open() != now.open()) {
                    changed.add(now);
                }
            }
        } finally {
            lock.unlock();
        }
        for (Incident now : changed) {
            Incident before = told.put(now.id(), now);
            LOG.info(
                    "incident {} is {}, {}: {}", now.id(), now.open() ? "open" : "closed", now.severity(), now.title());
            for (Listener listener : listeners) {
                try {
                    listener.changed(before, now);
                } catch (RuntimeException defect) {
                    LOG.error("a listener to incidents failed", defect);
                }
            }
        }
    }

    @Override
    public void close() {
        Background.end(looking);
        keep();
    }
}
