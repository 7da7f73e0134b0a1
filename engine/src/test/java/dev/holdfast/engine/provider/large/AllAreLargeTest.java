package dev.holdfast.engine.provider.large;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.MemoryProvider;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderConformance;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.SystemTime;
import java.time.Duration;

/** The whole kit with every value away from its head. */
class AllAreLargeTest extends ProviderConformance {
    private final MemoryProvider heads = new MemoryProvider("m", new FailureDomain("memory", "here", "m"));
    private final MemoryProvider blobs = new MemoryProvider("b", new FailureDomain("memory", "here", "b"));

    int over() {
        return 0;
    }

    @Override
    protected Provider open() {
        return new LargeValues(heads, blobs, over(), Duration.ofHours(1), new SystemTime());
    }

    @Override
    protected Provider reopen() {
        return provider;
    }

    @Override
    protected void wipe() {
        heads.wipe();
        blobs.wipe();
    }

    @Override
    protected void damage(NamespaceId namespace, Key key) throws ProviderFault {
        heads.damage(namespace, key);
    }
}
