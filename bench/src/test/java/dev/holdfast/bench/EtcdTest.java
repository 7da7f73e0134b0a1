package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EtcdTest {
    @Test
    void aRangeRequestIsFramedAsGrpcWantsIt() {
        assertThat(Etcd.range("ab", false)).containsExactly(0, 0, 0, 0, 4, 0x0a, 2, 'a', 'b');
        assertThat(Etcd.range("ab", true)).containsExactly(0, 0, 0, 0, 6, 0x0a, 2, 'a', 'b', 0x38, 1);
    }
}
