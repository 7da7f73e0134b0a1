package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class WatchCommandTest extends CommandRuns {
    private static String event(String id, String kind, String data) {
        return "id: " + id + "\nevent: " + kind + "\ndata: " + data + "\n\n";
    }

    private String watcher() throws InterruptedException {
        return server.watchers.poll(30, TimeUnit.SECONDS);
    }

    /** Runs it until the server has been asked for so many streams, as a person would until Ctrl-C. */
    private Ran watch(int connections, String... arguments) throws InterruptedException {
        AtomicReference<Ran> ran = new AtomicReference<>();
        Thread command = Thread.ofPlatform().start(() -> ran.set(run(arguments)));
        for (int i = 0; server.watchers.size() < connections && i < 3_000; i++) {
            Thread.sleep(10);
        }
        command.interrupt();
        command.join();
        return ran.get();
    }

    @Test
    void changesArePrintedAndTheStreamIsTakenUpAgain() throws Exception {
        server.streams.add(event("n.1.1", "heartbeat", "{}")
                + event("n.1.2", "change", "{\"key\":\"a\",\"deleted\":false,\"size\":1,\"value\":\"x\\n\"}")
                + event("n.1.3", "change", "{\"key\":\"b\",\"deleted\":true}")
                + event("n.1.4", "change", "{\"key\":\"c\"}")
                + event("n.1.5", "change", "{\"key\":\"d\",\"deleted\":false,\"size\":2,\"value_base64\":\"//8=\"}"));
        server.streams.add(event("n.2.1", "gap", "{\"why\":\"It was away.\"}"));
        Ran ran = watch(3, "kv", "watch", "settings", "--prefix", "a b", "--since", "n.1.0");
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.out()).isEqualTo("put\ta\tx\\u000a\ndeleted\tb\nchanged\tc\nput\td\t2 bytes\n");
        assertThat(ran.err())
                .contains("The server ended the stream. Trying again.")
                .contains("Watching again")
                .contains("list the keys again: It was away.");
        assertThat(watcher()).isEqualTo("prefix=a%20b&since=n.1.0 null");
        assertThat(watcher()).isEqualTo("prefix=a%20b&since=n.1.0 n.1.5");
        assertThat(watcher()).isEqualTo("prefix=a%20b&since=n.1.0 n.2.1");
    }

    @Test
    void programsGetALineForEachEvent() throws Exception {
        server.streams.add(event("n.1.2", "change", "{\"key\":\"a\",\"deleted\":true}")
                + event("n.1.3", "gap", "{\"why\":\"It was away.\"}"));
        Ran ran = watch(2, "kv", "watch", "settings", "--json");
        String[] lines = ran.out().split("\n");
        assertThat(lines).hasSize(2);
        JsonNode change = Json.MAPPER.readTree(lines[0]);
        assertThat(change.toString())
                .isEqualTo("{\"event\":\"change\",\"id\":\"n.1.2\",\"key\":\"a\",\"deleted\":true}");
        assertThat(Json.MAPPER.readTree(lines[1]).path("event").stringValue()).isEqualTo("gap");
    }

    @Test
    void aStreamThatEndsForGoodIsAFailure() {
        server.streams.add(event("n.1.2", "end", "{\"code\":\"unauthenticated\",\"why\":\"The token is revoked.\"}"));
        Ran ran = run("kv", "watch", "settings");
        assertThat(ran.exitCode()).isEqualTo(Failure.FAILED);
        assertThat(ran.err()).contains("The token is revoked.");
    }

    @Test
    void aRefusalIsAFailureAtOnce() {
        Ran ran = run("kv", "watch", "absent");
        assertThat(ran.exitCode()).isEqualTo(Failure.FAILED);
        assertThat(ran.err()).contains("There is no namespace \"absent\"");
        server.close();
        assertThat(run("kv", "watch", "settings").exitCode()).isEqualTo(Failure.NOT_REACHABLE);
    }
}
