package dev.holdfast.engine.incident;

import dev.holdfast.engine.incident.TimelineEntry.Kind;
import dev.holdfast.engine.provider.LocalStore.Batch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An incident that is open, or was until a while ago, with all there is of it. Guarded by the lock of {@link Incidents}. */
final class Case {
    /** Lines of a timeline; the last hundred are for what must not be missing. */
    private static final int MOST_ENTRIES = 2_000;

    private static final int LAST_ENTRIES = 100;
    private static final int MOST_ALARMS = 50;
    private static final int MOST_TITLE = 300;
    private static final int MOST_IMPACT = 100;

    final String id;
    final List<TimelineEntry> entries = new ArrayList<>();
    final Series series;
    private final Set<String> causes = new LinkedHashSet<>();
    private final List<Alarm> alarms = new ArrayList<>();
    private final Map<String, Impact> impact = new HashMap<>();
    private final Map<String, Long> raisedAt = new HashMap<>();
    private final long openedAt;
    private String title;
    private Severity severity = Severity.P4;
    private Severity worst = Severity.P4;
    private long changedAt;
    private long closedAt;
    private int reopened;
    /** By {@code Time.nanos}: when something was wrong last, and when each severity was right last. */
    private long wrongAt;

    private final Map<Severity, Long> rightAt = new EnumMap<>(Severity.class);
    private @Nullable Incident kept;
    private int entriesKept;

    Case(String id, String cause, String title, long wall, long nanos) {
        this.id = id;
        this.title = title;
        this.openedAt = wall;
        this.changedAt = wall;
        this.wrongAt = nanos;
        this.series = new Series(wall);
        causes.add(cause);
    }

    /** As it was kept. */
    Case(Incident incident, List<TimelineEntry> entries, List<Sample> samples, long nanos) {
        this(incident.id(), incident.cause(), incident.title(), incident.openedAt(), nanos);
        causes.clear();
        causes.addAll(List.of(incident.cause().split(" ")));
        alarms.addAll(incident.alarms());
        incident.impact().forEach(each -> impact.put(each.namespace(), each));
        severity = incident.severity();
        worst = incident.worst();
        changedAt = incident.changedAt();
        closedAt = incident.closedAt();
        reopened = incident.reopened();
        this.entries.addAll(entries);
        entriesKept = entries.size();
        series.restore(samples);
        rightAt.put(severity, nanos);
        kept = incident;
    }

    boolean open() {
        return closedAt == 0;
    }

    long openedAt() {
        return openedAt;
    }

    long closedAt() {
        return closedAt;
    }

    Severity severity() {
        return severity;
    }

    boolean about(String cause) {
        return causes.contains(cause);
    }

    /** Whether all that is known to be wrong mostly follows from something else, which is not known. */
    boolean unexplained() {
        return alarms.stream().allMatch(alarm -> alarm.kind().follows());
    }

    /** When the last alarm began that may be the reason of others; {@link Long#MIN_VALUE} for none that is on. */
    long lastReason() {
        return alarms.stream()
                .filter(alarm ->
                        alarm.on() && alarm.kind().hurts() && !alarm.kind().follows())
                .mapToLong(Alarm::since)
                .max()
                .orElse(Long.MIN_VALUE);
    }

    /** Whether the alarm has begun, or come back, within so many milliseconds. */
    boolean beganLately(Finding finding, long wall, long millis) {
        return wall - raisedAt.getOrDefault(finding.kind() + " " + finding.subject(), wall) <= millis;
    }

    boolean has(AlarmKind kind) {
        return alarms.stream().anyMatch(alarm -> alarm.on() && alarm.kind() == kind);
    }

    boolean has(Finding finding) {
        return alarms.stream().anyMatch(alarm -> alarm.same(finding));
    }

    void join(String cause, String named) {
        if (causes.remove("store")) {
            // What it follows from is known now.
            title = named;
            causes.add(cause);
        } else if (causes.add(cause) && title.length() < MOST_TITLE) {
            title = title + "; " + named;
        }
    }

    /** @return whether that is new */
    boolean raise(Finding finding, long wall, long nanos) {
        wrongAt = nanos;
        if (alarms.stream().noneMatch(alarm -> alarm.same(finding) && alarm.on())) {
            raisedAt.put(finding.kind() + " " + finding.subject(), wall);
        }
        for (int i = 0; i < alarms.size(); i++) {
            Alarm alarm = alarms.get(i);
            if (alarm.same(finding) && alarm.on()) {
                if (finding.kind() == AlarmKind.EXPIRY) {
                    // How many there are, and which is the next, changes from day to day.
                    title = alarm.evidence().equals(title + ".") ? finding.title() : title;
                    alarms.set(i, new Alarm(alarm.kind(), alarm.subject(), finding.evidence(), alarm.since(), 0));
                }
                return false;
            }
            if (alarm.same(finding)) {
                alarms.set(i, new Alarm(alarm.kind(), alarm.subject(), finding.evidence(), alarm.since(), 0));
                changedAt = wall;
                add(new TimelineEntry(wall, TimelineEntry.SYSTEM, Kind.ALARM, "Again: " + finding.evidence()));
                return true;
            }
        }
        if (alarms.size() == MOST_ALARMS) {
            alarms.removeIf(alarm -> !alarm.on() && alarms.indexOf(alarm) > 0);
        }
        alarms.add(new Alarm(finding.kind(), finding.subject(), finding.evidence(), wall, 0));
        changedAt = wall;
        add(new TimelineEntry(wall, TimelineEntry.SYSTEM, Kind.ALARM, finding.evidence()));
        return true;
    }

