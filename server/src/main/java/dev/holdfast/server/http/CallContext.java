package dev.holdfast.server.http;

import dev.holdfast.engine.time.Time;
import java.util.concurrent.atomic.AtomicBoolean;

/** What the calls of one server share. */
record CallContext(
        Time time, HttpLimits limits, RawTargets targets, BodyMemory memory, Streams streams, AtomicBoolean stopping) {}
