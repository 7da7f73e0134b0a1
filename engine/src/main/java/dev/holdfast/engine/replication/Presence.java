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
import dev.holdfast.engine.time.Time;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which nodes write to which providers just now. Two nodes may each have given up the provider that the other one still has; then
 * neither sees what the other acknowledges, nor its marks. So each node leaves a record once a second at each provider that lacks
 * nothing of it, and looks for those of the others there. And for its own: a place that has been put back in time holds an older one,
 * however much has been written to it since, which its high-water mark does not show (rule 6).
 *
 * <p>{@link #show} and {@link #look} are for one thread; {@link #writesTo} may be asked by any.
 */
final class Presence {
    private static final byte[] PREFIX = "here/".getBytes(StandardCharsets.UTF_8);
    private static final int PAGE = 1000;

    /** A record that has not changed for this long says nothing of now. */
    private static final long RECENT_NANOS = 3_000_000_000L;

    private final Time time;
    private final Members members;
    private final HintLog hints;
    private final HybridClock clock;
    private final long patienceNanos;
    private volatile List<Map<Key, Seen>> seen;

    /** What was last found, and since when it has been that, by the clock that never steps back. */
    private record Seen(Version version, long since) {}

    Presence(Time time, Members members, HintLog hints, HybridClock clock, long patienceNanos) {
        this.time = time;
        this.members = members;
        this.hints = hints;
        this.clock = clock;
        this.patienceNanos = patienceNanos;
        this.seen = members.all().stream().map(_ -> Map.<Key, Seen>of()).toList();
    }

    private static Key key(String node) {
        return Key.of(new String(PREFIX, StandardCharsets.UTF_8) + node);
    }

    void show(String node) throws InterruptedException, LocalStoreFault {
        Record here = Record.of(NodeMemory.stamp(clock), new byte[0]);
        Question<Boolean> question = new Question<>(time, members, CallKind.WRITE);
        for (Member member : members.where(Health::current)) {
            if (hints.depth(member) == 0) {
                question.ask(
                        member,
                        provider -> provider.putIfNewer(NamespaceId.PLACE, key(node), here)
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

    /** @param node this one */
    void look(String node) throws InterruptedException {
        List<Version> lefts = members.all().stream().map(Member::leftHere).toList();
        Question<Map<Key, Version>> question = new Question<>(time, members, CallKind.SCAN);
        for (Member member : members.where(health -> health.state() != ProviderState.DOWN)) {
            question.ask(member, Presence::all);
        }
        question.await(time.nanos() + patienceNanos, question::allIn);
        question.close();
        List<Map<Key, Seen>> now = new ArrayList<>();
        for (Member member : members.all()) {
            Map<Key, Version> found = question.answer(member);
            Map<Key, Seen> before = seen.get(member.index);
            now.add(found == null ? before : changes(before, found));
            Version left = lefts.get(member.index);
            if (found != null
                    && left.equals(member.leftHere())
                    && left.newerThan(found.getOrDefault(key(node), Version.NONE))) {
                member.forgetAcknowledged();
                members.lied(member, "it no longer holds what this node left there a moment ago");
            }
        }
        seen = now;
    }

    private static Map<Key, Version> all(Provider provider) throws ProviderFault {
        Map<Key, Version> found = new HashMap<>();
        Key after = null;
        while (true) {
            Page page = provider.scan(NamespaceId.PLACE, PREFIX, after, PAGE);
            for (Row row : page.rows()) {
                found.put(row.key(), row.head().version());
                after = row.key();
            }
            if (page.end() || page.rows().isEmpty()) {
                return found;
            }
        }
    }

    /** What is found for the first time may be of any age. */
    private Map<Key, Seen> changes(Map<Key, Seen> before, Map<Key, Version> found) {
        Map<Key, Seen> now = new HashMap<>();
        long longAgo = time.nanos() - 2 * RECENT_NANOS;
        found.forEach((key, version) -> {
            Seen old = before.get(key);
            if (old == null) {
                now.put(key, new Seen(version, longAgo));
            } else {
                now.put(key, version.newerThan(old.version()) ? new Seen(version, time.nanos()) : old);
            }
        });
        return now;
    }

    /** Whether the node has been writing to one of these lately. */
    boolean writesTo(String node, List<Member> some) {
        List<Map<Key, Seen>> now = seen;
        for (Member member : some) {
            Seen last = now.get(member.index).get(key(node));
            if (last != null && time.nanos() - last.since() < RECENT_NANOS) {
                return true;
            }
        }
        return false;
    }
}
