package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HotReadsTest {
    @Test
    void noLoadIsLargerThanWhatStaysNear() {
        assertThat(HotReads.keys(288)).isEqualTo(10_000);
        assertThat(HotReads.keys(4096)).isEqualTo(3072);
        assertThat(HotReads.keys(1 << 20)).isEqualTo(12);
        assertThat(HotReads.keys(25 << 20)).isEqualTo(1);
    }

    @Test
    void sizesAreNamedAsPeopleDo() {
        assertThat(HotReads.size(288)).isEqualTo("288 B");
        assertThat(HotReads.size(4096)).isEqualTo("4 KiB");
        assertThat(HotReads.size(1 << 20)).isEqualTo("1 MiB");
        assertThat(HotReads.size(1500)).isEqualTo("1500 B");
    }
}
