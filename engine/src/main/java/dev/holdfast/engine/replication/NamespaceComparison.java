package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.RangeDigest;
import dev.holdfast.engine.provider.Row;
import dev.holdfast.engine.replication.MergedScan.Merged;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The comparison of one namespace, in constant memory. Providers that cannot digest, at least one, are streamed and merged. Of each
 * segment of some thousand keys the others are asked for their digest, and only where that is another one than the digest of the newest
 * that was streamed, the rows of all are merged: of the whole segment when much differs, otherwise of the parts of it that do, found by
 * halving. A key that differs in the merge is levelled, which looks again: a write that was under way is no difference then.
 *
 * <p>Belongs to one thread.
 */
final class NamespaceComparison {
    static final int SEGMENT = 4096;
    private static final int PAGE = 1000;
    /** A part that is not worth another halving. */
    private static final int LEAF = 256;
    /** Whoever digests reads all of it. */
    private static final long SEGMENT_BYTES = 32L * 1024 * 1024;
    /** When one lacks more than so much of a segment, all of it is merged at once. */
    private static final double MUCH = 0.125;

    private static final int DIGEST_BYTES = 24;
    /** Beside the keys that were streamed of a range, so that the page which tells that it is over is the first one. */
    private static final int SPARE = 16;

    private final Parts parts;
    private final Time time;
    private final List<Member> compared;
    private final NamespaceId namespace;
    private final Levelling levelling;
    private final MassDeletes deletes;
    private final Tally tally;
    private final Batches batches;
    private final double yield;
    private final Consumer<Key> seen;
    private final List<Member> digesting;
    private final List<Member> streamed;
    private long unrested;
    private long began;
    private long waitedBefore;

    /**
     * @param yield how long to rest after a page, as a multiple of the time it took
     * @param seen is told of every key, if anybody has to be
     */
    NamespaceComparison(
            Parts parts,
            List<Member> compared,
            NamespaceId namespace,
            Levelling levelling,
            MassDeletes deletes,
            Tally tally,
            BatchSize batchSize,
            double yield,
            @Nullable Consumer<Key> seen) {
        this.parts = parts;
        this.time = parts.time();
        this.compared = compared;
        this.namespace = namespace;
        this.levelling = levelling;
        this.deletes = deletes;
        this.tally = tally;
        this.batches = new Batches(time, compared, levelling, batchSize, namespace);
        this.yield = yield;
        this.seen = seen == null ? key -> {} : seen;
        this.digesting = seen == null ? digesting(compared) : List.of();
        this.streamed =
                compared.stream().filter(member -> !digesting.contains(member)).toList();
        this.began = time.nanos();
    }

    /** All that can, but for one if that is all there are; a place that is being filled has nothing to digest. */
    private static List<Member> digesting(List<Member> compared) {
        List<Member> able = new ArrayList<>();
        boolean streams = false;
        for (Member member : compared) {
            if (member.provider.digests() && !member.health.blank()) {
                able.add(member);
            } else {
                streams |= !member.health.blank();
            }
        }
        if (!streams && !able.isEmpty()) {
            // One whose rows need not travel, if there is one.
            able.remove(able.stream()
                    .filter(member -> member.provider.holdsThread())
                    .findFirst()
                    .orElse(able.getFirst()));
        }
        return able;
    }

    /** Compares all keys, and levels those that differ. What could not be read spoils the levelling. */
    void run() throws InterruptedException {
        if (digesting.isEmpty()) {
            merge(null, null, PAGE);
        } else {
            compareSegments();
        }
        batches.finish();
    }

    private void compareSegments() throws InterruptedException {
        MergedScan scan = scan(streamed, null, PAGE);
        List<Merged> segment = new ArrayList<>();
        Key after = null;
        long bytes = 0;
        for (Merged merged = next(scan); merged != null; merged = next(scan)) {
            segment.add(merged);
            Head newest = merged.newest();
            bytes += newest == null ? 0 : newest.valueBytes();
            if (segment.size() == SEGMENT || bytes >= SEGMENT_BYTES) {
                compare(new Range(after, merged.key(), segment));
                after = merged.key();
                segment = new ArrayList<>();
                bytes = 0;
            }
        }
        end(scan);
        if (levelling.sound()) {
            compare(new Range(after, null, segment));
        }
    }

    /** Keys after one and up to another, the first and the last of all included where that is null, and what was streamed of them. */
    private record Range(@Nullable Key after, @Nullable Key upTo, List<Merged> keys) {
        Range from(int first) {
            return new Range(keys.get(first - 1).key(), upTo, keys.subList(first, keys.size()));
        }

