package dev.holdfast.server.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.Table;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.engine.replication.Rules;
import dev.holdfast.engine.time.SystemTime;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheDiskTest {
    private static final byte[] KEY = new KeyRef(new NamespaceId(-1, -1), Key.of("\uffff".repeat(170))).bytes();
    private static final byte[] ROW = {1};

    @TempDir
    Path folder;

    private interface Use {
        void of(LocalStore local) throws Exception;
    }

    private void inside(String jurisdiction, Use use) throws Exception {
        Opened opened = new Opened();
        try {
            CacheDisk disk = CacheDisk.open(
                    folder.resolve("cache"), EdgeConfig.DEFAULT, new SystemTime(), opened, Rules.NONE, jurisdiction);
            use.of(Objects.requireNonNull(disk.local()));
        } finally {
            opened.close();
        }
    }

    @Test
    void whatWasKeptInAnotherJurisdictionIsGone() throws Exception {
        Batch both = new Batch().put(Table.PINNED, KEY, ROW).put(Table.CACHE, KEY, ROW);
        inside("eu", local -> local.commit(both));
        inside("eu", local -> assertThat(local.get(Table.PINNED, KEY)).isNotNull());
        inside("us", local -> {
            assertThat(local.get(Table.PINNED, KEY)).isNull();
            assertThat(local.get(Table.CACHE, KEY)).isNull();
            local.commit(both);
        });
        inside("", local -> assertThat(local.get(Table.PINNED, KEY)).isNull());
    }
}
