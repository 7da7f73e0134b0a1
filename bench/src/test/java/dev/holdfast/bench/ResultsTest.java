package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.bench.Results.Spread;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsTest {
    private final Results results = new Results();

    private void round(double a, double b, double c) {
        add("a", a);
        add("b", b);
        add("c", c);
    }

    private void add(String id, double perSecond) {
        Case which = new Case(id, id, "GET", seconds -> null);
        results.add(which, new Sample(perSecond, 1, 1, 1, 1, 0, ""));
    }

    @Test
    void aRatioIsTakenWithinEachRoundAndWithTheSlowest() {
        round(10, 20, 40);
        round(30, 40, 30);
        round(100, 1000, 400);
        assertThat(results.ratio("a", "b", "c")).isEqualTo(new Spread(0.5, 0.25, 1));
    }

    @Test
    void theMedianOfAnEvenNumberOfRoundsIsTheMiddleOfTwo() {
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 8.0))).isEqualTo(new Spread(3, 1, 8));
    }

    @Test
    void aCaseThatWasNotMeasuredIsNotThere() {
        round(1, 2, 3);
        assertThat(results.has("a", "c")).isTrue();
        assertThat(results.has("a", "d")).isFalse();
    }
}
