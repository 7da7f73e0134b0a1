package dev.holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeedStoriesTest {
    @Test
    void refusedWritesAreNotTold() {
        List<String> told = new ArrayList<>();
        FeedStories.writesOfAnOutage(told);
        assertThat(told).contains("before", "after").doesNotContain("refused");
    }
}
