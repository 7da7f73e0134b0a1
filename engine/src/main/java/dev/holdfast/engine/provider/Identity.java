package dev.holdfast.engine.provider;

/**
 * Which place this is. Every node remembers the identity of each provider; another one under the same name means that the place
 * was wiped, replaced, or restored from a copy.
 *
 * @param id made once, when the place is initialised: 32 hexadecimal digits
 * @param generation counts how often the place has been initialised under this name, from 1
 */
public record Identity(String id, long generation) {}
