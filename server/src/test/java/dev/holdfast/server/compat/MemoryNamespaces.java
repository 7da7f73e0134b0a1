package dev.holdfast.server.compat;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.catalogue.Namespaces;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A map as the catalogue of namespaces. Thread-safe. */
public final class MemoryNamespaces implements Namespaces {
    private final TreeMap<NamespaceId, Namespace> all = new TreeMap<>();
    private long next = 1;

    /** When set, the disk keeps nothing, for this reason. */
    public volatile @Nullable String notKept;

    @Override
    public synchronized Optional<Namespace> find(NamespaceId id) {
        return Optional.ofNullable(all.get(id)).filter(namespace -> !namespace.deleted());
    }

    @Override
    public synchronized List<NamespaceId> ids() {
        return List.copyOf(all.keySet());
    }

    @Override
    public synchronized List<Namespace> kept() {
        return List.copyOf(all.values());
    }

    @Override
    public synchronized List<Namespace> list(String account, boolean deleted) {
        return all.values().stream()
                .filter(namespace -> namespace.account().equals(account) && namespace.deleted() == deleted)
                .toList();
    }

    @Override
    public synchronized Changed create(
            String account, String title, String jurisdiction, String mode, Namespace.Policy policy) {
        String reason = notKept;
        if (reason != null) {
            return new Changed.NotKept(reason);
        }
        if (titled(account, title).isPresent()) {
            return new Changed.TitleTaken();
        }
        NamespaceId id = new NamespaceId(0xabc, next++);
        Namespace made = new Namespace(id, title, account, jurisdiction, mode, policy, 1, 0);
        all.put(id, made);
        return new Changed.Done(made);
    }

    @Override
    public synchronized Changed rename(NamespaceId id, String title) {
        Optional<Namespace> taken = find(id).flatMap(namespace -> titled(namespace.account(), title));
        return taken.isPresent() && !taken.get().id().equals(id)
                ? new Changed.TitleTaken()
                : change(id, namespace -> namespace.titled(title));
    }

    @Override
    public Changed setPolicy(NamespaceId id, Namespace.Policy policy) {
        return change(id, namespace -> namespace.with(policy));
    }

    @Override
    public Changed delete(NamespaceId id) {
        return change(id, namespace -> namespace.deleted(1));
    }

    @Override
    public Changed restore(NamespaceId id) {
        throw new UnsupportedOperationException();
    }

    private synchronized Changed change(NamespaceId id, UnaryOperator<Namespace> change) {
        Namespace before = find(id).orElse(null);
        if (before == null) {
            return new Changed.NoSuchNamespace();
        }
        Namespace after = change.apply(before);
        all.put(id, after);
        return new Changed.Done(after);
    }
}
