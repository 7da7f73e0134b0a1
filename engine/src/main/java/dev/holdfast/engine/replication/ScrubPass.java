package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace.Policy;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.replication.Question.Outcome;
import dev.holdfast.engine.replication.ScrubStatus.Counts;
import dev.holdfast.engine.time.Time;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Reads every record of one provider in full, since a scan need not look at the values of large ones: in the order of the keys, from
 * where the pass has come to, in constant memory. Rests for as long as it works, and takes no more than the provider's ration for the
 * background and the configured bytes. Belongs to one thread.
 */
final class ScrubPass {
    private static final int PAGE = 64;
    private static final int READERS = 2;
    /** Larger values are read one at a time, so that their number bounds the memory. */
    private static final int LARGE_BYTES = 1 << 20;

    private static final long KEEP_NANOS = 10_000_000_000L;
    private static final int MOST_YIELDS = 100;
    private static final long YIELD_NANOS = 10_000_000L;

    private final Parts parts;
    private final Time time;
    private final Member member;
    private final ScrubBook book;
    private final DamagedRecords damaged;
    private final LongAdder keysRead;
    private final LongAdder bytesRead;
    private final Pace pace;
    private boolean stuck;
    private long keptAt;
    private long waited;

    ScrubPass(
            Parts parts,
            Member member,
            ScrubBook book,
            DamagedRecords damaged,
            LongAdder keysRead,
            LongAdder bytesRead) {
        this.parts = parts;
        this.time = parts.time();
        this.member = member;
        this.book = book;
        this.damaged = damaged;
        this.keysRead = keysRead;
        this.bytesRead = bytesRead;
        // A share of what all nodes together may take (DESIGN rule 27).
        int nodes = parts.peers().others() + 1;
        this.pace = new Pace(time, (double) parts.config().scrub().bytesPerSecond() / nodes);
        this.keptAt = time.nanos();
    }

    /** What one page has come to. Its reads run side by side. */
    private static final class Sheet {
        final LongAdder keys = new LongAdder();
        final LongAdder bytes = new LongAdder();
        final LongAdder damaged = new LongAdder();
        final LongAdder repaired = new LongAdder();
        final AtomicBoolean failed = new AtomicBoolean();

        Counts counts() {
            return new Counts(keys.sum(), bytes.sum(), damaged.sum(), repaired.sum());
        }
    }

    /**
     * Goes on with the pass.
     *
     * @return whether it is through; otherwise it goes on later
     */
    boolean run(List<NamespaceId> namespaces) throws InterruptedException {
        KeyRef at = book.of(member.name()).at();
        for (NamespaceId namespace : new TreeSet<>(namespaces)) {
            int passed = at == null ? 1 : namespace.compareTo(at.namespace());
            if (passed >= 0 && !read(namespace, passed == 0 && at != null ? at.key() : null)) {
                return false;
            }
        }
        book.keep(member.name(), book.of(member.name()).end(time.wallMillis()));
        return true;
    }

    /** Whether nobody can name the keys behind what is damaged. */
    boolean stuck() {
        return stuck;
    }

    private boolean read(NamespaceId namespace, @Nullable Key from) throws InterruptedException {
        Key after = from;
        while (member.health.current()) {
            long began = time.nanos();
            waited = 0;
            awaitRoom();
            awaitRation();
            Stretch stretch = stretch(namespace, after);
            if (stretch == null) {
                return false;
            }
            NavigableMap<Key, @Nullable Head> keys = stretch.keys();
            if (keys.isEmpty()) {
                return true;
            }
            if (!read(namespace, keys)) {
                return false;
            }
            after = keys.lastKey();
            if (stretch.end()) {
                return true;
            }
            time.sleep(Math.max(0, time.nanos() - began - waited));
        }
        return false;
    }

    /**
     * Keys to read, with what the provider says of each.
     *
     * @param end whether there are no more after them
     */
    private record Stretch(NavigableMap<Key, @Nullable Head> keys, boolean end) {}

