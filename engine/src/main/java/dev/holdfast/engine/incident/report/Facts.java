package dev.holdfast.engine.incident.report;

import dev.holdfast.engine.incident.Alarm;
import dev.holdfast.engine.incident.Incident;
import dev.holdfast.engine.incident.Sample;
import dev.holdfast.engine.incident.Sample.Flow;
import dev.holdfast.engine.incident.TimelineEntry;
import dev.holdfast.engine.incident.TimelineEntry.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/** What follows from a case file, so that all parts of a report say the same. Moments are in milliseconds since the Unix epoch. */
final class Facts {
    /** So many good seconds end what is taken for the first evidence of the same thing. */
    private static final int GOOD_BETWEEN = 5;
    /** How the audit log names what was done: {@code gate.set}. */
    private static final Pattern ACTION = Pattern.compile("[a-z]+\\.[a-z]+(-[a-z]+)*( |$)");

    private final CaseFile file;

    Facts(CaseFile file) {
        this.file = file;
    }

    CaseFile file() {
        return file;
    }

    Incident incident() {
        return file.incident();
    }

    long detectedAt() {
        return incident().openedAt();
    }

    /** The first that the figures or an alarm show of it: not after it was detected. */
    long firstEvidence() {
        long first = detectedAt();
        for (Alarm alarm : incident().alarms()) {
            first = Math.min(first, alarm.since());
        }
        int good = 0;
        for (Sample sample : file.series().reversed()) {
            if (begin(sample) >= detectedAt() || good == GOOD_BETWEEN) {
                continue;
            }
            boolean shows = shows(sample);
            good = shows ? 0 : good + 1;
            first = shows ? Math.min(first, begin(sample)) : first;
        }
        // Within that second nothing was wrong before somebody made it so.
        for (TimelineEntry fault : faultsOnPurpose()) {
            if (fault.at() > first && fault.at() - first <= 1_000) {
                return Math.min(fault.at(), detectedAt());
            }
        }
        return first;
    }

    private static boolean shows(Sample sample) {
        return hurt(sample)
                || sample.providers().stream().anyMatch(provider -> !current(provider) || provider.faults() > 0);
    }

    static long begin(Sample sample) {
        return sample.at() - 1_000L * sample.seconds();
    }

    static boolean current(Sample.ProviderPoint provider) {
        return current(provider.state());
    }

    static boolean current(String state) {
        return state.equals("current");
    }

    private static boolean hurt(Sample sample) {
        return sample.tiers().stream().anyMatch(flow -> flow.refused() + flow.stale() + flow.slow() > 0);
    }

    /** Of the time of the incident: samples since the first evidence. */
    private List<Sample> during() {
        long first = firstEvidence();
        return file.series().stream()
                .filter(sample -> sample.at() > first && begin(sample) < file.end())
                .toList();
    }

    /** When it was first said to be as bad as it became; empty when nobody was hurt. */
    OptionalLong worstSince() {
        String worse = "Worse: " + incident().worst() + " ";
        return file.timeline().stream()
                .filter(entry -> entry.kind() == Kind.SEVERITY && entry.what().startsWith(worse))
                .mapToLong(TimelineEntry::at)
                .findFirst();
    }

    /** The beginning of the first sample in which requests were hurt. */
    OptionalLong firstHurt() {
        return during().stream().filter(Facts::hurt).mapToLong(Facts::begin).findFirst();
    }

    /** The end of the last one. */
    OptionalLong lastHurt() {
        return during().reversed().stream()
                .filter(Facts::hurt)
                .mapToLong(Sample::at)
                .findFirst();
    }

    boolean anyHurt() {
        return firstHurt().isPresent() || !incident().impact().isEmpty();
    }

    /** What became of requests. */
    record Totals(long requests, long refused, long stale, long slow) {
        static final Totals NONE = new Totals(0, 0, 0, 0);

        private Totals plus(Flow flow) {
            return new Totals(
                    requests + flow.requests(), refused + flow.refused(), stale + flow.stale(), slow + flow.slow());
        }
    }

    /** From the first evidence to the end, or until nobody was hurt any more, of a tier; of all for a negative one. */
    Totals totals(int tier) {
        long last = lastHurt().orElse(Long.MAX_VALUE);
        Totals totals = Totals.NONE;
        for (Sample sample : during()) {
            for (Flow flow : sample.at() <= last ? sample.tiers() : List.<Flow>of()) {
                totals = tier < 0 || flow.tier() == tier ? totals.plus(flow) : totals;
            }
        }
        return totals;
    }