        Range upTo(int end) {
            return new Range(after, keys.get(end - 1).key(), keys.subList(0, end));
        }
    }

    private void compare(Range range) throws InterruptedException {
        if (alike(range.keys)) {
            Map<Member, RangeDigest> digests = digests(range);
            if (digests.size() < digesting.size()) {
                return;
            }
            RangeDigest expected = digest(range.keys);
            if (digests.values().stream().allMatch(expected::equals)) {
                count(range.keys.size());
                return;
            }
            long most = digests.values().stream()
                    .mapToLong(digest -> expected.rows() - digest.rows())
                    .max()
                    .orElse(0);
            if (most > MUCH * range.keys.size()) {
                merge(range);
                return;
            }
        }
        if (range.keys.size() <= LEAF) {
            merge(range);
            return;
        }
        int middle = range.keys.size() / 2;
        compare(range.upTo(middle));
        if (levelling.sound()) {
            compare(range.from(middle));
        }
    }

    /** Whether those that were streamed hold the same, and nothing is damaged. */
    private boolean alike(List<Merged> keys) {
        return keys.stream().noneMatch(merged -> merged.differs(streamed.size()));
    }

    private static RangeDigest digest(List<Merged> keys) {
        RangeDigest sum = RangeDigest.EMPTY;
        for (Merged merged : keys) {
            Head newest = merged.newest();
            sum = newest == null ? sum : sum.plus(RangeDigest.of(new Row(merged.key(), newest)));
        }
        return sum;
    }

    /** Of those that answer; when one does not, the comparison ends. */
    private Map<Member, RangeDigest> digests(Range range) throws InterruptedException {
        // One more than there are, so that nobody goes through all that others have lost.
        int most = range.keys.size() + 1;
        Question<RangeDigest> question = new Question<>(time, parts.members(), CallKind.SCAN, 1 + most / PAGE);
        for (Member member : digesting) {
            question.ask(member, provider -> provider.digest(namespace, range.after, range.upTo, most));
        }
        question.await(time.nanos() + parts.config().callTimeout().toNanos(), question::allIn);
        question.close();
        Map<Member, RangeDigest> digests = new HashMap<>();
        for (Member member : digesting) {
            RangeDigest digest = question.answer(member);
            if (digest == null) {
                levelling.spoil();
            } else {
                digests.put(member, digest);
            }
        }
        tally.asked(digests.size(), (long) digests.size() * DIGEST_BYTES);
        return digests;
    }

    private void merge(Range range) throws InterruptedException {
        // Where others may hold much more than was streamed, its number says nothing.
        merge(range.after, range.upTo, range.upTo == null ? PAGE : Math.min(PAGE, range.keys.size() + SPARE));
    }

    /** Compares what all have of a range, row by row. */
    private void merge(@Nullable Key after, @Nullable Key upTo, int page) throws InterruptedException {
        MergedScan scan = scan(compared, after, page);
        for (Merged merged = next(scan); merged != null; merged = next(scan)) {
            if (upTo != null && merged.key().compareTo(upTo) > 0) {
                break;
            }
            seen.accept(merged.key());
            count(1);
            if (merged.differs(compared.size())) {
                batches.add(merged);
            }
        }
        end(scan);
    }

    private MergedScan scan(List<Member> scanned, @Nullable Key after, int page) {
        long patience = parts.config().callTimeout().toNanos();
        return new MergedScan(time, parts.members(), scanned, namespace, new byte[0], after, page, patience);
    }

    /** The next key, null after the last one and when the comparison ends early. */
    private @Nullable Merged next(MergedScan scan) throws InterruptedException {
        Merged merged = scan.next();
        return scan.failed().isEmpty() && levelling.sound() ? merged : null;
    }

    private void end(MergedScan scan) {
        tally.asked(scan.pages(), scan.bytes());
        if (!scan.failed().isEmpty()) {
            levelling.spoil();
        }
    }

    /** So many keys have been compared. Now and then it rests. */
    private void count(int keys) throws InterruptedException {
        tally.compared(namespace, keys);
        deletes.compared(keys);
        for (Member member : compared) {
            member.compared.addAndGet(keys);
        }
        unrested += keys;
        if (unrested < PAGE) {
            return;
        }
        long worked = time.nanos() - began - (batches.waitedNanos() - waitedBefore);
        time.sleep((long) (worked * yield));
        for (; unrested >= PAGE; unrested -= PAGE) {
            for (Member member : compared) {
                member.ration.await(1);
            }
        }
        began = time.nanos();
        waitedBefore = batches.waitedNanos();
    }
}
