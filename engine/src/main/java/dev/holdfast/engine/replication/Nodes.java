package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.Registry.Registration;
import dev.holdfast.engine.replication.Registry.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes over the same providers, for people: which there are, what waits for them, and the removal of one that is gone for
 * good (DESIGN rule 5). Thread-safe.
 */
public final class Nodes {
    private static final Logger LOG = LoggerFactory.getLogger(Nodes.class);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final Parts parts;
    private final Registry registry;
    private final String node;

    Nodes(Parts parts, Registry registry, String node) {
        this.parts = parts;
        this.registry = registry;
        this.node = node;
    }

    /**
     * One node.
     *
     * @param self whether it is the one that was asked
     * @param seen when it last published its registration, in milliseconds since the Unix epoch by its own clock; 0 when only
     *     its marks are left
     * @param watermark none of its hints is older, and no tombstone above it is collected; null without a registration
     * @param marks providers for which it holds hints
     * @param silent whether it has not published for so long that it may be removed
     */
    public record View(
            String name, boolean self, long seen, @Nullable Version watermark, List<String> marks, boolean silent) {}

    /** @param complete false when no provider whose word counts could be asked, so that some may be missing */
    public record Listed(List<View> nodes, boolean complete) {}

    /** What a removal came to. */
    public sealed interface Removed {
        /** @param compared the providers it had marked, which are compared before their word counts again */
        record Done(List<String> compared) implements Removed {}

        /** Neither a registration nor a mark of such a node is there; it may have been removed already. */
        record Unknown() implements Removed {}

        /** A node does not remove itself. */
        record Itself() implements Removed {}

        /** @param agoMillis how long ago it was heard of, which is too short a time to call it gone */
        record Running(long agoMillis) implements Removed {}

        /** Removed in part or not at all; the same again is safe. */
        record NotKept(String why) implements Removed {}
    }

    /** Whether a node may be called so: 1 to 64 letters, digits, '-', '_' or '.'. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    private Snapshot read() {
        try {
            return registry.read();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Snapshot.NOTHING;
        }
    }

    /**
     * How many nodes are registered, this one included, as of when a provider last vouched for that; remembered over a restart. From
     * memory.
     */
    public int registered() {
        return parts.peers().others() + 1;
    }

    public Listed list() {
        Snapshot found = read();
        Set<String> names = new TreeSet<>(found.nodes().keySet());
        names.addAll(found.marks().keySet());
        List<View> nodes = new ArrayList<>();
        for (String name : names) {
            Registration registration = found.nodes().get(name);
            nodes.add(new View(
                    name,
                    name.equals(node),
                    registration == null ? 0 : registration.published().millis(),
                    registration == null ? null : registration.watermark(),
                    List.copyOf(found.marksOf(name)),
                    registration == null || silentFor(registration) > PeerView.SILENT_MILLIS));
        }
        return new Listed(nodes, found.complete());
    }

    /**
     * Removes a node that is gone for good. From then on nothing waits for it, and it serves nothing if it comes back. The hints
     * that it held are lost: this node takes over its marks, and compares the providers before it takes the marks back.
     */
    public Removed remove(String name) {
        if (name.equals(node)) {
            return new Removed.Itself();
        }
        Snapshot found = read();
        if (!found.complete()) {
            return new Removed.NotKept("No provider whose word counts can say now which nodes there are.");
        }
        Registration registration = found.nodes().get(name);
        Set<String> marked = found.marksOf(name);
        if (registration == null && marked.isEmpty()) {
            return new Removed.Unknown();
        }
        if (registration != null && silentFor(registration) <= PeerView.SILENT_MILLIS) {
            return new Removed.Running(Math.max(0, silentFor(registration)));
        }
        try {
            return remove(name, marked);
        } catch (LocalStoreFault fault) {
            return new Removed.NotKept("This node's disk: " + fault.getMessage() + ".");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Removed.NotKept("The node is stopping.");
        }
    }

    /** In this order: at no moment, whatever fails, does a provider that lacks writes go without somebody's mark. */
    private Removed remove(String name, Set<String> marked) throws LocalStoreFault, InterruptedException {
        if (!registry.remove(name, node)) {
            return new Removed.NotKept("No provider confirmed the removal.");
        }
        LOG.warn("node {} is removed from the store; hints that it held for {} are lost", name, marked);
        for (Member member : parts.members().all()) {
            if (marked.contains(member.name())) {
                parts.members().lied(member, "the hints of the removed node " + name + " are lost");
                parts.marks().takeOver(member);
            }
        }
        if (!registry.forget(name, marked)) {
            return new Removed.NotKept("The node is removed, and no provider confirmed that its marks are.");
        }
        return new Removed.Done(List.copyOf(marked));
    }

    private long silentFor(Registration registration) {
        return parts.time().wallMillis() - registration.published().millis();
    }
}
