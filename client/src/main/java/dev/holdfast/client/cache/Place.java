package dev.holdfast.client.cache;

/** Where a value lives: a key in a namespace. */
public record Place(String namespace, String key) {}
