package dev.holdfast.engine.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.incident.Sample.Flow;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesTest {
    private static Sample second(long number) {
        return new Sample(
                number * 1_000, 1, List.of(new Flow("", 0, 10, 1, 0, 0, number)), List.of(), List.of(), number, 0, 0);
    }

    @Test
    void figuresAreCoarserTheLongerItLastsAndEndAtABound() {
        Series series = new Series(0);
        for (long i = 1; i <= 4_000; i++) {
            series.add(second(i));
        }
        List<Sample> samples = series.samples();
        assertThat(samples.get(599).seconds()).isEqualTo(1);
        assertThat(samples.get(600).seconds()).isEqualTo(10);
        assertThat(samples.get(600).tiers()).containsExactly(new Flow("", 0, 100, 10, 0, 0, 610));
        assertThat(samples.getLast().seconds()).isEqualTo(60);
        for (long i = 4_001; i <= 400_000; i++) {
            series.add(second(i));
        }
        assertThat(series.samples()).hasSize(3_000);
    }
}
