package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.LocalStore.Table;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node must not forget: its name, its stamp and clock reservation, its start count (the epoch), and of each provider
 * the identity, the newest version it was seen to hold, and whether its word is in doubt. Thread-safe.
 */
final class NodeMemory implements HybridClock.Reservation {
    private static final Logger LOG = LoggerFactory.getLogger(NodeMemory.class);

    private final LocalStore local;

    NodeMemory(LocalStore local) {
        this.local = local;
    }

    /** What is remembered of a provider. */
    record Remembered(Identity identity, Version highWater, boolean mustCompare, boolean blank) {
        Remembered upTo(Version held) {
            return new Remembered(identity, Version.newest(highWater, held), mustCompare, blank);
        }
    }

    long number(String name) throws LocalStoreFault {
        return number(name, 0);
    }

    private long number(String name, long unknown) throws LocalStoreFault {
        byte[] stored = local.get(Table.NODE, key(name));
        return stored == null ? unknown : ByteBuffer.wrap(stored).getLong();
    }

    /** Whether the first start could not tell whether the store is new, and no comparison of all providers has told since. */
    boolean unproven() throws LocalStoreFault {
        return number("unproven") == 1;
    }

    void rememberUnproven(boolean now) throws LocalStoreFault {
        if (unproven() != now) {
            keepNumber("unproven", now ? 1 : 0);
        }
    }

    boolean knows(String name) throws LocalStoreFault {
        return local.get(Table.NODE, key(name)) != null;
    }

    void keepNumber(String name, long value) throws LocalStoreFault {
        local.commit(new Batch().put(Table.NODE, key(name), number(value)));
    }

    long starts() throws LocalStoreFault {
        return number("epoch");
    }

    void keepStarts(long starts) throws LocalStoreFault {
        keepNumber("epoch", starts);
    }

    Optional<String> text(String name) throws LocalStoreFault {
        byte[] stored = local.get(Table.NODE, key(name));
        return stored == null ? Optional.empty() : Optional.of(new String(stored, StandardCharsets.UTF_8));
    }

    void keepText(String name, String value) throws LocalStoreFault {
        local.commit(new Batch().put(Table.NODE, key(name), value.getBytes(StandardCharsets.UTF_8)));
    }

    Optional<Remembered> provider(String name) throws LocalStoreFault {
        Optional<String> id = text("provider/" + name + "/id");
        if (id.isEmpty()) {
            return Optional.empty();
        }
        long doubt = number("provider/" + name + "/doubt");
        return Optional.of(new Remembered(
                new Identity(id.get(), number("provider/" + name + "/generation")),
                new Version(number("provider/" + name + "/high-water")),
                doubt > 0,
                doubt > 1));
    }

    void rememberIdentity(String name, Identity identity) throws LocalStoreFault {
        local.commit(new Batch()
                .put(Table.NODE, key("provider/" + name + "/id"), identity.id().getBytes(StandardCharsets.UTF_8))
                .put(Table.NODE, key("provider/" + name + "/generation"), number(identity.generation()))
                .put(Table.NODE, key("provider/" + name + "/high-water"), number(0)));
    }

    void rememberHighWater(String name, Version highWater) throws LocalStoreFault {
        keepNumber("provider/" + name + "/high-water", highWater.bits());
    }

    /** What this node last left at the provider to know the place by, as far as it is remembered. */
    Traces traces(String name) throws LocalStoreFault {
        return new Traces(
                new Version(number("provider/" + name + "/trace-1")),
                new Version(number("provider/" + name + "/trace-2")));
    }

    void rememberTraces(Map<String, Traces> left) throws LocalStoreFault {
        Batch batch = new Batch();
        left.forEach((name, traces) -> batch.put(
                        Table.NODE,
                        key("provider/" + name + "/trace-1"),
                        number(traces.first().bits()))
                .put(
                        Table.NODE,
                        key("provider/" + name + "/trace-2"),
                        number(traces.second().bits())));
        local.commit(batch);
    }

