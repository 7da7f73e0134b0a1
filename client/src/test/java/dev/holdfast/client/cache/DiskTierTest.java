package dev.holdfast.client.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTierTest {
    private static final long MOST = 1 << 20;

    @TempDir
    private Path folder;

    private static Place place(int key) {
        return new Place("n", "key-" + key);
    }

    private static Held held(int version, String value, int trust) {
        return new Held(
                new Known(
                        "%016x".formatted(version),
                        true,
                        value.getBytes(StandardCharsets.UTF_8),
                        "{\"é\":1}",
                        1_900_000_000,
                        "a",
                        true,
                        7_000 + version),
                trust);
    }

    private static String text(Held held) {
        return held == null ? "nothing" : new String(held.known().value(), StandardCharsets.UTF_8);
    }

    private List<Path> segments(Path of) throws IOException {
        try (Stream<Path> files = Files.list(of)) {
            return files.filter(Segment::named).sorted().toList();
        }
    }

    /** What a process that was killed leaves: all that it has written, and no farewell. */
    private Path killed() throws IOException {
        Path copy = Files.createTempDirectory(folder, "copy");
        for (Path each : segments(folder)) {
            Files.copy(each, copy.resolve(each.getFileName()));
        }
        return copy;
    }

    @Test
    void whatWasKeptIsThereAfterADeath() throws IOException {
        try (DiskTier tier = new DiskTier(folder, MOST)) {
            tier.put(place(1), held(1, "one", 0));
            tier.put(place(2), held(2, "two", 0));
            tier.put(place(1), held(3, "three", 0));
            tier.put(place(4), held(4, "four", 0));
            tier.forget(place(4));
            tier.touch(place(2), new Held(held(2, "two", 0).known().vouched(true, 99_000), Trust.NONE));
            try (DiskTier after = new DiskTier(killed(), MOST)) {
                Held one = after.get(place(1));
                assertThat(one.known())
                        .usingRecursiveComparison()
                        .isEqualTo(held(3, "three", 0).known());
                assertThat(after.get(place(4))).isNull();
                assertThat(after.get(place(2)).trust()).isEqualTo(Trust.NONE);
                assertThat(after.get(place(2)).known().vouchedAt()).isEqualTo(99_000);
                assertThat(after.count()).isEqualTo(2);
            }
        }
    }

    @Test
    void aTornTailIsCutAndWhatIsBeforeItStays() throws IOException {
        try (DiskTier tier = new DiskTier(folder, MOST)) {
            tier.put(place(1), held(1, "one", 0));
            tier.put(place(1), held(2, "two", 0));
        }
        Path segment = segments(folder).getFirst();
        byte[] whole = Files.readAllBytes(segment);
        int first = 0;
        int second = 0;
        for (int length = 0; length < whole.length; length++) {
            Files.write(segment, java.util.Arrays.copyOf(whole, length));
            try (DiskTier after = new DiskTier(folder, MOST)) {
                String text = text(after.get(place(1)));
                assertThat(text).isIn("nothing", "one");
                first += text.equals("one") ? 1 : 0;
                second++;
                after.put(place(2), held(9, "nine", 0));
            }
            try (DiskTier again = new DiskTier(folder, MOST)) {
                assertThat(text(again.get(place(2)))).isEqualTo("nine");
            }
            for (Path each : segments(folder)) {
                Files.delete(each);
            }
        }
        assertThat(first).isBetween(10, second - 10);
    }

    @Test
    void aDamagedEntryIsNotAnswered() throws IOException {
        try (DiskTier tier = new DiskTier(folder, MOST)) {
            tier.put(place(1), held(1, "one", 0));
            try (RandomAccessFile file =
                    new RandomAccessFile(segments(folder).getFirst().toFile(), "rw")) {
                file.seek(file.length() - 1);
                file.write('X');
            }
            assertThat(tier.get(place(1))).isNull();
            assertThat(tier.count()).isZero();
        }
    }

    @Test
    void itNeverGrowsPastItsBoundAndNeverAnswersWhatIsOutOfDate() throws IOException {
        long most = 256 << 10;
        SplittableRandom random = new SplittableRandom(7);
        Map<Place, String> newest = new HashMap<>();
        int kept = 0;
        DiskTier tier = new DiskTier(folder, most);
        for (int i = 1; i <= 20_000; i++) {
            Place place = place(random.nextInt(1_000));
            String value = i + "-" + "x".repeat(random.nextInt(400));
            if (random.nextInt(20) == 0) {
                tier.forget(place);
                newest.remove(place);
            } else {
                tier.put(place, held(i, value, 0));
                newest.put(place, value);
            }
            assertThat(tier.bytes()).isLessThan(most + (64 << 10));
            Place other = place(random.nextInt(1_000));
            String found = text(tier.get(other));
            if (!found.equals("nothing")) {
                assertThat(found).isEqualTo(newest.get(other));
                kept++;
            }
            if (i % 4_000 == 0) {
                tier.close();
                tier = new DiskTier(folder, most);
            }
        }
        assertThat(kept).isGreaterThan(10_000);
        long onDisk = 0;
        for (Path each : segments(folder)) {
            onDisk += Files.size(each);
        }
        assertThat(onDisk).isEqualTo(tier.bytes());
        tier.close();
    }

    @Test
    void whatIsUsedOutlivesWhatIsNot() throws IOException {
        try (DiskTier tier = new DiskTier(folder, 256 << 10)) {
            tier.put(place(0), held(1, "used", 0));
            for (int i = 1; i < 5_000; i++) {
                tier.put(place(i), held(i, "x".repeat(200), 0));
                assertThat(text(tier.get(place(0)))).isEqualTo("used");
            }
            assertThat(tier.get(place(1))).isNull();
        }
    }

    @Test
    void whatMustBeAskedForAgainStaysSoWhenItIsWrittenAgain() throws IOException {
        try (DiskTier tier = new DiskTier(folder, 256 << 10)) {
            tier.put(place(0), held(1, "doubted", 0));
            tier.touch(place(0), held(1, "doubted", Trust.NONE));
            for (int i = 1; i < 5_000; i++) {
                tier.put(place(i), held(i, "x".repeat(200), 0));
                assertThat(tier.get(place(0)).trust()).isEqualTo(Trust.NONE);
            }
            try (DiskTier after = new DiskTier(killed(), 256 << 10)) {
                assertThat(after.get(place(0)).trust()).isEqualTo(Trust.NONE);
            }
        }
    }

    @Test
    void whatIsTooLargeIsForgotten() throws IOException {
        try (DiskTier tier = new DiskTier(folder, 64 << 10)) {
            tier.put(place(1), held(1, "one", 0));
            tier.put(place(1), held(2, "x".repeat(20_000), 0));
            assertThat(tier.get(place(1))).isNull();
        }
    }

    @Test
    void aFolderHasOneUser() throws IOException {
        try (DiskTier first = new DiskTier(folder, MOST)) {
            first.put(place(1), held(1, "one", 0));
            assertThatThrownBy(() -> new DiskTier(folder, MOST)).hasMessageContaining("used by another client");
        }
        new DiskTier(folder, MOST).close();
    }

    @Test
    void filesOfOthersAreLeftAlone() throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "mine");
        Files.writeString(folder.resolve("0000000000000009.seg"), "no segment at all");
        new DiskTier(folder, MOST).close();
        assertThat(folder.resolve("notes.txt")).exists();
        assertThat(folder.resolve("0000000000000009.seg")).doesNotExist();
    }
}
