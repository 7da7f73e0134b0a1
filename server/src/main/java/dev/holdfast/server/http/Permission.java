package dev.holdfast.server.http;

/** What a grant can allow within a namespace. */
public enum Permission {
    /** Values and metadata of known keys. */
    READ,
    /** Putting and deleting keys. */
    WRITE,
    /** Enumerating keys. */
    LIST,
    /** The namespace itself: creating, renaming, deleting, its policy. */
    ADMIN
}
