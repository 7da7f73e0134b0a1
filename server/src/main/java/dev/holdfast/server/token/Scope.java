package dev.holdfast.server.token;

import dev.holdfast.engine.kv.NamespaceId;
import java.util.Set;

/** The namespaces a token is good for. Immutable. */
public sealed interface Scope {

    /** Every namespace, those to come included. */
    record Everywhere() implements Scope {}

    /** These, and no others. */
    record Only(Set<NamespaceId> namespaces) implements Scope {
        public Only {
            namespaces = Set.copyOf(namespaces);
        }
    }

    default boolean covers(NamespaceId namespace) {
        return switch (this) {
            case Everywhere _ -> true;
            case Only only -> only.namespaces().contains(namespace);
        };
    }
}
