package dev.holdfast.client.cache;

/**
 * What the cache has of a key.
 *
 * @param current whether it may be answered without asking
 * @param onDisk whether it was read from disk
 */
public record Found(Known known, boolean current, boolean onDisk) {}
