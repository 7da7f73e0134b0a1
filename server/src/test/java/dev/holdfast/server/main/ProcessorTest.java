package dev.holdfast.server.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ProcessorTest {
    @Test
    void fewProcessorsKeepMoreFreeThanMany() {
        assertThat(Processor.allowed(1)).isEqualTo(0.25);
        assertThat(Processor.allowed(2)).isCloseTo(0.29, within(0.01));
        assertThat(Processor.allowed(4)).isCloseTo(0.50, within(0.01));
        assertThat(Processor.allowed(16)).isCloseTo(0.75, within(0.01));
        assertThat(Processor.allowed(64)).isCloseTo(0.87, within(0.01));
    }
}
