package dev.holdfast.server.backup;

import java.util.Set;

/**
 * The nodes over the same providers.
 *
 * @param complete false when nobody could be asked who knows all of them
 */
public record Registered(Set<String> names, boolean complete) {}
