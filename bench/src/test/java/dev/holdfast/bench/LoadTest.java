package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadTest {
    private final Load load = Load.draw(100, 12);

    @Test
    void keysAreDrawnByZipfsLaw() {
        double total = 0;
        for (int rank = 1; rank <= 100; rank++) {
            total += 1 / Math.pow(rank, 0.99);
        }
        for (int rank : new int[] {1, 2, 10, 100}) {
            double share =
                    Arrays.stream(load.draws()).filter(draw -> draw == rank - 1).count() / (double) load.draws().length;
            assertThat(share).isCloseTo(1 / Math.pow(rank, 0.99) / total, within(0.005));
        }
    }

    @Test
    void everyRunDrawsTheSame() {
        Load again = Load.draw(100, 12);
        assertThat(again.entries()).isEqualTo(load.entries());
        assertThat(again.draws()).isEqualTo(load.draws());
    }

    @Test
    void valuesHaveTheSizeAskedForAndKeysAreUnique() {
        assertThat(load.entries()).allMatch(entry -> entry.value().length() == 12);
        assertThat(load.entries().stream().map(Load.Entry::key).distinct()).hasSize(100);
    }

    @Test
    void anotherProcessReadsTheSameLoad(@TempDir Path folder) throws Exception {
        load.write(folder);
        Load read = Load.read(folder);
        assertThat(read.entries()).isEqualTo(load.entries());
        assertThat(read.draws()).isEqualTo(load.draws());
    }
}