    /** Those with requests, the first first. */
    List<Integer> tiers() {
        return file.series().stream()
                .flatMap(sample -> sample.tiers().stream())
                .map(Flow::tier)
                .distinct()
                .sorted()
                .toList();
    }

    /** Names of providers, in the order in which they are shown. */
    List<String> providers() {
        return file.series().stream()
                .flatMap(sample -> sample.providers().stream())
                .map(Sample.ProviderPoint::name)
                .distinct()
                .sorted()
                .toList();
    }

    /** For how long not every provider was current. */
    long notAllCurrentMillis() {
        return millis(sample -> sample.providers().stream().anyMatch(provider -> !current(provider)));
    }

    long noneCurrentMillis() {
        return millis(sample ->
                !sample.providers().isEmpty() && sample.providers().stream().noneMatch(Facts::current));
    }

    long awayMillis(String provider) {
        return millis(sample ->
                sample.providers().stream().anyMatch(point -> point.name().equals(provider) && !current(point)));
    }

    private long millis(Predicate<Sample> which) {
        return 1_000
                * during().stream().filter(which).mapToLong(Sample::seconds).sum();
    }

    /** The end of the last sample in which not all were current; empty when all always were. */
    OptionalLong lastNotCurrent() {
        return during().reversed().stream()
                .filter(sample -> sample.providers().stream().anyMatch(provider -> !current(provider)))
                .mapToLong(Sample::at)
                .findFirst();
    }

    long mostHints() {
        return most(during().stream().mapToLong(Sample::hints));
    }

    long oldestHintMillis() {
        return most(during().stream().mapToLong(Sample::oldestHintMillis));
    }

    /** Writes that still waited in the last sample. */
    long hintsLeft() {
        return file.series().isEmpty() ? 0 : file.series().getLast().hints();
    }

    /** The end of the last sample in which writes waited; empty when none ever did. */
    OptionalLong lastHint() {
        return during().reversed().stream()
                .filter(sample -> sample.hints() > 0)
                .mapToLong(Sample::at)
                .findFirst();
    }

    long divergent() {
        return during().stream().mapToLong(Sample::divergent).sum();
    }

    /** The longest within which 99 % were answered in a sample of the incident; 0 for none. */
    long worstP99() {
        return most(during().stream().flatMapToLong(Facts::p99s));
    }

    /** The same before the first evidence, in the middle of those samples; 0 for none. */
    long usualP99() {
        long first = firstEvidence();
        long[] before = file.series().stream()
                .filter(sample -> sample.at() <= first)
                .flatMapToLong(Facts::p99s)
                .sorted()
                .toArray();
        return before.length == 0 ? 0 : before[before.length / 2];
    }

    private static LongStream p99s(Sample sample) {
        return sample.tiers().stream().mapToLong(Flow::p99Micros).filter(micros -> micros > 0);
    }

    private static long most(LongStream values) {
        return values.max().orElse(0);
    }

    /** Alarms of which others are not likely the reason. */
    List<Alarm> reasons() {
        return incident().alarms().stream()
                .filter(alarm -> !alarm.kind().follows())
                .toList();
    }

    /** When an operator had made a provider fail on purpose before the alarms that tell of it, or while they did. */
    List<TimelineEntry> faultsOnPurpose() {
        return file.timeline().stream()
                .filter(entry -> entry.kind() == Kind.OPERATOR
                        && entry.what().startsWith("fault.set ")
                        && entry.at() <= lastAlarm())
                .sorted(Comparator.comparingLong(TimelineEntry::at))
                .toList();
    }

    private long lastAlarm() {
        return incident().alarms().stream().mapToLong(Alarm::since).max().orElse(detectedAt());
    }

    /** What an operator has written, and not something that was done through the node. */
    static boolean note(TimelineEntry entry) {
        return entry.kind() == Kind.OPERATOR && !ACTION.matcher(entry.what()).lookingAt();
    }

    boolean anyNote() {
        return file.timeline().stream().anyMatch(Facts::note);
    }

    List<Alarm> alarmsOn() {
        return incident().alarms().stream().filter(Alarm::on).toList();
    }

    /** A time in which this node looked at nothing: it was not running. */
    record Gap(long from, long to) {}

    List<Gap> gaps() {
        List<Gap> gaps = new ArrayList<>();
        Sample before = null;
        for (Sample sample : file.series()) {
            if (before != null && begin(sample) - before.at() > 3_000) {
                gaps.add(new Gap(before.at(), begin(sample)));
            }
            before = sample;
        }
        return gaps;
    }
}
