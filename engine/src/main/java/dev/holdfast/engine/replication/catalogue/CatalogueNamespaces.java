package dev.holdfast.engine.replication.catalogue;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Namespace.Policy;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.catalogue.Catalogue.Entry;
import dev.holdfast.engine.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Namespaces as entries {@code namespace/id} of the catalogue. A deletion raises the entry's rank by one, and so wins over a
 * rename at another node; undoing it raises the rank again; a purge is terminal.
 *
 * <p>Thread-safe. Titles are unique because one node decides on them at a time (DESIGN rule 23).
 */
public final class CatalogueNamespaces implements Namespaces {
    private final Catalogue catalogue;
    private final Time time;
    private final Duration undo;
    private final Map<NamespaceId, Parsed> parsed = new ConcurrentHashMap<>();
    private final Map<Titled, NamespaceId> lastSeenAs = new ConcurrentHashMap<>();
    private volatile Places places = Places.ENOUGH;

    /** Keeps the parsed form as long as the entry says the same, since every request looks its namespace up. */
    private record Parsed(Entry entry, Namespace namespace) {}

    private record Titled(String account, String title) {}

    /** @param undo for how long a deletion can be undone */
    public CatalogueNamespaces(Catalogue catalogue, Time time, Duration undo) {
        this.catalogue = catalogue;
        this.time = time;
        this.undo = undo;
    }

    /** Where records of namespaces could lie. */
    public interface Places {
        /** A sentence about why those of a new namespace have no place; empty when they have. */
        Optional<String> missing(String jurisdiction, Policy policy);

        /** A sentence about why there are not so many independent ones; empty when there are. */
        Optional<String> tooFew(String jurisdiction, int durability);

        /** For a store in one jurisdiction. */
        Places ENOUGH = new Places() {
            @Override
            public Optional<String> missing(String jurisdiction, Policy policy) {
                return Optional.empty();
            }

            @Override
            public Optional<String> tooFew(String jurisdiction, int durability) {
                return Optional.empty();
            }
        };
    }

    /** No namespace is made any more that has no place, and none asks for more of them than there are. */
    public void in(Places there) {
        places = there;
    }

    /** The jurisdiction of any namespace there ever was, empty for none; null when this node knows of no such namespace. */
    public @Nullable String jurisdiction(NamespaceId id) {
        Entry entry = catalogue.get(Catalogue.NAMESPACES + id).orElse(null);
        return entry == null ? null : NamespaceText.read(entry.content()).jurisdiction();
    }

    /** The same, asked of the providers when this node knows of none. */
    public @Nullable String fetchJurisdiction(NamespaceId id) {
        return catalogue.fetch(Catalogue.NAMESPACES + id).isEmpty() ? null : jurisdiction(id);
    }

    @Override
    public Optional<Namespace> find(NamespaceId id) {
        return Optional.ofNullable(any(id)).filter(n -> !n.deleted());
    }

    /** Requests may name their namespace by title, so where one was found last is looked at first. */
    @Override
    public Optional<Namespace> titled(String account, String title) {
        Titled asked = new Titled(account, title);
        NamespaceId before = lastSeenAs.get(asked);
        Optional<Namespace> there = before == null ? Optional.empty() : find(before);
        if (there.filter(n -> n.account().equals(account) && n.title().equals(title))
                .isPresent()) {
            return there;
        }
        Optional<Namespace> found = Namespaces.super.titled(account, title);
        if (found.isPresent()) {
            lastSeenAs.put(asked, found.get().id());
        } else if (before != null) {
            lastSeenAs.remove(asked);
        }
        return found;
    }

    private @Nullable Namespace any(NamespaceId id) {
        Entry entry = catalogue.get(Catalogue.NAMESPACES + id).orElse(null);
        if (entry == null || entry.rank() == Catalogue.TERMINAL) {
            return null;
        }
        Parsed known = parsed.get(id);
        if (known == null || !Arrays.equals(known.entry.content(), entry.content())) {
            known = new Parsed(entry, NamespaceText.read(entry.content()));
            parsed.put(id, known);
        }
        return known.namespace;
    }

    @Override
    public List<Namespace> list(String account, boolean deleted) {
        List<Namespace> found = new ArrayList<>();
        for (Namespace namespace : unpurged()) {
            if (namespace.account().equals(account) && namespace.deleted() == deleted) {
                found.add(namespace);
            }
        }
        return found;
    }

    /** Even a purged one holds tombstones until they are collected. */
    @Override
    public List<NamespaceId> ids() {
        List<NamespaceId> ids = new ArrayList<>();
        for (String name : catalogue.entries(Catalogue.NAMESPACES).keySet()) {
            ids.add(NamespaceId.parse(name.substring(Catalogue.NAMESPACES.length())));
        }
        return ids;
    }

