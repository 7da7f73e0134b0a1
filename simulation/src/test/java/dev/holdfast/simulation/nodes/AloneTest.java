package dev.holdfast.simulation.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.edge.CacheStatus;
import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.edge.Near;
import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.edge.OwnCoverage;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.MemoryLocalStore;
import dev.holdfast.engine.replication.Nodes.Removed;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Written;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a node has near, when other nodes come and go. */
class AloneTest {
    private static final Key KEY = Key.of("k");
    private static final long TTL = Duration.ofMinutes(1).toNanos();

    private static NearStore near(Cluster.Node node) {
        return new NearStore(
                node.store(),
                node.time(),
                EdgeConfig.DEFAULT,
                new OwnCoverage(node.store()),
                Near.simulated(node.time(), EdgeConfig.DEFAULT, null));
    }

    private static NearAnswer read(NearStore near) {
        return near.read(Cluster.NAMESPACE, KEY, TTL);
    }

    private static Version version(NearAnswer answer) {
        assertThat(answer.answer()).isInstanceOf(Answer.Found.class);
        Record record = ((Answer.Found) answer.answer()).record();
        return record.version();
    }

    private static Version acknowledged(Cluster.Node node) {
        Written written = node.put("k");
        assertThat(written).isInstanceOf(Written.Acknowledged.class);
        return ((Written.Acknowledged) written).receipt().version();
    }

    @Test
    void whatWasTheNewestUntilAnotherNodeCameIsAsOldAsThat() {
        Cluster.run(cluster -> {
            Cluster.Node x = cluster.start("x", new MemoryLocalStore());
            x.untilAllCurrent();
            cluster.sleep(Duration.ofSeconds(15));
            NearStore near = near(x);
            acknowledged(x);
            read(near);
            cluster.sleep(Duration.ofMinutes(2));
            assertThat(read(near).status()).isEqualTo(CacheStatus.HIT);
            assertThat(read(near).ageMillis()).isZero();
            cluster.start("y", new MemoryLocalStore());
            cluster.sleep(Duration.ofSeconds(25));
            NearAnswer answer = read(near);
            assertThat(answer.status()).isEqualTo(CacheStatus.HIT);
            // It looks for others every ten seconds.
            assertThat(answer.ageMillis()).isBetween(25_000L, 36_000L);
        });
    }

    @Test
    void aNodeThatIsAloneAgainDoesNotTakeForTheNewestWhatItKnewBefore() {
        Cluster.run(cluster -> {
            Cluster.Node x = cluster.start("x", new MemoryLocalStore());
            Cluster.Node y = cluster.start("y", new MemoryLocalStore());
            x.untilAllCurrent();
            y.untilAllCurrent();
            cluster.sleep(Duration.ofSeconds(15));
            NearStore near = near(x);
            acknowledged(x);
            read(near);
            Version newer = acknowledged(y);
            y.kill();
            cluster.sleep(Duration.ofSeconds(90));
            assertThat(x.store().nodes().remove("y")).isInstanceOf(Removed.Done.class);
            cluster.sleep(Duration.ofSeconds(12));
            assertThat(version(read(near))).isEqualTo(newer);
            cluster.sleep(Duration.ofMinutes(2));
            assertThat(read(near).status()).isEqualTo(CacheStatus.HIT);
        });
    }
}
