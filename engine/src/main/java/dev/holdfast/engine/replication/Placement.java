package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Provider;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes which providers a node uses, while it serves (DESIGN rule 24). One that is added is given every write from then on, and by
 * comparison all that was there before; its word does not count until it is promoted. One that is demoted is given every write still, and
 * its word counts no more, until it is removed. Each node does so by itself, and tells the others: none reads from a provider to which
 * another one does not write, and none stops writing to one from which another one reads.
 *
 * <p>Thread-safe; one change at a time.
 */
public final class Placement {
    private static final Logger LOG = LoggerFactory.getLogger(Placement.class);
    private static final String PREFIX = "placement/";

    private final Parts parts;
    private final SystemRecords records;
    private final Nodes nodes;
    private final Consumer<Member> recover;
    private final Consumer<Member> forget;
    private final ReentrantLock changing = new ReentrantLock();
    /** Shared by writes, so that none is under way that does not know of a provider that is added. */
    private final ReentrantReadWriteLock writes = new ReentrantReadWriteLock();

    /** What became of a change. */
    public sealed interface Changed {
        record Done(Role role) implements Changed {}

        /** Nothing has happened. */
        record Refused(String why) implements Changed {}
    }

    Placement(Parts parts, SystemRecords records, Nodes nodes, Consumer<Member> recover, Consumer<Member> forget) {
        this.parts = parts;
        this.records = records;
        this.nodes = nodes;
        this.recover = recover;
        this.forget = forget;
    }

    /** Held by each write for as long as it lasts. */
    ReentrantReadWriteLock.ReadLock write() {
        return writes.readLock();
    }

    /** What this node does with a provider. */
    public Role role(String name) throws LocalStoreFault {
        return parts.memory().role(name);
    }

    /** Gives the provider every write from now on, and all that the others hold. It is the caller's to close when this is refused. */
    public Changed add(Provider provider) throws LocalStoreFault {
        changing.lock();
        try {
            if (find(provider.name()).isPresent()) {
                return new Changed.Refused("Provider " + provider.name() + " is part of the placement already.");
            }
            OptionalInt number = parts.members().nextNumber();
            if (number.isEmpty()) {
                return new Changed.Refused(
                        "So many providers have been added since this node was started that it has to be"
                                + " started again before it takes another one.");
            }
            Member member = new Member(number.getAsInt(), provider, parts.config(), parts.time());
            member.health.hold(true);
            member.health.requireComparison(false);
            member.health.move(ProviderState.SUSPECT, "it has just been added");
            member.ration.moved(ProviderState.SUSPECT);
            member.ration.remember((double) parts.memory().borne(member.name()));
            // On the disk first: a start that finds it unknown takes it for a provider of the configuration that
            // serves.
            parts.memory().rememberRole(member.name(), Role.JOINING);
            parts.memory().rememberComparison(member.name(), true, false);
            parts.hints().begin(member.name());
            parts.marks().added(member);
            writes.writeLock().lock();
            try {
                parts.members().add(member);
            } finally {
                writes.writeLock().unlock();
            }
            recover.accept(member);
            LOG.info("provider {} joins the placement", member);
            return told(Role.JOINING);
        } finally {
            changing.unlock();
        }
    }

    /** Has the word of a provider count that lacks nothing. */
    public Changed promote(String name) throws LocalStoreFault {
        changing.lock();
        try {
            Optional<Member> found = find(name);
            if (found.isEmpty()) {
                return unknown(name);
            }
            Member member = found.get();
            if (!member.health.held()) {
                return new Changed.Done(Role.SERVING);
            }
            if (!member.health.complete() || parts.hints().depth(member) > 0) {
                return new Changed.Refused("Provider " + name + " does not hold all that the others hold yet: it is "
                        + member.health.state().label() + (member.doing.isEmpty() ? "" : ", " + member.doing) + ".");
            }
            Optional<String> behind = without(name, List.of(Role.SERVING, Role.JOINING, Role.LEAVING), "write to");
            if (behind.isPresent()) {
                return new Changed.Refused(behind.get());
            }
            parts.memory().rememberRole(name, Role.SERVING);
            parts.members().hold(member, false, "");
            LOG.info("provider {} has been promoted", member);
            return told(Role.SERVING);
        } finally {
            changing.unlock();
        }
    }

