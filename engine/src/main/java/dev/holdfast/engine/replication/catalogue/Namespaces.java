package dev.holdfast.engine.replication.catalogue;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import java.util.List;
import java.util.Optional;

/** The namespaces of the store. Answers from memory, with every provider dead. Thread-safe. */
public interface Namespaces {

    /** What became of a change. */
    sealed interface Changed {
        record Done(Namespace namespace) implements Changed {}

        record TitleTaken() implements Changed {}

        record NoSuchNamespace() implements Changed {}

        /** The time in which a deletion can be undone has passed. */
        record TooLate() implements Changed {}

        /**
         * It would need itself, by way of others.
         *
         * @param way from it through what it needs, each needing the next one, and the last one it
         */
        record Circle(List<Namespace> way) implements Changed {}

        /** There is nowhere where its records could lie as it wants. */
        record NoPlace(String sentence) implements Changed {}

        record NotKept(String sentence) implements Changed {}
    }

    /** A living namespace; empty for an unknown or deleted one. */
    Optional<Namespace> find(NamespaceId id);

    /** Of every namespace there ever was, of every account. */
    List<NamespaceId> ids();

    /** Of every account: living namespaces, and deleted ones whose deletion can be undone. What they hold must not be lost. */
    List<Namespace> kept();

    /** Living namespaces of an account by id; with {@code deleted} those that can still be restored instead. */
    List<Namespace> list(String account, boolean deleted);

    /** The living namespace of an account with this title. */
    default Optional<Namespace> titled(String account, String title) {
        return list(account, false).stream()
                .filter(namespace -> namespace.title().equals(title))
                .findFirst();
    }

    /** The living namespace that is called so by people: its id, or its title within an account. */
    default Optional<Namespace> called(String account, String name) {
        return id(name).flatMap(this::find).or(() -> titled(account, name));
    }

    private static Optional<NamespaceId> id(String name) {
        try {
            return name.length() == 2 * NamespaceId.BYTES ? Optional.of(NamespaceId.parse(name)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    Changed create(String account, String title, String jurisdiction, String mode, Namespace.Policy policy);

    Changed rename(NamespaceId id, String title);

    Changed setPolicy(NamespaceId id, Namespace.Policy policy);

    /** Hides the namespace at once. Its data is kept until the time in which it can be restored has passed. */
    Changed delete(NamespaceId id);

    /** Undoes a deletion. */
    Changed restore(NamespaceId id);
}
