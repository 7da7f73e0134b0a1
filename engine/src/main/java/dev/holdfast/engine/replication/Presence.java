package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Put;
import dev.holdfast.engine.provider.Sighting;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes write to which providers just now. Two nodes may each have given up the provider that the other one still has; then
 * neither sees what the other acknowledges, nor the marks about it. So each node writes a record {@code here/provider/node} to each
 * provider that is current for it, to that one alone, and looks for those of the others there.
 *
 * <p>{@link #show} and {@link #look} are for one thread; what was seen may be asked for by any.
 */
final class Presence {
    private static final String PREFIX = "here/";
    private static final byte[] HERE = {};
    /** Shown once a second; a record that has not changed for this long says nothing of now. */
    private static final long RECENT_NANOS = 3_000_000_000L;

    private final Time time;
    private final Members members;
    private final HybridClock clock;
    private final long patienceNanos;
    private volatile Map<String, List<Seen>> seen = Map.of();

    /** What one node last left at one provider, and when that was found, by the clock that never steps back. */
    private record Seen(Version version, long since) {}

    Presence(Time time, Members members, HybridClock clock, long patienceNanos) {
        this.time = time;
        this.members = members;
        this.clock = clock;
        this.patienceNanos = patienceNanos;
    }

    private static Key key(Member member, String node) {
        return Key.of(PREFIX + member.name() + "/" + node);
    }

    /** Shows this node to the others, at every provider that is current for it. */
    void show(String node) throws InterruptedException, LocalStoreFault {
        Record here = Record.of(NodeMemory.stamp(clock), HERE);
        Question<Put> question = new Question<>(time, members, CallKind.WRITE);
        for (Member member : members.where(Health::current)) {
            question.ask(member, provider -> provider.putIfNewer(NamespaceId.SYSTEM, key(member, node), here));
        }
        question.await(time.nanos() + patienceNanos, question::allIn);
        question.close();
    }

    /** Looks for the others. */
    void look(Collection<String> others) throws InterruptedException {
        Map<String, List<Seen>> before = seen;
        Map<String, List<Seen>> now = new TreeMap<>();
        for (String node : others) {
            Question<Sighting> question = new Question<>(time, members, CallKind.READ);
            for (Member member : members.where(health -> health.state() != ProviderState.DOWN)) {
                question.ask(member, provider -> provider.sight(NamespaceId.SYSTEM, key(member, node)));
            }
            question.await(time.nanos() + patienceNanos, question::allIn);
            question.close();
            now.put(node, seen(question, before.get(node)));
        }
        seen = now;
    }

    private List<Seen> seen(Question<Sighting> question, @Nullable List<Seen> before) {
        List<Seen> each = new ArrayList<>();
        for (Member member : members.all()) {
            Seen old = before == null
                    ? new Seen(Version.NONE, time.nanos() - 2 * RECENT_NANOS)
                    : before.get(member.index);
            Sighting sighting = question.answer(member);
            boolean changed = sighting != null
                    && sighting.present()
                    && sighting.version().newerThan(old.version())
                    // What is found the first time may be of any age.
                    && before != null;
            Version version = sighting != null && sighting.present() ? sighting.version() : old.version();
            each.add(changed ? new Seen(version, time.nanos()) : new Seen(version, old.since()));
        }
        return each;
    }

    /** Whether the node has been writing to one of these lately. */
    boolean writesTo(String node, List<Member> some) {
        List<Seen> each = seen.get(node);
        if (each == null) {
            return false;
        }
        for (Member member : some) {
            if (time.nanos() - each.get(member.index).since() < RECENT_NANOS) {
                return true;
            }
        }
        return false;
    }
}
