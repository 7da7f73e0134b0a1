package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.bench.Answer.Header;
import java.util.List;
import org.junit.jupiter.api.Test;

class AskTest {
    private final List<Header> headers = List.of(new Header("Authorization", "Bearer x"));

    @Test
    void aReadHasNoBody() {
        assertThat(Ask.get("/a?b", headers).wire())
                .isEqualTo("GET /a?b HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer x\r\n\r\n");
    }

    @Test
    void aWriteSaysHowLongItsBodyIs() {
        assertThat(new Ask("PUT", "/a", headers, "value").wire())
                .isEqualTo("PUT /a HTTP/1.1\r\n"
                        + "Host: 127.0.0.1\r\n"
                        + "Authorization: Bearer x\r\n"
                        + "Content-Length: 5\r\n\r\n"
                        + "value");
        assertThat(new Ask("PUT", "/a", List.of(), "").wire()).contains("Content-Length: 0\r\n");
    }

    @Test
    void everyDoorAsksForTheKeyAndShowsTheToken() {
        Entrance.Room room = new Entrance.Room("account", "namespace", "token");
        for (Entrance door : Entrance.values()) {
            Ask ask = door.get(room, new Load.Entry("the-key", "value"));
            assertThat(ask.target()).startsWith(door.prefix(room)).contains("namespace");
            assertThat(ask.wire()).contains("the-key", "Authorization: Bearer token\r\n");
        }
    }
}
