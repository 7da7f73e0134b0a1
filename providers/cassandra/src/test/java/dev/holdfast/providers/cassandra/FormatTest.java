package dev.holdfast.providers.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.cql.Row;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.time.SystemTime;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What docs/on-provider-format.md says of Cassandra, with statements as they are there. */
class FormatTest {
    private static final String NAMESPACE = "0f2ac74b498b48028cb68387c421e279";

    @Test
    void the_bytes_of_a_record_are_those_of_every_provider() throws Exception {
        Daemon daemon = Daemon.shared();
        NamespaceId namespace = NamespaceId.parse(NAMESPACE);
        Record small = Record.of(
                Version.parse("01977420dc000207"),
                1760000000,
                "{\"by\":\"me\"}".getBytes(StandardCharsets.UTF_8),
                "hello".getBytes(StandardCharsets.UTF_8));
        Record medium = Record.of(small.version(), new byte[5000]);
        Record large = Record.of(small.version(), new byte[2_000_000]);
        try (CassandraProvider provider = CassandraProvider.open(
                        "c",
                        daemon.settings("format", Duration.ofSeconds(5), List.of(Daemon.ADMIN)),
                        new FailureDomain("us", "here", "cassandra"),
                        new SystemTime());
                Operator operator = new Operator(daemon)) {
            provider.initialise(new Identity("5f0c6d1e9a3b467d8e2f1a0b9c8d7e6f", 1));
            provider.putIfNewer(namespace, Key.of("greeting"), small);
            provider.putIfNewer(namespace, Key.of("medium"), medium);
            provider.putIfNewer(namespace, Key.of("large"), large);

            assertThat(bytes(operator, "greeting"))
                    .isEqualTo(RecordFormat.encode(namespace, Key.of("greeting"), small))
                    .asHexString()
                    .startsWith("4846010001977420DC000207")
                    .endsWith("9C2936E5");
            assertThat(bytes(operator, "medium")).isEqualTo(RecordFormat.encode(namespace, Key.of("medium"), medium));
            assertThat(bytes(operator, "large")).isEqualTo(RecordFormat.encode(namespace, Key.of("large"), large));
            assertThat(operator.run("SELECT blobAsText(key) AS name FROM format.records WHERE incarnation = "
                                    + incarnation(operator) + " AND namespace = 0x" + NAMESPACE
                                    + " AND bucket = 0x6772 AND key > 0x")
                            .all())
                    .extracting(row -> row.getString("name"))
                    .containsExactly("greeting");
        }
    }

    @Test
    void a_node_that_syncs_before_it_acknowledges_is_known_as_one() throws Exception {
        CassandraSettings settings = Daemon.shared().settings("format", Duration.ofSeconds(5), List.of(Daemon.ADMIN));
        Cluster cluster = new Cluster(new Sessions("c", settings).open(0), new Tables("format"), 0);
        try {
            assertThat(Durability.check("c", cluster)).isTrue();
        } finally {
            cluster.close();
        }
    }

    private static String incarnation(Operator operator) {
        return operator.run("SELECT incarnation, bucket_bytes FROM format.place")
                .one()
                .getUuid("incarnation")
                .toString();
    }

    /** Head, tail and chunks, one after the other. */
    private static byte[] bytes(Operator operator, String key) {
        String incarnation = incarnation(operator);
        String name = HexFormat.of().formatHex(key.getBytes(StandardCharsets.UTF_8));
        Row row = operator.run(
                        "SELECT head, tail, writing, chunks FROM format.records WHERE incarnation = " + incarnation
                                + " AND namespace = 0x" + NAMESPACE + " AND bucket = 0x" + name.substring(0, 4)
                                + " AND key = 0x"
                                + name)
                .one();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(Blobs.bytes(row.getByteBuffer("head")));
        all.writeBytes(Blobs.bytes(row.getByteBuffer("tail")));
        for (Row part : operator.run("SELECT part, bytes FROM format.chunks WHERE incarnation = " + incarnation
                + " AND writing = " + row.getUuid("writing"))) {
            all.writeBytes(Blobs.bytes(part.getByteBuffer("bytes")));
        }
        return all.toByteArray();
    }
}
