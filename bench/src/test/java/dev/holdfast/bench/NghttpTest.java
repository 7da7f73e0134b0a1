package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.bench.Answer.Header;
import dev.holdfast.bench.Nghttp.Answered;
import java.util.List;
import org.junit.jupiter.api.Test;

class NghttpTest {
    @Test
    void statusHeadersAndTrailersAreRead() {
        String said = """
            [  0.005] send HEADERS frame <length=51, flags=0x25, stream_id=13>
                      ; END_STREAM | END_HEADERS | PRIORITY
                      :method: GET
                      authorization: Bearer x
            [  0.008] recv SETTINGS frame <length=18, flags=0x00, stream_id=0>
                      [SETTINGS_MAX_CONCURRENT_STREAMS(0x03):128]
            [  0.008] recv (stream_id=13) :status: 200
            [  0.008] recv (stream_id=13) content-type: text/plain
            [  0.008] recv (stream_id=13) date: Wed, 25 Nov 2026 17:42:10 GMT
            [  0.008] recv DATA frame <length=5, flags=0x00, stream_id=13>
            [  0.008] recv (stream_id=13) grpc-message:\s
            [  0.008] recv (stream_id=13) grpc-status: 0
            """;
        assertThat(Nghttp.parse(said, "hello"))
                .isEqualTo(new Answered(
                        200,
                        List.of(
                                new Header("content-type", "text/plain"),
                                new Header("date", "Wed, 25 Nov 2026 17:42:10 GMT"),
                                new Header("grpc-message", ""),
                                new Header("grpc-status", "0")),
                        "hello"));
    }
}
