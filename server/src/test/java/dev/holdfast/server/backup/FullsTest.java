package dev.holdfast.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.server.backup.Manifest.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullsTest {
    private static final NamespaceId ROOM = new NamespaceId(7, 8);
    private static final NamespaceId OTHER = new NamespaceId(7, 9);
    private static final long DAY = 86_400_000;
    private static final long NOW = 1_800_000_000_000L;

    @TempDir
    Path directory;

    private Folder folder;
    private Fulls fulls;

    @BeforeEach
    void open() throws IOException {
        folder = new Folder(directory.resolve("kept"));
        folder.begin();
        fulls = new Fulls(folder);
    }

    private void made(String id, long ended, Part... parts) throws IOException {
        Path at = folder.make(folder.fulls().resolve(id));
        Manifest manifest = new Manifest(id, "n1", ended - 1_000, ended, "1.1", true, List.of(parts));
        Files.writeString(at.resolve(Manifest.NAME), manifest.json().toString());
    }

    private static Part part(NamespaceId id) {
        return new Part(id, "t", "", id + Folder.LINES, 3, 30, 20, new byte[] {1, 2}, true, "");
    }

    private static Part missing(NamespaceId id) {
        return Part.missing(id, "t", "it could not be read");
    }

    private List<String> ids() throws IOException {
        return fulls.all().stream().map(Manifest::id).toList();
    }

    @Test
    void whatTheOldestMomentNeedsIsKeptAndTheRestIsRemoved() throws IOException {
        made("f1", NOW - 9 * DAY, part(ROOM));
        made("f2", NOW - 8 * DAY, part(ROOM));
        made("f3", NOW - 2 * DAY, part(ROOM));
        Path archive = folder.make(folder.archive("n1"));
        for (int day : new int[] {10, 9, 7, 1}) {
            Path file = Files.writeString(Segment.file(archive, NOW - day * DAY), "x");
            Files.setLastModifiedTime(file, FileTime.fromMillis(NOW - day * DAY + DAY / 2));
        }
        fulls.prune(NOW, 7 * DAY);
        assertThat(ids()).containsExactly("f2", "f3");
        assertThat(Folder.list(archive)).hasSize(2);
    }

    @Test
    void theLastGoodOneIsKeptHoweverOld() throws IOException {
        made("f1", NOW - 90 * DAY, part(ROOM));
        made("f2", NOW - 80 * DAY, missing(ROOM));
        fulls.prune(NOW, 7 * DAY);
        assertThat(ids()).containsExactly("f1", "f2");
        assertThat(fulls.newestGood().orElseThrow().id()).isEqualTo("f1");
    }

    @Test
    void aMomentRestsOnTheNewestFromBeforeItThatTellsOfTheNamespace() throws IOException {
        made("f1", NOW, part(ROOM), missing(OTHER));
        made("f2", NOW + DAY, missing(ROOM), part(OTHER));
        assertThat(fulls.base(ROOM, NOW + 2 * DAY).orElseThrow().id()).isEqualTo("f1");
        assertThat(fulls.base(ROOM, NOW - 1)).isEmpty();
        assertThat(fulls.base(OTHER, NOW + 1)).isEmpty();
        // One of which no word is there did not exist.
        assertThat(fulls.base(new NamespaceId(1, 1), NOW + 1).orElseThrow().id())
                .isEqualTo("f1");
    }

    @Test
    void oneThatVouchesForEveryKeyIsPreferredAndKept() throws IOException {
        Part unsure = new Part(ROOM, "t", "", ROOM + Folder.LINES, 3, 30, 20, new byte[] {1, 2}, false, "");
        made("f1", NOW - 10 * DAY, part(ROOM));
        made("f2", NOW - 9 * DAY, unsure);
        assertThat(fulls.base(ROOM, NOW).orElseThrow().id()).isEqualTo("f1");
        fulls.prune(NOW, 7 * DAY);
        assertThat(ids()).containsExactly("f1", "f2");
    }

    @Test
    void aManifestComesBackAsItWas() throws IOException {
        made("f1", NOW, part(ROOM), missing(OTHER));
        Manifest read = fulls.all().getFirst();
        assertThat(read.json())
                .isEqualTo(new Manifest("f1", "n1", NOW - 1_000, NOW, "1.1", true, List.of(part(ROOM), missing(OTHER)))
                        .json());
        assertThat(read.good()).isFalse();
    }
}
