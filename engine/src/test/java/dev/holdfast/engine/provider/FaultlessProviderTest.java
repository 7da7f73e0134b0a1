package dev.holdfast.engine.provider;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.time.SystemTime;

/** With no fault on, a {@link FaultyProvider} is the provider within. */
class FaultlessProviderTest extends ProviderConformance {
    private final MemoryProvider memory = new MemoryProvider("m", new FailureDomain("memory", "here", "m"));

    @Override
    protected Provider open() {
        return new FaultyProvider(memory, new SystemTime());
    }

    @Override
    protected Provider reopen() {
        return provider;
    }

    @Override
    protected void wipe() {
        memory.wipe();
    }

    @Override
    protected void damage(NamespaceId namespace, Key key) throws ProviderFault {
        memory.damage(namespace, key);
    }
}
