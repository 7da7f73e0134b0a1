package dev.holdfast.engine.provider;

import dev.holdfast.engine.kv.Version;

/**
 * The version that a provider holds for a key.
 *
 * @param present false when the provider holds nothing
 * @param version of the record held; when there is none, the collection floor (see {@link Lookup.Missing})
 */
public record Sighting(boolean present, Version version) {}
