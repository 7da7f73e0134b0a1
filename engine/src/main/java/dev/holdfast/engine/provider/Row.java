package dev.holdfast.engine.provider;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;

/** One key of a scan. Tombstones and expired records are rows like others. */
public record Row(Key key, Head head) {}
