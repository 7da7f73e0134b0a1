package dev.holdfast.providers.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.providers.cassandra.CassandraSettings.Consistency;
import dev.holdfast.providers.cassandra.CassandraSettings.Credentials;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CassandraSettingsTest {
    private static CassandraSettings with(
            String keyspace, Map<String, Integer> replicas, List<Credentials> credentials, int bucketBytes) {
        CassandraSettings d = CassandraSettings.DEFAULT;
        return new CassandraSettings(
                d.contactPoints(),
                d.datacenter(),
                keyspace,
                replicas,
                d.consistency(),
                credentials,
                d.tls(),
                d.connectTimeout(),
                d.requestTimeout(),
                bucketBytes);
    }

    @Test
    void the_defaults_are_a_node_on_this_machine() {
        CassandraSettings d = CassandraSettings.DEFAULT;
        assertThat(d.contactPoints()).containsExactly(InetSocketAddress.createUnresolved("127.0.0.1", 9042));
        assertThat(d.datacenter()).isEqualTo("datacenter1");
        assertThat(d.keyspace()).isEqualTo("holdfast");
        assertThat(d.replicas()).isEmpty();
        assertThat(d.consistency()).isEqualTo(Consistency.LOCAL);
        assertThat(d.credentials()).isEmpty();
        assertThat(d.tls()).isNull();
        assertThat(d.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(d.requestTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(d.bucketBytes()).isEqualTo(2);
    }

    @Test
    void the_password_does_not_show() {
        Credentials secret = new Credentials("holdfast", "hunter2");
        assertThat(with("k", Map.of(), List.of(secret), 2).toString())
                .contains("holdfast")
                .doesNotContain("hunter2");
    }

    @Test
    void what_would_be_no_statement_of_cassandra_is_refused() {
        for (String keyspace : List.of("", "Holdfast", "a b", "a;b", "1a", "a".repeat(49))) {
            assertThatThrownBy(() -> with(keyspace, Map.of(), List.of(), 2))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> with("k", Map.of("dc'1", 3), List.of(), 2))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> with("k", Map.of("dc1", 0), List.of(), 2))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> with("k", Map.of(), List.of(), 0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Tables("k").makeKeyspace(Map.of("dc2", 3, "dc1", 2)))
                .isEqualTo("CREATE KEYSPACE IF NOT EXISTS \"k\" WITH replication ="
                        + " {'class': 'NetworkTopologyStrategy', 'dc1': 2, 'dc2': 3}");
    }
}
