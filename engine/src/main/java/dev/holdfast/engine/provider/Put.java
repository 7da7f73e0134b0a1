package dev.holdfast.engine.provider;

import dev.holdfast.engine.kv.Version;

/**
 * What became of a put-if-newer.
 *
 * @param stored whether the provider now durably holds the very record that was put (also when it held it already)
 * @param winner the version the provider holds now, or the collection floor that refused the put
 */
public record Put(boolean stored, Version winner) {}
