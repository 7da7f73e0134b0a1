package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Row;
import dev.holdfast.engine.provider.Sighting;
import dev.holdfast.engine.provider.Vitals;
import dev.holdfast.engine.replication.NodeMemory.Remembered;
import dev.holdfast.engine.time.Time;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes write to which providers just now. Two nodes may each have given up the provider that the other one still has; then
 * neither sees what the other acknowledges, nor its marks. So each node leaves a record once a second at each provider that lacks
 * nothing of it, and looks for those of the others there. And for its own: a place that has been put back in time holds an older one,
 * however much has been written to it since, which its high-water mark does not show (rule 6).
 *
 * <p>{@link #show} and {@link #look} are for one thread; the rest may be asked by any.
 */
final class Presence {
    private static final byte[] PREFIX = "here/".getBytes(StandardCharsets.UTF_8);
    /** What follows the node's name, in which there can be no slash, in the second of its records. */
    private static final String SECOND = "/2";

    private static final int PAGE = 1000;

    /** How often who waits for a provider looks whether it has been given up. */
    private static final long SLICE_NANOS = 20_000_000;

    /** A record that has not changed for this long says nothing of now: it is written anew, and looked for, every second. */
    private static final long RECENT_NANOS = 4_000_000_000L;

    private final Time time;
    private final Members members;
    private final NodeMemory memory;
    private final HintLog hints;
    private final HybridClock clock;
    private final String node;
    private final long patienceNanos;
    /** By provider, by the name of the node. */
    private volatile List<Map<String, Seen>> seen;
    /** Those that still held in this round what this node had left there. */
    private final List<Member> looked = new ArrayList<>();

    private final List<LookAtOne> looks;

    /** Of a provider, by those who need to know now. */
    private static final class LookAtOne {
        final ReentrantLock turn = new ReentrantLock();
        /** Changed by the one whose turn it is. */
        final AtomicLong begun = new AtomicLong();
        /** What the last one showed, for those whose turn it is. */
        boolean held;
    }

    /**
     * What was last found, and when, by the clock that never steps back, it was first looked for and not found yet: it has been
     * written since then. When it was found says little, for nobody may have been able to look for long.
     */
    private record Seen(Version version, long foundAt, long writtenAfter) {}

    /** @param node this one */
    Presence(
            Time time,
            Members members,
            NodeMemory memory,
            HintLog hints,
            HybridClock clock,
            String node,
            long patienceNanos) {
        this.time = time;
        this.members = members;
        this.memory = memory;
        this.hints = hints;
        this.clock = clock;
        this.node = node;
        this.patienceNanos = patienceNanos;
        this.looks = Stream.generate(LookAtOne::new).limit(members.slots()).toList();
        this.seen = Collections.nCopies(members.slots(), Map.of());
    }

    private Key own(boolean first) {
        return Key.of(new String(PREFIX, StandardCharsets.UTF_8) + node + (first ? "" : SECOND));
    }

    private static String nameOf(Key key) {
        byte[] bytes = key.bytes();
        return new String(bytes, PREFIX.length, bytes.length - PREFIX.length, StandardCharsets.UTF_8);
    }

    /** Leaves word at those that held the last one when this round looked: a new one would hide that a place has gone back. */
    void show() throws InterruptedException, LocalStoreFault {
        Record here = Record.of(NodeMemory.stamp(clock), new byte[0]);
        Question<Boolean> question = new Question<>(time, members, CallKind.WRITE);
        List<Member> all = members.all();
        Map<Member, Traces> lefts = lefts(all);
        for (Member member : members.where(Health::current)) {
            if (looked.contains(member) && hints.depth(member) == 0) {
                Key own = own(lefts.getOrDefault(member, Traces.NONE).firstIsNext());
                question.ask(
                        member,
                        provider -> provider.putIfNewer(NamespaceId.PLACE, own, here)
                                .stored());
            }
        }
        question.await(time.nanos() + patienceNanos, question::allIn);
        question.close();
        Map<String, Traces> left = new HashMap<>();
        for (Member member : all) {
            Traces before = lefts.getOrDefault(member, Traces.NONE);
            // Unless it has been found to have lost them meanwhile.
            if (Boolean.TRUE.equals(question.answer(member)) && before.equals(member.leftHere())) {
                member.leftHere(before.next(here.version()));
                left.put(member.name(), member.leftHere());
            }
        }
        if (!left.isEmpty()) {
            memory.rememberTraces(left);
        }
    }

    private static Map<Member, Traces> lefts(List<Member> all) {
        Map<Member, Traces> lefts = new LinkedHashMap<>();
        all.forEach(member -> lefts.put(member, member.leftHere()));
        return lefts;
    }

    void look() throws InterruptedException {
        long lookedAt = time.nanos();
        List<Member> all = members.all();
        Map<Member, Traces> lefts = lefts(all);
        Question<Map<String, Version>> question = new Question<>(time, members, CallKind.SCAN);
        for (Member member : members.where(health -> health.state() != ProviderState.DOWN)) {
            question.ask(member, Presence::all);
        }
        question.await(time.nanos() + patienceNanos, question::allIn);
        question.close();
        List<Map<String, Seen>> now = new ArrayList<>(seen);
        looked.clear();
        for (Member member : all) {
            Map<String, Version> found = question.answer(member);
            Map<String, Seen> before = seen.get(member.index);
            now.set(member.index, found == null ? before : changes(before, byNode(found), lookedAt));
            if (found != null && holds(member, lefts.getOrDefault(member, Traces.NONE), own(found))) {
                looked.add(member);
            }
        }
        seen = now;
    }

    /**
     * Whether the place still holds what this node last left there. If so, it has not been put back in time, and what it answered just
     * before is of now. When this node has left nothing there yet, its high-water mark must do.
     */
    boolean stillHeldBy(Member member, long deadline) throws InterruptedException, LocalStoreFault {
        LookAtOne look = looks.get(member.index);
        long asked = look.begun.get();
        look.turn.lockInterruptibly();
        try {
            // One look answers all who had asked before it began: the last home has enough to do.
            if (look.begun.get() == asked || !look.held) {
                look.begun.incrementAndGet();
                look.held = false;
                // It may have come into doubt meanwhile, and what this node had left there been forgotten for that.
                look.held = lookAt(member, deadline) && member.health.wordCounts();
            }
            return look.held;
        } finally {
            look.turn.unlock();
        }
    }

    private boolean lookAt(Member member, long deadline) throws InterruptedException, LocalStoreFault {
        Traces left = member.leftHere();
        if (left.none()) {
            Optional<Remembered> before = memory.provider(member.name()).map(last -> last.upTo(member.acknowledged()));
            Question<Vitals> probe = ask(member, Provider::probe);
            Vitals found = before.isEmpty() ? null : answer(member, probe, deadline);
            probe.close();
            return found != null
                    && found.identity().equals(before.get().identity())
                    && !before.get().highWater().newerThan(found.highWater());
        }
        Question<Version> first = ask(member, provider -> version(provider, own(true)));
        Question<Version> second = ask(member, provider -> version(provider, own(false)));
        Version one = answer(member, first, deadline);
        Version two = one == null ? null : answer(member, second, deadline);
        first.close();
        second.close();
        return one != null && two != null && holds(member, left, new Traces(one, two));
    }

    private static Version version(Provider provider, Key key) throws ProviderFault {
        Sighting found = provider.sight(NamespaceId.PLACE, key);
        return found.present() ? found.version() : Version.NONE;
    }

    private <T> Question<T> ask(Member member, Member.Call<T> call) {
        Question<T> question = new Question<>(time, members, CallKind.READ);
        question.ask(member, call);
        return question;
    }

    /** Null when it has been given up before it answered. */
    private <T> @Nullable T answer(Member member, Question<T> question, long deadline) throws InterruptedException {
        while (time.nanos() < deadline && member.health.wordCounts() && question.pending(member)) {
            question.await(Math.min(deadline, time.nanos() + SLICE_NANOS), question::allIn);
        }
        return question.answer(member);
    }

    private boolean holds(Member member, Traces left, Traces found) {
        if (left.heldAs(found)) {
            return true;
        }
        // Also when it is the last one: the next records left there would hide that anything was lost.
        if (left.equals(member.leftHere())) {
            members.putBack(member, "it no longer holds what this node left there a moment ago");
        }
        return false;
    }

    private static Map<String, Version> all(Provider provider) throws ProviderFault {
        Map<String, Version> found = new HashMap<>();
        Key after = null;
        while (true) {
            Page page = provider.scan(NamespaceId.PLACE, PREFIX, after, PAGE);
            for (Row row : page.rows()) {
                found.put(nameOf(row.key()), row.head().version());
                after = row.key();
            }
            if (page.end() || page.rows().isEmpty()) {
                return found;
            }
        }
    }

    private Traces own(Map<String, Version> found) {
        return new Traces(found.getOrDefault(node, Version.NONE), found.getOrDefault(node + SECOND, Version.NONE));
    }

    private static Map<String, Version> byNode(Map<String, Version> found) {
        Map<String, Version> nodes = new HashMap<>();
        found.forEach((name, version) -> {
            int end = name.endsWith(SECOND) ? name.length() - SECOND.length() : name.length();
            nodes.merge(name.substring(0, end), version, Version::newest);
        });
        return nodes;
    }

    /** What is found for the first time may be of any age. */
    private Map<String, Seen> changes(Map<String, Seen> before, Map<String, Version> found, long lookedAt) {
        Map<String, Seen> now = new HashMap<>();
        long longAgo = time.nanos() - 2 * RECENT_NANOS;
        found.forEach((name, version) -> {
            Seen old = before.get(name);
            if (old == null) {
                now.put(name, new Seen(version, lookedAt, longAgo));
            } else if (version.newerThan(old.version())) {
                now.put(name, new Seen(version, lookedAt, old.foundAt()));
            } else {
                now.put(name, new Seen(old.version(), lookedAt, old.writtenAfter()));
            }
        });
        return now;
    }

    /** Whether the node has been writing to one of these lately. */
    boolean writesTo(String other, List<Member> some) {
        return writtenTo(other, some, time.nanos() - RECENT_NANOS);
    }

    /** Whether the node has written to one of these since then. */
    boolean writtenTo(String other, List<Member> some, long nanos) {
        List<Map<String, Seen>> now = seen;
        for (Member member : some) {
            Seen last = now.get(member.index).get(other);
            if (last != null && last.writtenAfter() - nanos > 0) {
                return true;
            }
        }
        return false;
    }
}
