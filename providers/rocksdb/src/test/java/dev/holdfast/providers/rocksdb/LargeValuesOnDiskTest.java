package dev.holdfast.providers.rocksdb;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderConformance;
import dev.holdfast.engine.provider.large.LargeValues;
import dev.holdfast.engine.time.SystemTime;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

/** The kit with heads in one directory and large values in another. */
class LargeValuesOnDiskTest extends ProviderConformance {
    private static final int OVER = 1024;

    @TempDir
    Path temp;

    private Provider at(String directory) throws Exception {
        return RocksProvider.open(
                new RocksProvider.Location("a", "here", temp.resolve(directory), RocksSettings.DEFAULT),
                new SystemTime());
    }

    private Provider openHere() throws Exception {
        return new LargeValues(at("heads"), at("blobs"), OVER, Duration.ofHours(1), new SystemTime());
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
        Tampering.delete(temp.resolve("heads"));
        Tampering.delete(temp.resolve("blobs"));
    }

    @Override
    protected void damage(NamespaceId namespace, Key key) throws Exception {
        provider.close();
        Tampering.alter(temp.resolve("heads"), DataKey.of(namespace, key.bytes()), bytes -> {
            bytes[bytes.length - 1] ^= 1;
            return bytes;
        });
        provider = openHere();
    }
}
