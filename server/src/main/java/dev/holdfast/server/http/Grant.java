package dev.holdfast.server.http;

import dev.holdfast.engine.kv.NamespaceId;

/** What the bearer of a credential may do. Immutable. */
public interface Grant {

    /** Names the credential in logs and the audit log; not secret. */
    String tokenId();

    boolean may(Permission permission, NamespaceId namespace);

    /** Whether the permission holds in every namespace, those to come included. Creating a namespace needs ADMIN so. */
    boolean mayEverywhere(Permission permission);
}
