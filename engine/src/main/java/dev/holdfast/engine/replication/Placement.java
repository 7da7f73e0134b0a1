package dev.holdfast.engine.replication;

import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
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
    private static final Set<String> GIVEN_ALL =
            Set.of(Role.SERVING.label(), ToldPlacements.COMPLETE, Role.LEAVING.label());
    private static final Set<String> NOT_READ =
            Set.of(Role.JOINING.label(), ToldPlacements.COMPLETE, Role.LEAVING.label(), Role.REMOVED.label());

    private final Parts parts;
    private final Place place;
    private final ToldPlacements told;
    private final Consumer<Member> recover;
    private final Consumer<Member> forget;
    private final ReentrantLock changing = new ReentrantLock();

    /** What became of a change. */
    public sealed interface Changed {
        record Done(Role role) implements Changed {}

        /** Nothing has happened. */
        record Refused(String why) implements Changed {}
    }

    Placement(Parts parts, Place place, ToldPlacements told, Consumer<Member> recover, Consumer<Member> forget) {
        this.parts = parts;
        this.place = place;
        this.told = told;
        this.recover = recover;
        this.forget = forget;
    }

    /** Gives the provider every write from now on, and all that the others hold. It is the caller's to close when this is refused. */
    public Changed add(Provider provider) throws LocalStoreFault {
        changing.lock();
        try {
            if (find(provider.name()).isPresent()) {
                return new Changed.Refused("Provider " + provider.name() + " is part of the placement already.");
            }
            OptionalInt number = parts.members().roster().nextNumber();
            if (number.isEmpty()) {
                return new Changed.Refused(
                        "So many providers have been added since this node was started that it has to be"
                                + " started again before it takes another one.");
            }
            Member member = new Member(
                    number.getAsInt(), Authenticated.of(provider, parts.seals()), parts.config(), parts.time());
            member.health.hold(true);
            member.ration.remember((double) parts.memory().borne(member.name()));
            // On the disk first: a start that finds it unknown takes it for a provider of the configuration that
            // serves.
            parts.memory().rememberRole(member.name(), Role.JOINING);
            // Hints of an earlier time may be older than what has been collected since; a comparison gives it all that
            // stands.
            parts.hints().begin(member.name());
            parts.hints().forget(member.name());
            parts.marks().added(member);
            try {
                place.inspect(member, false);
            } catch (ProviderFault fault) {
                parts.memory().rememberRole(member.name(), Role.REMOVED);
                member.close();
                return new Changed.Refused(
                        "Provider " + provider.name() + " cannot be used: " + fault.getMessage() + ".");
            }
            // What it holds from an earlier time in the placement may have been deleted since, and the deletes
            // collected.
            member.health.requireComparison(true);
            parts.members().requireComparison(member);
            parts.members().move(member, ProviderState.CATCHING_UP, "joins the placement");
            parts.members().roster().add(member);
            parts.members().changed().wake();
            recover.accept(member);
            LOG.info("provider {} joins the placement", member);
            return done(Role.JOINING);
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
            if (!member.health.complete()) {
                return new Changed.Refused("Provider " + name + " does not hold all that the others hold yet: it is "
                        + member.health.state().label() + (member.doing.isEmpty() ? "" : ", " + member.doing) + ".");
            }
            Optional<String> hindered = hindered(
                    name, Role.SERVING, GIVEN_ALL, "have given provider " + name + " all that it has acknowledged");
            if (hindered.isPresent()) {
                return new Changed.Refused(hindered.get());
            }
            parts.memory().rememberRole(name, Role.SERVING);
            parts.members().hold(member, false, "");
            LOG.info("provider {} has been promoted", member);
            return done(Role.SERVING);
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
            return done(Role.LEAVING);
        } finally {
            changing.unlock();
        }
    }

    /** How many independent failure domains there are among those providers that serve and are wanted. */
    public int domains(Predicate<String> wanted) {
        List<FailureDomain> domains = new ArrayList<>();
        for (Member member : parts.members().all()) {
            if (!member.health.held() && wanted.test(member.name())) {
                domains.add(member.provider.failureDomain());
            }
        }
        return Members.independent(domains);
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
            Optional<String> hindered =
                    hindered(name, Role.REMOVED, NOT_READ, "have stopped to read from provider " + name);
            if (hindered.isPresent()) {
                return new Changed.Refused(hindered.get());
            }
            parts.memory().rememberRole(name, Role.REMOVED);
            parts.members().roster().remove(member);
            parts.members().changed().wake();
            forget.accept(member);
            parts.hints().forget(name);
            LOG.info("provider {} has left the placement", member);
            return done(Role.REMOVED);
        } finally {
            changing.unlock();
        }
    }

    /**
     * Tells the other nodes what this one does with each provider, if that has changed, and looks whether they use the same ones. To be
     * called again and again.
     */
    public void tell() throws LocalStoreFault {
        changing.lock();
        try {
            told.tell(Map.of());
            told.look();
        } finally {
            changing.unlock();
        }
    }

    /** Sentences about nodes that do not write to a provider that this one reads from. */
    List<String> strangers() {
        return told.strangers();
    }

    private Changed done(Role role) throws LocalStoreFault {
        if (!told.tell(Map.of())) {
            LOG.warn("no provider takes word of what this node does with the providers; other nodes wait for it");
        }
        return new Changed.Done(role);
    }

    /**
     * Whether a change may be made, as far as other nodes go. It is told before they are asked: of two nodes that change the same at a time,
     * one sees the other.
     */
    private Optional<String> hindered(String name, Role becomes, Set<String> wanted, String what)
            throws LocalStoreFault {
        Optional<String> hindered = told.tell(Map.of(name, becomes.label()))
                ? told.others(name, wanted, what)
                : Optional.of("No provider takes word of it for the other nodes. Try again later.");
        if (hindered.isPresent()) {
            told.tell(Map.of());
        }
        return hindered;
    }

    private static Changed unknown(String name) {
        return new Changed.Refused("Provider " + name + " is no part of the placement.");
    }

    private Optional<Member> find(String name) {
        return parts.members().all().stream()
                .filter(member -> member.name().equals(name))
                .findFirst();
    }
}
