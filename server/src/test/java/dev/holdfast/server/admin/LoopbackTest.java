package dev.holdfast.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoopbackTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,true", "127.9.9.9,true", "[::1],true", "::1,true", "::ffff:127.0.0.1,true",
        "10.0.0.1,false", "0.0.0.0,false", "[2001:db8::1],false", "localhost,false", "'',false"
    })
    void onlyThisMachineIsLoopback(String address, boolean expected) {
        assertThat(Loopback.is(address)).isEqualTo(expected);
    }
}
