package dev.holdfast.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.MemoryLocalStore;
import dev.holdfast.engine.provider.MemoryProvider;
import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.engine.time.Time;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node makes of the records of another one. */
class PeersTest {
    private final Time time = new SystemTime();
    private final MemoryProvider placeA = new MemoryProvider("a", new FailureDomain("test", "here", "a"));
    private final MemoryProvider placeB = new MemoryProvider("b", new FailureDomain("test", "here", "b"));
    private Parts parts;
    private Member a;
    private Member b;
    private Peers peers;

    @BeforeEach
    void open() throws Exception {
        parts = Start.find(
                        ReplicationConfig.DEFAULT,
                        time,
                        new MemoryLocalStore(),
                        "node",
                        List.of(placeA, placeB),
                        Rules.NONE)
                .parts();
        a = parts.members().all().getFirst();
        b = parts.members().all().getLast();
        peers = new Peers(parts, new Registry(new NoSystemRecords(), new RegistryScan(parts)), "node");
    }

    /** Writes a record of the other node at {@code a}, as it was a while ago. */
    private void record(String key, String value, long secondsAgo) throws Exception {
        Version version = Version.atMillis(time.wallMillis() - secondsAgo * 1_000);
        placeA.putIfNewer(NamespaceId.SYSTEM, Key.of(key), Record.of(version, value.getBytes(StandardCharsets.UTF_8)));
    }

    private void otherMarksB() throws Exception {
        record("node/other", Version.atMillis(time.wallMillis()).toString(), 9);
        record("dirty/b/other", "dirty", 5);
        peers.run();
        assertThat(parts.peers().marking(b)).containsExactly("other");
        assertThat(b.health.wordCounts()).isFalse();
    }

    private void takeNobodysWord() {
        parts.members().lost(a, "the test says so");
        assertThat(a.health.wordCounts()).isFalse();
    }

    /** Seeds 38, 201 and 461 of long worlds: else two nodes wait for each other for ever. */
    @Test
    void markThatWasTakenBackIsGoneThoughNobodysWordCounts() throws Exception {
        otherMarksB();
        takeNobodysWord();
        record("dirty/b/other", "clean", 1);
        peers.run();
        assertThat(parts.peers().marking(b)).isEmpty();
    }

    @Test
    void markThatIsNotFoundStandsWhenNobodysWordCounts() throws Exception {
        otherMarksB();
        takeNobodysWord();
        placeA.wipe();
        placeA.initialise(placeB.identity().orElseThrow());
        peers.run();
        assertThat(parts.peers().marking(b)).containsExactly("other");
    }

    /** Seed 1260 of long worlds: the mark had been taken back, and the other provider was doubted as well. */
    @Test
    void markAtAPlaceThatWasPutBackInTimeIsNotBelieved() throws Exception {
        record("node/other", Version.atMillis(time.wallMillis()).toString(), 9);
        record("dirty/b/other", "dirty", 5);
        parts.members().putBack(a, "the test says so");
        peers.run();
        assertThat(parts.peers().marking(b)).isEmpty();
    }

    /** A place that was put back in time shows what was so before. */
    @Test
    void markThatWasMadeAfterItHadBeenTakenBackStands() throws Exception {
        otherMarksB();
        takeNobodysWord();
        placeA.wipe();
        placeA.initialise(placeB.identity().orElseThrow());
        record("dirty/b/other", "clean", 7);
        peers.run();
        assertThat(parts.peers().marking(b)).containsExactly("other");
    }

    /**
     * Seed 161 of long worlds: two nodes that were new at the same moment stamped alike, and a write of one was taken for a later one of
     * the other and acknowledged though it had lost.
     */
    @Test
    void newNodeLeavesTheStampsOfAnotherOneWhateverItsName() throws Exception {
        Set<Integer> drawn = parts.stamps().both();
        record("node/zoe", Registry.Registration.text(Version.atMillis(time.wallMillis()), drawn, ClockTalk.NONE), 0);
        peers.meet();
        assertThat(parts.stamps().both()).hasSize(2).doesNotContainAnyElementsOf(drawn);
        assertThat(drawn).doesNotContain(parts.clock().stamp());
    }
}