    /** Where the provider cannot even scan across what is damaged, another home names the keys. */
    private @Nullable Stretch stretch(NamespaceId namespace, @Nullable Key after) throws InterruptedException {
        Outcome<Page> scanned = scan(member, namespace, after);
        if (scanned instanceof Outcome.Answered<Page>(Page page)) {
            return stretch(page, true);
        }
        if (!(scanned instanceof Outcome.Faulted<Page>(var fault)) || fault.kind() != FaultKind.CORRUPT) {
            return null;
        }
        for (Member home : parts.members().where(Health::current)) {
            if (home != member && scan(home, namespace, after) instanceof Outcome.Answered<Page>(Page page)) {
                return stretch(page, false);
            }
        }
        stuck = true;
        return null;
    }

    private static Stretch stretch(Page page, boolean own) {
        NavigableMap<Key, @Nullable Head> keys = new TreeMap<>();
        page.rows().forEach(row -> keys.put(row.key(), own ? row.head() : null));
        page.damaged().forEach(key -> keys.put(key, null));
        return new Stretch(keys, page.end());
    }

    private @Nullable Outcome<Page> scan(Member home, NamespaceId namespace, @Nullable Key after)
            throws InterruptedException {
        Question<Page> question = new Question<>(time, parts.members(), CallKind.SCAN);
        question.ask(home, provider -> provider.scan(namespace, new byte[0], after, PAGE));
        question.await(time.nanos() + parts.config().callTimeout().toNanos(), question::allIn);
        question.close();
        return question.outcome(home);
    }

    private boolean read(NamespaceId namespace, NavigableMap<Key, @Nullable Head> keys) throws InterruptedException {
        Sheet sheet = new Sheet();
        Crew crew = new Crew(time, "scrub", READERS);
        for (var entry : keys.entrySet()) {
            KeyRef ref = new KeyRef(namespace, entry.getKey());
            Head head = entry.getValue();
            long bytes = (long) ref.key().bytes().length + (head == null ? 0 : head.valueBytes());
            long before = time.nanos();
            pace.await(bytes);
            awaitRation();
            waited += time.nanos() - before;
            if (sheet.failed.get()) {
                break;
            }
            crew.does(() -> look(ref, head, bytes, sheet));
            if (bytes > LARGE_BYTES) {
                crew.finish();
            }
        }
        crew.finish();
        if (sheet.failed.get()) {
            return false;
        }
        note(new KeyRef(namespace, keys.lastKey()), sheet.counts());
        return true;
    }

    private void look(KeyRef ref, @Nullable Head head, long bytes, Sheet sheet) {
        try {
            switch (PlainRead.of(time, member, ref)) {
                case Outcome.Answered<Lookup> answered -> damaged.whole(member, ref);
                case Outcome.Faulted<Lookup>(var fault)
                when fault.kind() == FaultKind.CORRUPT -> {
                    DamagedRecords.Found found = damaged.found(ref, member, head);
                    sheet.damaged.add(found.damaged() ? 1 : 0);
                    sheet.repaired.add(found.repaired() ? 1 : 0);
                }
                case Outcome.Faulted<Lookup>(var fault) -> {
                    parts.members().faulted(member, CallKind.SCAN, fault);
                    sheet.failed.set(true);
                }
            }
            sheet.keys.increment();
            sheet.bytes.add(bytes);
        } catch (InterruptedException stopping) {
            sheet.failed.set(true);
            Thread.currentThread().interrupt();
        }
    }

    private void note(KeyRef last, Counts counts) {
        keysRead.add(counts.keys());
        bytesRead.add(counts.bytes());
        ScrubProgress now = book.of(member.name()).upTo(last, counts);
        if (time.nanos() - keptAt < KEEP_NANOS) {
            book.note(member.name(), now);
        } else {
            book.keep(member.name(), now);
            keptAt = time.nanos();
        }
    }

    private void awaitRation() throws InterruptedException {
        member.ration.await(1);
    }

    /** Users come first, though not for ever. */
    private void awaitRoom() throws InterruptedException {
        for (int i = 0; i < MOST_YIELDS && !member.bulkhead.room(member.underWay(), Policy.LAST_TIER); i++) {
            time.sleep(YIELD_NANOS);
        }
    }
}