    /** Ends the alarms that are not found any more. */
    void settle(List<Finding> findings, long wall) {
        for (int i = 0; i < alarms.size(); i++) {
            Alarm alarm = alarms.get(i);
            if (alarm.on() && findings.stream().noneMatch(alarm::same)) {
                alarms.set(i, new Alarm(alarm.kind(), alarm.subject(), alarm.evidence(), alarm.since(), wall));
                changedAt = wall;
                add(new TimelineEntry(wall, TimelineEntry.SYSTEM, Kind.ALARM, "Over: " + alarm.evidence()));
            }
        }
    }

    boolean anyOn() {
        return alarms.stream().anyMatch(Alarm::on);
    }

    /** Severity rises at once, and falls when the lesser one has been enough for {@code calmNanos}. */
    void rate(Rating.Rated rated, long calmNanos, long wall, long nanos) {
        rightAt.put(rated.severity(), nanos);
        Severity told = Severity.P4;
        for (Severity each : Severity.values()) {
            Long at = rightAt.get(each);
            if (at != null && nanos - at < calmNanos) {
                told = each;
                break;
            }
        }
        if (told != severity) {
            String how = told.worseThan(severity) ? "Worse: " : "Better: ";
            add(new TimelineEntry(
                    wall, TimelineEntry.SYSTEM, Kind.SEVERITY, how + told + " after " + severity + ". " + rated.who()));
            severity = told;
            changedAt = wall;
        }
        worst = Severity.worse(worst, severity);
    }

    void hurt(FlowDelta delta, double share) {
        String namespace = delta.namespace().toString();
        Impact more = new Impact(
                namespace, delta.tier(), delta.requests(), delta.refused(), delta.stale(), delta.slow(), share);
        Impact known = impact.get(namespace);
        if (known != null || impact.size() < MOST_IMPACT) {
            impact.put(namespace, known == null ? more : known.plus(more));
        }
    }

    boolean quiet(long nanos, long quietNanos) {
        return !anyOn() && nanos - wrongAt >= quietNanos;
    }

    void opened(String why, long wall) {
        add(new TimelineEntry(wall, TimelineEntry.SYSTEM, Kind.STATE, why));
    }

    void close(String why, long wall) {
        closedAt = wall;
        changedAt = wall;
        add(new TimelineEntry(wall, TimelineEntry.SYSTEM, Kind.STATE, why));
    }

    void reopen(long wall, long nanos) {
        closedAt = 0;
        reopened++;
        changedAt = wall;
        wrongAt = nanos;
        rightAt.clear();
        severity = Severity.P4;
        add(new TimelineEntry(wall, TimelineEntry.SYSTEM, Kind.STATE, "Opened again: the same is wrong as before."));
    }

    void add(TimelineEntry entry) {
        boolean needed = entry.kind() == Kind.STATE || entry.kind() == Kind.SEVERITY;
        if (entries.size() < (needed ? MOST_ENTRIES : MOST_ENTRIES - LAST_ENTRIES)) {
            entries.add(entry);
        }
    }

    Incident incident() {
        List<Impact> hurt = impact.values().stream()
                .sorted(Comparator.comparingInt(Impact::tier)
                        .thenComparing(Comparator.comparingLong(Impact::refused).reversed())
                        .thenComparing(Impact::namespace))
                .toList();
        return new Incident(
                id,
                String.join(" ", causes),
                title,
                severity,
                worst,
                openedAt,
                changedAt,
                closedAt,
                reopened,
                List.copyOf(alarms),
                hurt);
    }

    /** Adds what is not on disk yet. */
    void unkept(Batch batch) {
        Incident now = incident();
        if (!now.equals(kept)) {
            IncidentLog.put(batch, now);
            kept = now;
        }
        for (; entriesKept < entries.size(); entriesKept++) {
            IncidentLog.put(batch, id, entriesKept, entries.get(entriesKept));
        }
        series.unkept(batch, id);
    }

    /** The disk did not take it: all of it is to be put down again. */
    void notKept() {
        kept = null;
        entriesKept = 0;
        series.notKept();
    }
}