    /**
     * Has the word of a provider count no more.
     *
     * @param durability in how many independent domains the most demanding namespace wants what is written
     */
    public Changed demote(String name, int durability) throws LocalStoreFault {
        changing.lock();
        try {
            Optional<Member> found = find(name);
            if (found.isEmpty()) {
                return unknown(name);
            }
            Member member = found.get();
            if (member.health.held()) {
                return new Changed.Done(parts.memory().role(name));
            }
            List<FailureDomain> left = new ArrayList<>();
            for (Member other : parts.members().where(Health::current)) {
                if (other != member) {
                    left.add(other.provider.failureDomain());
                }
            }
            if (Members.independent(left) < durability) {
                return new Changed.Refused("Without provider " + name + " there are " + Members.independent(left)
                        + " independent failure domains that are current, and a namespace asks for " + durability
                        + ". Add and promote another provider first.");
            }
            parts.memory().rememberRole(name, Role.LEAVING);
            if (!parts.members().hold(member, true, "it has been demoted")) {
                parts.memory().rememberRole(name, Role.SERVING);
                return new Changed.Refused("Provider " + name + " is the last one that is current.");
            }
            LOG.info("provider {} has been demoted", member);
            return told(Role.LEAVING);
        } finally {
            changing.unlock();
        }
    }

    /** Stops using a provider that joins or leaves. The caller has made sure that others hold what it holds, and closes it. */
    public Changed remove(String name) throws LocalStoreFault {
        changing.lock();
        try {
            Optional<Member> found = find(name);
            if (found.isEmpty()) {
                return unknown(name);
            }
            Member member = found.get();
            if (!member.health.held()) {
                return new Changed.Refused("Provider " + name + " serves; demote it first.");
            }
            Optional<String> behind =
                    without(name, List.of(Role.JOINING, Role.LEAVING, Role.REMOVED), "no longer read");
            if (behind.isPresent()) {
                return new Changed.Refused(behind.get());
            }
            parts.memory().rememberRole(name, Role.REMOVED);
            writes.writeLock().lock();
            try {
                parts.members().remove(member);
            } finally {
                writes.writeLock().unlock();
            }
            forget.accept(member);
            parts.hints().forget(name);
            LOG.info("provider {} has left the placement", member);
            return told(Role.REMOVED);
        } finally {
            changing.unlock();
        }
    }

    /**
     * Tells the other nodes what this one does with each provider; at its start, and after each change.
     *
     * @return whether they can read it now
     */
    public boolean tell() throws LocalStoreFault {
        StringBuilder text = new StringBuilder();
        for (String name : parts.memory().withRoles()) {
            text.append(name)
                    .append(' ')
                    .append(parts.memory().role(name).label())
                    .append('\n');
        }
        for (Member member : parts.members().all()) {
            if (!parts.memory().withRoles().contains(member.name())) {
                text.append(member.name())
                        .append(' ')
                        .append(Role.SERVING.label())
                        .append('\n');
            }
        }
        return records.put(Key.of(PREFIX + parts.node()), text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private Changed told(Role role) throws LocalStoreFault {
        if (!tell()) {
            LOG.warn("no provider takes word of what this node does with the providers; other nodes wait for it");
        }
        return new Changed.Done(role);
    }

    private static Changed unknown(String name) {
        return new Changed.Refused("Provider " + name + " is no part of the placement.");
    }

    private Optional<Member> find(String name) {
        return parts.members().all().stream()
                .filter(member -> member.name().equals(name))
                .findFirst();
    }

    /** A sentence about other nodes of which it is not known that they have one of these roles for the provider. */
    private Optional<String> without(String name, List<Role> wanted, String what) {
        Nodes.Listed listed = nodes.list();
        Map<String, Map<String, Role>> told = new TreeMap<>();
        boolean complete = records.each(PREFIX.getBytes(StandardCharsets.UTF_8), (key, record) -> {
            String node = new String(key.bytes(), StandardCharsets.UTF_8).substring(PREFIX.length());
            told.put(node, read(new String(record.value(), StandardCharsets.UTF_8)));
        });
        if (!complete || !listed.complete()) {
            return Optional.of(
                    "What the other nodes do with provider " + name + " cannot be read now. Try again later.");
        }
        List<String> behind = listed.nodes().stream()
                .filter(node -> !node.self())
                .map(Nodes.View::name)
                .filter(node ->
                        !wanted.contains(told.getOrDefault(node, Map.of()).get(name)))
                .toList();
        return behind.isEmpty()
                ? Optional.empty()
                : Optional.of("Every node has to " + what + " provider " + name + " first; it is not known of "
                        + String.join(", ", behind) + ". Do the same there, or remove a node that is gone for good.");
    }

    private static Map<String, Role> read(String text) {
        Map<String, Role> roles = new TreeMap<>();
        text.lines()
                .map(line -> line.split(" ", 2))
                .filter(words -> words.length == 2)
                .forEach(words -> roles.put(words[0], Role.of(words[1])));
        return roles;
    }
}
