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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private static final int PAGE = 1000;

    /** A record that has not changed for this long says nothing of now. */
    private static final long RECENT_NANOS = 3_000_000_000L;

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

    /** What was last found, and since when it has been that, by the clock that never steps back. */
    private record Seen(Version version, long since) {}

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
        this.seen = members.all().stream().map(_ -> Map.<String, Seen>of()).toList();
    }

    private Key own() {
        return Key.of(new String(PREFIX, StandardCharsets.UTF_8) + node);
    }

    private static String nodeOf(Key key) {
        byte[] bytes = key.bytes();
        return new String(bytes, PREFIX.length, bytes.length - PREFIX.length, StandardCharsets.UTF_8);
    }

    /** Leaves word at those that held the last one when this round looked: a new one would hide that a place has gone back. */
    void show() throws InterruptedException, LocalStoreFault {
        Record here = Record.of(NodeMemory.stamp(clock), new byte[0]);
        Question<Boolean> question = new Question<>(time, members, CallKind.WRITE);
        for (Member member : members.where(Health::current)) {
            if (looked.contains(member) && hints.depth(member) == 0) {
                question.ask(
                        member,
                        provider -> provider.putIfNewer(NamespaceId.PLACE, own(), here)
                                .stored());
            }
        }
        question.await(time.nanos() + patienceNanos, question::allIn);
        question.close();
        for (Member member : members.all()) {
            if (Boolean.TRUE.equals(question.answer(member))) {
                member.leftHere(here.version());
            }
        }
    }

    void look() throws InterruptedException {
        List<Version> lefts = members.all().stream().map(Member::leftHere).toList();
        Question<Map<String, Version>> question = new Question<>(time, members, CallKind.SCAN);
        for (Member member : members.where(health -> health.state() != ProviderState.DOWN)) {
            question.ask(member, Presence::all);
        }
        question.await(time.nanos() + patienceNanos, question::allIn);
        question.close();
        List<Map<String, Seen>> now = new ArrayList<>();
        looked.clear();
        for (Member member : members.all()) {
            Map<String, Version> found = question.answer(member);
            Map<String, Seen> before = seen.get(member.index);
            now.add(found == null ? before : changes(before, found));
            if (found != null && holds(member, lefts.get(member.index), found.getOrDefault(node, Version.NONE))) {
                looked.add(member);
            }
        }
        seen = now;
    }

    /**
     * Whether the place still holds what this node last left there. If so, it has not been put back in time, and what it answered just
     * before is of now. When this run of the node has left nothing there yet, its high-water mark must do.
     */
    boolean stillHeldBy(Member member) throws InterruptedException, LocalStoreFault {
        Version left = member.leftHere();
        if (left.equals(Version.NONE)) {
            Optional<Remembered> before = memory.provider(member.name()).map(last -> last.upTo(member.acknowledged()));
            Vitals found = before.isEmpty() ? null : ask(member, Provider::probe);
            return found != null
                    && found.identity().equals(before.get().identity())
                    && !before.get().highWater().newerThan(found.highWater());
        }
        Sighting found = ask(member, provider -> provider.sight(NamespaceId.PLACE, own()));
        return found != null && holds(member, left, found.present() ? found.version() : Version.NONE);
    }

    private <T> @Nullable T ask(Member member, Member.Call<T> call) throws InterruptedException {
        Question<T> question = new Question<>(time, members, CallKind.READ);
        question.ask(member, call);
        long patience = Math.max(patienceNanos, 2 * members.deadlineNanos(member, CallKind.READ));
        question.await(time.nanos() + patience, question::allIn);
        question.close();
        return question.answer(member);
    }

    private boolean holds(Member member, Version left, Version found) {
        if (!left.newerThan(found)) {
            return true;
        }
        // Also when it is the last one: the next record left there would hide that anything was lost.
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
                found.put(nodeOf(row.key()), row.head().version());
                after = row.key();
            }
            if (page.end() || page.rows().isEmpty()) {
                return found;
            }
        }
    }

    /** What is found for the first time may be of any age. */
    private Map<String, Seen> changes(Map<String, Seen> before, Map<String, Version> found) {
        Map<String, Seen> now = new HashMap<>();
        long longAgo = time.nanos() - 2 * RECENT_NANOS;
        found.forEach((name, version) -> {
            Seen old = before.get(name);
            if (old == null) {
                now.put(name, new Seen(version, longAgo));
            } else {
                now.put(name, version.newerThan(old.version()) ? new Seen(version, time.nanos()) : old);
            }
        });
        return now;
    }

    /** Whether the node has been writing to one of these lately. */
    boolean writesTo(String other, List<Member> some) {
        List<Map<String, Seen>> now = seen;
        for (Member member : some) {
            Seen last = now.get(member.index).get(other);
            if (last != null && time.nanos() - last.since() < RECENT_NANOS) {
                return true;
            }
        }
        return false;
    }
}
