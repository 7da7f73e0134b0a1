package dev.holdfast.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.Holds;
import dev.holdfast.server.ManualTime;
import dev.holdfast.server.MemorySystemRecords;
import dev.holdfast.server.v1.ImportMarks;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Nothing is restored into a namespace that somebody else fills with versions of long ago. */
class OldVersionsTest {
    private static final NamespaceId ROOM = new NamespaceId(7, 8);
    private static final Namespace NAMESPACE =
            new Namespace(ROOM, "room", "account", "", "", Namespace.Policy.DEFAULT, 1, 0);

    private final ManualTime time = new ManualTime();
    private final MemorySystemRecords records = new MemorySystemRecords();

    private Optional<String> written(boolean upstream) {
        return new OldVersions(records, new ImportMarks(records, time), _ -> upstream).writtenIn(NAMESPACE);
    }

    @Test
    void withoutAnImportOrAnUpstreamNobodyWritesThem() {
        assertThat(written(false)).isEmpty();
    }

    @Test
    void anImportThatKeepsVersionsAndHasNotEndedIsInTheWay() {
        String begun = "id " + time.wallMillis();
        records.put(Key.of("import/" + ROOM), begun.getBytes(StandardCharsets.US_ASCII));
        assertThat(written(false))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("import")
                        .contains("--into")
                        .contains("holdfast import room --abandon id"));
        time.advance(8L * 86_400_000);
        assertThat(written(false)).as("after its time").isEmpty();
    }

    @Test
    void anUpstreamIsInTheWayAlsoOneThatOnlyAnotherNodeHasAndOneThatNothingWasReadFromYet() {
        assertThat(written(true)).hasValueSatisfying(why -> assertThat(why).contains("upstream"));
        Holds.hold(records, ROOM);
        assertThat(written(false)).hasValueSatisfying(why -> assertThat(why).contains("upstream"));
        Holds.release(records, ROOM);
        assertThat(written(false)).isEmpty();
    }

    @Test
    void whenNobodyCanSayItIsNotBegun() {
        records.there = false;
        assertThat(written(false)).hasValueSatisfying(why -> assertThat(why).contains("Nobody can say now"));
    }
}
