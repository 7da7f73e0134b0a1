package dev.holdfast.providers.rocksdb;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderConformance;
import dev.holdfast.engine.time.SystemTime;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class RocksProviderTest extends ProviderConformance {
    @TempDir
    Path temp;

    private Path directory() {
        return temp.resolve("a");
    }

    private Provider openHere() throws Exception {
        return RocksProvider.open(
                new RocksProvider.Location("a", "here", directory(), RocksSettings.DEFAULT), new SystemTime());
    }

    @Override
    protected Provider open() throws Exception {
        return openHere();
    }

    @Override
    protected Provider reopen() throws Exception {
        provider.close();
        return openHere();
    }

    @Override
    protected void wipe() throws Exception {
        Tampering.delete(directory());
    }

    @Override
    protected void damage(NamespaceId namespace, Key key) throws Exception {
        provider.close();
        Tampering.alter(directory(), DataKey.of(namespace, key.bytes()), bytes -> {
            bytes[bytes.length - 1] ^= 1;
            return bytes;
        });
        provider = openHere();
    }
}