    @Override
    public List<Namespace> kept() {
        return unpurged().stream().filter(namespace -> !overdue(namespace)).toList();
    }

    /** Living namespaces of which every edge keeps a full copy. */
    public List<Namespace> pinned() {
        return unpurged().stream()
                .filter(namespace -> !namespace.deleted() && namespace.policy().pinned())
                .toList();
    }

    private List<Namespace> unpurged() {
        List<Namespace> found = new ArrayList<>();
        for (NamespaceId id : ids()) {
            Namespace namespace = any(id);
            if (namespace != null) {
                found.add(namespace);
            }
        }
        return found;
    }

    @Override
    public synchronized Changed create(String account, String title, String jurisdiction, String mode, Policy policy) {
        if (taken(account, title, null)) {
            return new Changed.TitleTaken();
        }
        Optional<String> missing = places.missing(jurisdiction, policy);
        if (missing.isPresent()) {
            return new Changed.NoPlace(missing.get());
        }
        NamespaceId id = new NamespaceId(time.random().nextLong(), time.random().nextLong());
        Namespace made = new Namespace(id, title, account, jurisdiction, mode, policy, time.wallMillis(), 0);
        return keep(made, 0);
    }

    @Override
    public synchronized Changed rename(NamespaceId id, String title) {
        Namespace present = any(id);
        if (present != null && !present.deleted() && taken(present.account(), title, id)) {
            return new Changed.TitleTaken();
        }
        return change(id, namespace -> namespace.titled(title));
    }

    @Override
    public synchronized Changed setPolicy(NamespaceId id, Policy policy) {
        List<NamespaceId> circle = Circles.through(
                id,
                policy.needs(),
                needed -> find(needed).map(there -> there.policy().needs()).orElse(List.of()));
        if (!circle.isEmpty()) {
            return new Changed.Circle(
                    circle.stream().map(this::find).flatMap(Optional::stream).toList());
        }
        // One that asks for too much already, since a provider is gone for good, can be changed otherwise.
        Optional<String> tooFew = find(id).filter(
                        there -> policy.durability() > there.policy().durability())
                .flatMap(there -> places.tooFew(there.jurisdiction(), policy.durability()));
        if (tooFew.isPresent()) {
            return new Changed.NoPlace(tooFew.get());
        }
        return change(id, namespace -> namespace.with(policy));
    }

    @Override
    public synchronized Changed delete(NamespaceId id) {
        Namespace present = any(id);
        if (present == null || present.deleted()) {
            return new Changed.NoSuchNamespace();
        }
        return keep(present.deleted(time.wallMillis()), rank(id) + 1);
    }

    @Override
    public synchronized Changed restore(NamespaceId id) {
        Namespace present = any(id);
        if (present == null || !present.deleted()) {
            return new Changed.NoSuchNamespace();
        }
        if (overdue(present)) {
            return new Changed.TooLate();
        }
        if (taken(present.account(), present.title(), id)) {
            return new Changed.TitleTaken();
        }
        return keep(present.deleted(0), rank(id) + 1);
    }

    /** Deleted namespaces whose deletion can no longer be undone. */
    public List<Namespace> overdue() {
        return unpurged().stream().filter(this::overdue).toList();
    }

    private boolean overdue(Namespace namespace) {
        return namespace.deleted() && namespace.deletedAt() + undo.toMillis() <= time.wallMillis();
    }

    /** Ends a namespace for good, once its data is gone. */
    public synchronized void purged(Namespace namespace) throws Catalogue.NotKept {
        catalogue.put(
                Catalogue.NAMESPACES + namespace.id(), new Entry(NamespaceText.write(namespace), Catalogue.TERMINAL));
        parsed.remove(namespace.id());
    }

    private Changed change(NamespaceId id, UnaryOperator<Namespace> how) {
        Namespace present = any(id);
        if (present == null || present.deleted()) {
            return new Changed.NoSuchNamespace();
        }
        return keep(how.apply(present), rank(id));
    }

    private long rank(NamespaceId id) {
        return catalogue.get(Catalogue.NAMESPACES + id).map(Entry::rank).orElse(0L);
    }

    private boolean taken(String account, String title, @Nullable NamespaceId but) {
        return list(account, false).stream().anyMatch(n -> n.title().equals(title) && !n.id().equals(but));
    }

    private Changed keep(Namespace namespace, long rank) {
        try {
            catalogue.put(Catalogue.NAMESPACES + namespace.id(), new Entry(NamespaceText.write(namespace), rank));
            return new Changed.Done(namespace);
        } catch (Catalogue.NotKept e) {
            return new Changed.NotKept(String.valueOf(e.getMessage()));
        }
    }
}
