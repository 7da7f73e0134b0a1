package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.RangeDigest;
import dev.holdfast.engine.provider.Row;
import dev.holdfast.engine.provider.Sighting;
import dev.holdfast.engine.replication.MergedScan.Merged;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;

/**
 * Looks at every key of some namespaces at every provider that answers, and counts in how many independent failure domains its newest
 * version lies: from what is there, not from what should be. In constant memory, and half of the time is left to others. Thread-safe.
 */
public final class HomesAudit {
    private static final int PAGE = 512;
    /** So many that are not the same everywhere are looked at once more, since a write may have been on its way. */
    private static final int LOOKED_AT_AGAIN = 1_000;

    private static final int SHOWN = 100;

    private final Parts parts;
    private final Time time;
    private final Members members;
    private final LongAdder seen = new LongAdder();

    HomesAudit(Parts parts) {
        this.parts = parts;
        this.time = parts.time();
        this.members = parts.members();
    }

    /**
     * A key in too few domains.
     *
     * @param homes the providers that hold its newest version
     * @param domains how many independent failure domains those are
     */
    public record Short(String namespace, Key key, Version version, List<String> homes, int domains, int wanted) {}

    /**
     * What was found.
     *
     * @param unanswered providers that could not be read to the end; what they hold does not count
     * @param keys live keys seen
     * @param bytes of their values
     * @param shortOf of those, how many lie in fewer domains than their namespace wants
     * @param first some of these
     * @param digests of the live keys at each provider that was read to the end: equal for those that hold the same
     * @param millis how long it took
     */
    public record Found(
            Set<String> unanswered,
            long keys,
            long bytes,
            long shortOf,
            List<Short> first,
            Map<String, RangeDigest> digests,
            long millis) {}

    /** Keys looked at so far. */
    public long seen() {
        return seen.sum();
    }

    /** @param without a provider that is taken to be gone */
    public Found run(List<Namespace> namespaces, Optional<String> without) throws InterruptedException {
        Looking looking = new Looking(without);
        for (Namespace namespace : namespaces) {
            looking.at(namespace);
        }
        return looking.found();
    }

    /** One look. */
    private final class Looking {
        private final Optional<String> without;
        private final long begun = time.nanos();
        private final List<Member> asked = members.where(Health::takesWrites);
        private final Set<String> unanswered = new TreeSet<>();
        private final Map<Member, RangeDigest> digests = new LinkedHashMap<>();
        private final List<Short> first = new ArrayList<>();
        private long keys;
        private long bytes;
        private long shortOf;
        private int lookedAgain;

        Looking(Optional<String> without) {
            this.without = without;
            members.where(health -> !health.takesWrites()).forEach(member -> unanswered.add(member.name()));
            asked.forEach(member -> digests.put(member, RangeDigest.EMPTY));
        }

        void at(Namespace namespace) throws InterruptedException {
            long patience = parts.config().callTimeout().toNanos();
            List<Member> inside = members.of(namespace.id()).of(asked);
            MergedScan scan = new MergedScan(time, members, inside, namespace.id(), new byte[0], null, PAGE, patience);
            long began = time.nanos();
            long rows = 0;
            for (Merged merged = scan.next(); merged != null; merged = scan.next()) {
                look(namespace, merged, scan.in());
                // What was deleted counts, too, or each of its rows would be rested after.
                if (++rows % PAGE == 0) {
                    time.sleep(time.nanos() - began);
                    began = time.nanos();
                }
            }
            scan.failed().forEach(member -> unanswered.add(member.name()));
        }

        private void look(Namespace namespace, Merged merged, List<Member> scanned) throws InterruptedException {
            Head newest = merged.newest();
            if (newest == null || !newest.alive(time.wallMillis())) {
                return;
            }
            keys++;
            seen.increment();
            bytes += newest.valueBytes();
            List<Member> homes = new ArrayList<>();
            merged.heads().forEach((member, head) -> {
                if (head.sameAs(newest)) {
                    homes.add(member);
                }
            });
            int wanted = namespace.policy().durability();
            boolean seemsShort = domains(homes) < wanted && shortOf < LOOKED_AT_AGAIN;
            if (seemsShort || (homes.size() < scanned.size() && lookedAgain++ < LOOKED_AT_AGAIN)) {
                homes.clear();
                homes.addAll(homesNow(scanned, new KeyRef(namespace.id(), merged.key()), newest));
            }
            // What may lie at some only makes no difference between them and the others.
            if (members.of(namespace.id()).all().size() == members.all().size()) {
                digest(merged, newest, homes);
            }
            if (domains(homes) < wanted) {
                shortOf++;
                if (first.size() < SHOWN) {
                    List<String> names = homes.stream().map(Member::name).toList();
                    first.add(new Short(
                            namespace.title(), merged.key(), newest.version(), names, domains(homes), wanted));
                }
            }
        }

        /** One that has got the version by now, or a newer one, counts as if it had been there. */
        private void digest(Merged merged, Head newest, List<Member> homes) {
            RangeDigest of = RangeDigest.of(new Row(merged.key(), newest));
            homes.forEach(member -> digests.merge(member, of, RangeDigest::plus));
            merged.heads().forEach((member, head) -> {
                if (!homes.contains(member)) {
                    digests.merge(member, RangeDigest.of(new Row(merged.key(), head)), RangeDigest::plus);
                }
            });
        }

        private int domains(List<Member> homes) {
            List<FailureDomain> domains = homes.stream()
                    .filter(member -> !without.equals(Optional.of(member.name())))
                    .map(member -> member.provider.failureDomain())
                    .toList();
            return Members.independent(domains);
        }

        /**
         * Those that hold this version by now, or a newer one, which is another write's. One that has lost the key shows its collection floor,
         * which may be newer as well.
         */
        private List<Member> homesNow(List<Member> scanned, KeyRef ref, Head newest) throws InterruptedException {
            long deadline = time.nanos() + parts.config().callTimeout().toNanos();
            parts.inFlight().awaitSettled(ref, newest.version(), deadline);
            Question<Sighting> question = new Question<>(time, members, CallKind.READ);
            scanned.forEach(member -> question.ask(member, provider -> provider.sight(ref.namespace(), ref.key())));
            question.await(deadline, question::allIn);
            question.close();
            List<Member> homes = new ArrayList<>();
            for (Member member : scanned) {
                Sighting seen = question.answer(member);
                if (seen != null && seen.present() && !newest.version().newerThan(seen.version())) {
                    homes.add(member);
                }
            }
            return homes;
        }

        Found found() {
            Map<String, RangeDigest> whole = new LinkedHashMap<>();
            digests.forEach((member, digest) -> {
                if (!unanswered.contains(member.name())) {
                    whole.put(member.name(), digest);
                }
            });
            long millis = (time.nanos() - begun) / 1_000_000;
            return new Found(unanswered, keys, bytes, shortOf, first, whole, millis);
        }
    }
}
