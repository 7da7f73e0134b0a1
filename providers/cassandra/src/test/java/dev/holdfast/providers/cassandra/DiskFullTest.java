package dev.holdfast.providers.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.providers.cassandra.CassandraSettings.Credentials;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** With Cassandra's own guard against a full disk. It is for those who are not its administrators. */
class DiskFullTest {
    private static final NamespaceId NS = new NamespaceId(1, 2);
    private static final Credentials USER = new Credentials("one", "pass-one");
    private static final int MOST_PUTS = 2000;

    private static Record record(int number) {
        byte[] value = new byte[100_000];
        new Random(number).nextBytes(value);
        return Record.of(Version.of(1_700_000_000_000L, 0, 0), value);
    }

    @Test
    void a_disk_that_is_as_full_as_it_may_be_is_told_as_that_and_reads_go_on() throws Exception {
        Daemon daemon = new Daemon(Files.createTempDirectory("holdfast-cassandra"), """
            data_disk_usage_percentage_warn_threshold: 50
            data_disk_usage_percentage_fail_threshold: 60
            data_disk_usage_max_disk_size: 20MiB
            """);
        CassandraSettings settings = daemon.settings("full", Duration.ofSeconds(5), List.of(USER));
        try (Operator operator = new Operator(daemon);
                CassandraProvider provider = CassandraProvider.open(
                        "c", settings, new FailureDomain("us", "here", "cassandra"), new SystemTime())) {
            operator.make(USER);
            provider.initialise(new Identity("0".repeat(32), 1));
            ProviderFault fault = null;
            int stored = 0;
            while (fault == null && stored < MOST_PUTS) {
                try {
                    provider.putIfNewer(NS, Key.of("k" + stored), record(stored));
                    stored++;
                } catch (ProviderFault e) {
                    fault = e;
                }
            }
            assertThat(fault).as("after %d puts", stored).isNotNull();
            assertThat(fault.kind()).as(fault.getMessage()).isEqualTo(FaultKind.DISK_FULL);
            for (int i = 0; i < stored; i += 10) {
                assertThat(provider.get(NS, Key.of("k" + i))).isEqualTo(new Lookup.Present(record(i)));
            }
        } finally {
            daemon.close();
        }
    }
}
