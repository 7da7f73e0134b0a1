package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.replication.NodeMemory.Remembered;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a node finds its bearings: who it is, what it remembers of its providers, and which of them are what they were. It does not
 * wait for a provider that does not answer.
 */
final class Start {
    private static final String FOUNDING = "founding";
    private static final long INSPECTION_NANOS = 2_000_000_000L;

    private Start() {}

    /** What a node knows when it starts. */
    record Bearings(Parts parts, Place place, String node, boolean restarted) {}

    static Bearings find(
            ReplicationConfig config, Time time, LocalStore local, String node, List<Provider> providers, Rules rules)
            throws LocalStoreFault, InterruptedException {
        if (!Nodes.isName(node)) {
            throw new IllegalArgumentException("\"" + node + "\" cannot be a node's name");
        }
        NodeMemory memory = new NodeMemory(local);
        keepName(memory, node);
        long epoch = memory.starts() + 1;
        memory.keepStarts(epoch);
        int stamp = Stamps.fresh(memory, time);
        long reserved = memory.number("clock/reserved");
        HybridClock clock =
                new HybridClock(time, stamp, reserved, config.maxSkew().toMillis(), memory);

        List<Member> all = new ArrayList<>();
        for (Provider provider : providers) {
            all.add(new Member(all.size(), Authenticated.of(provider, rules.seals()), config, time));
        }
        Members members = new Members(all, time, memory, config, rules.residency());
        KeyLocks locks = new KeyLocks();
        HintLog hints = new HintLog(local, locks, all.stream().map(Member::name).toList());
        Counters counters = new Counters();
        Marks marks = new Marks(
                time, members, memory, hints, clock, node, config.writeTimeout().toNanos() / 10);
        Removal removal = new Removal(node);
        Places places = nothingIsRemembered(memory, members) ? look(time, members) : Places.HELD;
        boolean newStore = founding(memory) || places == Places.EMPTY;
        if (places == Places.UNSURE) {
            memory.rememberUnproven(true);
        }
        if (newStore) {
            memory.keepNumber(FOUNDING, 1);
            memory.rememberPeers(0);
        }
        Presence presence = new Presence(
                time, members, memory, hints, clock, node, config.minDeadline().toNanos() * 8);
        Parts parts = new Parts(
                config,
                node,
                time,
                local,
                memory,
                members,
                hints,
                locks,
                Feed.open(local, time, config.feedEntries()),
                marks,
                removal,
                clock,
                new Quarantine(local, members, clock, counters, rules.residency()),
                new KnownVersions(1 << 16),
                new InFlight(time),
                CutShort.found(
                        memory,
                        reserved,
                        epoch == 1 && newStore,
                        config.writeTimeout().toMillis()),
                presence,
                new Stamps(memory, time, clock, node),
                new PeerView(time, members, presence, memory.peers()),
                new PeerClocks(time, node),
                rules.seals(),
                rules.residency(),
                counters);
        Place place = new Place(time, members, memory, clock, marks, removal);
        inspect(parts, place, newStore);
        parts.stamps().avoid(Registry.stamps(new RegistryScan(parts), node));
        return new Bearings(parts, place, node, epoch > 1 || !newStore);
    }

    /** Hints of another node, given away under this one's name, would be out of that one's hands and still be waited for. */
    private static void keepName(NodeMemory memory, String node) throws LocalStoreFault {
        Optional<String> known = memory.node();
        if (known.isEmpty()) {
            memory.keepText("node", node);
        } else if (!known.get().equals(node)) {
            throw new LocalStoreFault("it belongs to node " + known.get() + ", and this is node " + node, false, null);
        }
    }

    private static boolean nothingIsRemembered(NodeMemory memory, Members members) throws LocalStoreFault {
        for (Member member : members.all()) {
            if (memory.provider(member.name()).isPresent()) {
                return false;
            }
        }
        return true;
    }

    private static void inspect(Parts parts, Place place, boolean newStore)
            throws LocalStoreFault, InterruptedException {
        Members members = parts.members();
        if (parts.memory().marksLost()) {
            members.mayHaveLost();
        }
        for (Member member : members.all()) {
            Optional<Remembered> before = parts.memory().provider(member.name());
            member.leftHere(parts.memory().traces(member.name()));
            member.ration.remember((double) parts.memory().borne(member.name()));
            member.health.hold(parts.memory().role(member.name()) != Role.SERVING);
            if (before.isPresent() && before.get().mustCompare()) {
                member.health.requireComparison(before.get().blank());
                members.mayHaveLost();
            }
        }
        Question<Boolean> question = new Question<>(parts.time(), members, CallKind.SCAN);
        for (Member member : members.all()) {
            question.ask(member, provider -> {
                try {
                    place.inspect(member, newStore);
                    return true;
                } catch (LocalStoreFault fault) {
                    return false;
                }
            });
        }
        question.await(parts.time().nanos() + INSPECTION_NANOS, question::allIn);
        question.close();
        if (newStore) {
            // Before anything is served: a place that is made later than this one lacks what the others will hold.
            parts.memory().keepNumber(FOUNDING, 0);
        }
        for (Member member : members.all()) {
            settle(parts, member, question);
        }
    }

    /** Whether a start that found a new store was cut short while it made the places: nothing has been stored since. */
    private static boolean founding(NodeMemory memory) throws LocalStoreFault {
        return memory.number(FOUNDING) == 1;
    }

    /** What the places hold that a node without memory finds. */
    private enum Places {
        /** Nothing: a new store. */
        EMPTY,
        /** Something: an old store, of which this node has lost its memory. */
        HELD,
        /** Nothing as far as they answer, which not all do. */
        UNSURE
    }

    private static Places look(Time time, Members members) throws InterruptedException {
        Question<Boolean> question = new Question<>(time, members, CallKind.SCAN);
        for (Member member : members.all()) {
            question.ask(member, provider -> provider.identity().isEmpty());
        }
        question.await(time.nanos() + INSPECTION_NANOS, question::allIn);
        question.close();
        Places found = Places.EMPTY;
        for (Member member : members.all()) {
            Boolean empty = question.answer(member);
            if (empty == null) {
                found = found == Places.HELD ? found : Places.UNSURE;
            } else if (!empty) {
                found = Places.HELD;
            }
        }
        return found;
    }

    private static void settle(Parts parts, Member member, Question<Boolean> question) {
        boolean owes = parts.hints().depth(member) > 0;
        if (question.outcome(member) instanceof Question.Outcome.Faulted<Boolean>(ProviderFault fault)) {
            parts.members().move(member, Health.after(fault.kind()), fault.kind() + ": " + fault.getMessage());
        } else if (!Boolean.TRUE.equals(question.answer(member))) {
            parts.members().move(member, ProviderState.DOWN, "no answer at start");
        } else if (owes || member.health.mustCompare()) {
            parts.members().move(member, ProviderState.CATCHING_UP, "has missed writes before this start");
        } else if (member.health.held()) {
            parts.members().move(member, ProviderState.CATCHING_UP, "is used for writes only");
        }
    }
}
