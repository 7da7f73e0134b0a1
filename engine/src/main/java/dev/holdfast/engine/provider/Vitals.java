package dev.holdfast.engine.provider;

import dev.holdfast.engine.kv.Version;

/**
 * What a health probe reads.
 *
 * @param identity of the place that answered
 * @param highWater the newest version that was ever put there; never falls, so a lower one means a restored older state
 * @param freeBytes room left, {@link Long#MAX_VALUE} when unknown
 */
public record Vitals(Identity identity, Version highWater, long freeBytes) {}
