package dev.holdfast.engine.provider;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;

class MemoryProviderTest extends ProviderConformance {
    private final MemoryProvider memory = new MemoryProvider("m", new FailureDomain("memory", "here", "m"));

    @Override
    protected Provider open() {
        return memory;
    }

    @Override
    protected Provider reopen() {
        return memory;
    }

    @Override
    protected void wipe() {
        memory.wipe();
    }

    @Override
    protected void damage(NamespaceId namespace, Key key) throws ProviderFault {
        memory.damage(namespace, key);
    }

    @Override
    protected int randomRuns() {
        return 50;
    }
}