    /** They are lost, as is known: a start must not miss them again. A failure is logged, since it costs no more than a comparison. */
    void forgetTraces(String name) {
        try {
            if (!traces(name).none()) {
                rememberTraces(Map.of(name, Traces.NONE));
            }
        } catch (LocalStoreFault e) {
            LOG.error(
                    "what was left at provider {} could not be forgotten on this node's disk: {}",
                    name,
                    e.getMessage());
        }
    }

    /** The name of the node whose memory this is; empty for a new one. */
    Optional<String> node() throws LocalStoreFault {
        return text("node");
    }

    /** How many other nodes were registered; a node that does not remember it is not taken to be alone. */
    int peers() throws LocalStoreFault {
        return (int) number("peers", 1);
    }

    void rememberPeers(int others) throws LocalStoreFault {
        keepNumber("peers", others);
    }

    /** Whether hints for the provider were lost, and no comparison has made that good yet. */
    boolean hintsLost(String name) throws LocalStoreFault {
        return number("provider/" + name + "/hints-lost") > 0;
    }

    void rememberHintsLost(String name, boolean lost) throws LocalStoreFault {
        keepNumber("provider/" + name + "/hints-lost", lost ? 1 : 0);
    }

    /** What the provider is in the placement. */
    Role role(String name) throws LocalStoreFault {
        return Role.of(text("provider/" + name + "/role").orElse(""));
    }

    void rememberRole(String name, Role role) throws LocalStoreFault {
        TreeSet<String> names = new TreeSet<>(withRoles());
        names.add(name);
        local.commit(new Batch()
                .put(Table.NODE, key("provider/" + name + "/role"), key(role.label()))
                .put(Table.NODE, key("roles"), key(String.join(" ", names))));
    }

    /** The providers that have been given a role since this node has existed. */
    List<String> withRoles() throws LocalStoreFault {
        String names = text("roles").orElse("");
        return names.isEmpty() ? List.of() : List.of(names.split(" "));
    }

    /** Calls a second that a provider was seen to bear; 0 for not known. */
    long borne(String name) throws LocalStoreFault {
        return number("provider/" + name + "/borne");
    }

    /** A failure costs no more than that what is remembered is a little older; the disk's fault is told where writes need it. */
    void rememberBorne(String name, long callsPerSecond) {
        try {
            if (borne(name) != callsPerSecond) {
                keepNumber("provider/" + name + "/borne", callsPerSecond);
            }
        } catch (LocalStoreFault e) {
            LOG.debug("what provider {} bears could not be kept on this node's disk: {}", name, e.getMessage());
        }
    }

    /** A failure is logged, not thrown: the doubt is in memory as well, and a restart on a failing disk will not get far. */
    void rememberComparison(String name, boolean mustCompare, boolean blank) {
        try {
            long doubt = blank ? 2 : mustCompare ? 1 : 0;
            if (number("provider/" + name + "/doubt") != doubt) {
                keepNumber("provider/" + name + "/doubt", doubt);
            }
        } catch (LocalStoreFault e) {
            LOG.error("the doubt about provider {} could not be kept on this node's disk: {}", name, e.getMessage());
        }
    }

    /** Whether marks of other nodes may have been lost with a place that held them, and not all of these have been heard of since. */
    boolean marksLost() throws LocalStoreFault {
        return number("marks-lost") == 1;
    }

    /** A failure is logged, not thrown, as that of the doubt. */
    void rememberMarksLost(boolean now) {
        try {
            if (marksLost() != now) {
                keepNumber("marks-lost", now ? 1 : 0);
            }
        } catch (LocalStoreFault e) {
            LOG.error(
                    "that marks of other nodes may be lost could not be kept on this node's disk: {}", e.getMessage());
        }
    }

    @Override
    public void extendTo(long millis) {
        try {
            keepNumber("clock/reserved", millis);
        } catch (LocalStoreFault e) {
            throw new HybridClock.NotReserved(
                    "the clock's reservation could not be kept on this node's disk: " + e.getMessage(), e.full(), e);
        }
    }

    /** Stamps a version, or says in the disk's own terms why none may be stamped. */
    static Version stamp(HybridClock clock) throws LocalStoreFault {
        try {
            return clock.next();
        } catch (HybridClock.NotReserved e) {
            throw new LocalStoreFault(e.getMessage(), e.full(), e);
        }
    }

    private static byte[] key(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }
}
