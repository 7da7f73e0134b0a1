package dev.holdfast.integration.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.Row;
import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.providers.rocksdb.RocksProvider;
import dev.holdfast.providers.rocksdb.RocksSettings;
import java.nio.file.Path;

/** Opens the databases that a stopped server has left and decodes each record in full. */
final class RecordsOnDisk {
    private RecordsOnDisk() {}

    static void allDecode(Path data, String id, String... providers) throws Exception {
        NamespaceId namespace = NamespaceId.parse(id);
        for (String name : providers) {
            RocksProvider.Location location =
                    new RocksProvider.Location(name, "test", data.resolve(name), RocksSettings.DEFAULT);
            try (RocksProvider provider = RocksProvider.open(location, new SystemTime())) {
                int decoded = 0;
                for (Page page = provider.scan(namespace, new byte[0], null, 1_000); ; ) {
                    assertThat(page.damaged()).as("damaged records at " + name).isEmpty();
                    for (Row row : page.rows()) {
                        assertThat(provider.get(namespace, row.key())).isNotNull();
                        decoded++;
                    }
                    if (page.end()) {
                        break;
                    }
                    page = provider.scan(
                            namespace, new byte[0], page.rows().getLast().key(), 1_000);
                }
                assertThat(decoded).as("records at " + name).isPositive();
            }
        }
    }
}
