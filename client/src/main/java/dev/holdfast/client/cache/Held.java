package dev.holdfast.client.cache;

/** What is kept of one key, and its {@link Trust}. */
record Held(Known known, int trust) {}
