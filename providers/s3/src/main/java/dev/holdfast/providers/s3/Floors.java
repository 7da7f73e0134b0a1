package dev.holdfast.providers.s3;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.Time;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The collection floors, and what this process has last seen of each. Since a floor never falls, what was seen is true, and at most
 * too low. Thread-safe.
 */
final class Floors {
    private static final long FRESH_NANOS = 1_000_000_000L;

    private record Seen(Version floor, long at) {}

    private final Function<NamespaceId, Register> registers;
    private final Time time;
    private final Map<NamespaceId, Seen> seen = new ConcurrentHashMap<>();

    Floors(Function<NamespaceId, Register> registers, Time time) {
        this.registers = registers;
        this.time = time;
    }

    /** As the store has it now. */
    Version read(NamespaceId namespace) throws ProviderFault {
        return noted(namespace, registers.apply(namespace).read());
    }

    /** Not above what the store has now, and hardly below it; mostly without a request. */
    Version known(NamespaceId namespace) throws ProviderFault {
        @Nullable Seen last = seen.get(namespace);
        return last != null && time.nanos() - last.at < FRESH_NANOS ? last.floor : read(namespace);
    }

    void raise(NamespaceId namespace, Version to) throws ProviderFault {
        registers.apply(namespace).raise(to);
        noted(namespace, to);
    }

    private Version noted(NamespaceId namespace, Version floor) {
        Seen now = seen.merge(
                namespace,
                new Seen(floor, time.nanos()),
                (before, fresh) -> new Seen(Version.newest(before.floor, fresh.floor), fresh.at));
        return now.floor;
    }
}
