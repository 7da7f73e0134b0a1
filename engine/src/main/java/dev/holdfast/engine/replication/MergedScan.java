package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.Row;
import dev.holdfast.engine.time.Time;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Scans the same keys of several providers side by side and merges them by key, in constant memory. It goes only as far as every
 * provider has been read (DESIGN rule 22). A provider that fails on the way is left out from there on. Belongs to one thread.
 */
final class MergedScan {

    /**
     * One key and what each scanned provider holds for it.
     *
     * @param heads a provider without the key is not in it
     * @param damaged providers that hold damaged bytes under the key
     */
    record Merged(Key key, Map<Member, Head> heads, Set<Member> damaged) {

        /** The newest head of all; null when every provider's bytes are damaged. */
        @Nullable
        Head newest() {
            Head newest = null;
            for (Head head : heads.values()) {
                if (newest == null || head.version().newerThan(newest.version())) {
                    newest = head;
                }
            }
            return newest;
        }

        /** Whether any of so many providers holds something else than the others, nothing, or damaged bytes. */
        boolean differs(int scanned) {
            Head newest = newest();
            if (newest == null || !damaged.isEmpty() || heads.size() < scanned) {
                return true;
            }
            for (Head head : heads.values()) {
                if (!head.sameAs(newest)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Version, flags, expiration, size and checksum. */
    private static final int HEAD_BYTES = 25;

    private static final class Source {
        final Deque<Row> rows = new ArrayDeque<>();
        final Deque<Key> damaged = new ArrayDeque<>();

        @Nullable
        Key last;

        boolean end;

        boolean empty() {
            return rows.isEmpty() && damaged.isEmpty();
        }

        @Nullable
        Key first() {
            Row row = rows.peekFirst();
            Key bad = damaged.peekFirst();
            if (row == null || bad == null) {
                return row == null ? bad : row.key();
            }
            return row.key().compareTo(bad) <= 0 ? row.key() : bad;
        }
    }

    private final Time time;
    private final Members members;
    private final NamespaceId namespace;
    private final byte[] prefix;
    private final int pageSize;
    private final long patienceNanos;
    private final Map<Member, Source> sources = new LinkedHashMap<>();
    private final List<Member> order;
    private long pages;
    private long bytes;
    private final Set<Member> failed = new LinkedHashSet<>();

    /** @param patienceNanos how long a page may take before its provider is left out */
    MergedScan(
            Time time,
            Members members,
            List<Member> scanned,
            NamespaceId namespace,
            byte[] prefix,
            @Nullable Key after,
            int pageSize,
            long patienceNanos) {
        this.time = time;
        this.members = members;
        this.namespace = namespace;
        this.prefix = prefix;
        this.pageSize = pageSize;
        this.patienceNanos = patienceNanos;
        this.order = new ArrayList<>(scanned);
        for (Member member : scanned) {
            Source source = new Source();
            source.last = after;
            sources.put(member, source);
        }
    }

    /** Providers that have been left out. */
    Set<Member> failed() {
        return failed;
    }

    /** How many pages it has asked for. */
    long pages() {
        return pages;
    }

    /** About how many bytes of keys and heads it has been given. */
    long bytes() {
        return bytes;
    }

    /** The providers that are still in. */
    List<Member> in() {
        return order;
    }

    /** The next key, null after the last or when no provider is left. */
    @Nullable
    Merged next() throws InterruptedException {
        refill();
        Key least = null;
        for (Member member : order) {
            Key first = source(member).first();
            if (first != null && (least == null || first.compareTo(least) < 0)) {
                least = first;
            }
        }
        if (least == null) {
            return null;
        }
        Map<Member, Head> heads = new LinkedHashMap<>();
        Set<Member> damaged = new LinkedHashSet<>();
        for (Member member : order) {
            Source source = source(member);
            Row row = source.rows.peekFirst();
            if (row != null && row.key().equals(least)) {
                heads.put(member, row.head());
                source.rows.removeFirst();
            }
            if (least.equals(source.damaged.peekFirst())) {
                damaged.add(member);
                source.damaged.removeFirst();
            }
        }
        return new Merged(least, heads, damaged);
    }

    private Source source(Member member) {
        Source source = sources.get(member);
        if (source == null) {
            throw new AssertionError(member);
        }
        return source;
    }

    private void refill() throws InterruptedException {
        List<Member> dry = new ArrayList<>();
        for (Member member : order) {
            if (source(member).empty() && !source(member).end) {
                dry.add(member);
            }
        }
        if (dry.isEmpty()) {
            return;
        }
        Question<Page> question = new Question<>(time, members, CallKind.SCAN);
        for (Member member : dry) {
            Key after = source(member).last;
            question.ask(member, provider -> provider.scan(namespace, prefix, after, pageSize));
        }
        question.await(time.nanos() + patienceNanos, question::allIn);
        question.close();
        for (Member member : dry) {
            Page page = question.answer(member);
            if (page == null) {
                failed.add(member);
                order.remove(member);
                continue;
            }
            pages++;
            page.rows()
                    .forEach(row ->
                            bytes += row.key().bytes().length + row.head().metadata().length + HEAD_BYTES);
            take(source(member), page);
        }
    }

    private static void take(Source source, Page page) {
        source.rows.addAll(page.rows());
        source.damaged.addAll(page.damaged());
        source.end = page.end() || source.empty();
        Key last = page.last();
        source.last = last == null ? source.last : last;
    }
}
