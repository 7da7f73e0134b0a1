package dev.holdfast.server.v1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.server.main.RunningServer;
import dev.holdfast.server.main.RunningServer.Reply;
import dev.holdfast.server.v1.EventReader.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes as they happen, on a real data folder. */
class WatchTest {
    @TempDir
    Path data;

    private RunningServer server;
    private String id;

    @BeforeEach
    void start() throws Exception {
        server = new RunningServer(data);
        id = server.namespace("watched");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String watch(String query) {
        return "/v1/namespaces/" + id + "/watch" + query;
    }

    private EventReader open(String path, String... headers) throws Exception {
        return new EventReader(server, server.token, path, headers);
    }

    private Reply put(String key, String value, String... headers) throws IOException {
        Reply put = server.data("PUT", "/v1/namespaces/" + id + "/values/" + key, value, headers);
        assertThat(put.status()).isEqualTo(200);
        return put;
    }

    private static boolean before(String id, String other) {
        return Point.parse(id).at().compareTo(Point.parse(other).at()) < 0;
    }

    @Test
    void changesAreToldWithTheirValuesAsTheyHappen() throws Exception {
        put("before", "x");
        try (EventReader events = open(watch(""))) {
            assertThat(events.header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(events.header("Cache-Control")).isEqualTo("no-store");
            Event first = events.any();
            assertThat(first.kind()).isEqualTo("heartbeat");
            assertThat(first.json().propertyNames()).containsExactly("sent_ms");
            long sent = first.json().get("sent_ms").asLong();
            assertThat(sent).isNotNegative();
            assertThat(events.any().json().get("sent_ms").asLong() - sent).isGreaterThanOrEqualTo(1_000);
            Reply put = put("k", "hello", "Holdfast-Metadata", "{\"a\":1}");
            Event change = events.next();
            assertThat(change.kind()).isEqualTo("change");
            assertThat(change.id())
                    .isEqualTo(put.header("Holdfast-Session"))
                    .isEqualTo(put.json().get("session").asString());
            assertThat(change.json().toString())
                    .isEqualTo("{\"key\":\"k\",\"version\":\"" + put.header("Holdfast-Version")
                            + "\",\"deleted\":false,\"metadata\":{\"a\":1},\"size\":5,\"value\":\"hello\"}");
            server.data("DELETE", "/v1/namespaces/" + id + "/values/k", null);
            Event deleted = events.next();
            assertThat(deleted.json().get("deleted").asBoolean()).isTrue();
            assertThat(deleted.json().has("value")).isFalse();
            put("long", "x".repeat(2_000));
            Event large = events.next();
            assertThat(large.json().get("key").asString()).isEqualTo("long");
            assertThat(large.json().has("value") || large.json().has("deleted")).isFalse();
        }
    }

    @Test
    void onlyKeysWithThePrefixOfTheNamespaceAreTold() throws Exception {
        String other = server.namespace("other");
        try (EventReader events = open(watch("?prefix=a/"))) {
            events.any();
            put("b", "x");
            server.data("PUT", "/v1/namespaces/" + other + "/values/a/2", "x");
            String session = put("a/1", "x").header("Holdfast-Session");
            Event change = events.next();
            assertThat(change.json().get("key").asString()).isEqualTo("a/1");
            assertThat(change.id()).isEqualTo(session);
            String later = put("b", "y").header("Holdfast-Session");
            while (true) {
                Event beat = events.any();
                assertThat(beat.kind()).isEqualTo("heartbeat");
                // The node writes for itself too, so what is heard of may be past it.
                if (!before(beat.id(), later)) {
                    break;
                }
            }
        }
    }

    @Test
    void aStreamGoesOnWhereItWasAcrossAnOrderlyRestart() throws Exception {
        String first = put("a", "1").header("Holdfast-Session");
        put("b", "2");
        stop();
        server = new RunningServer(data);
        put("c", "3");
        try (EventReader events = open(watch("?since=" + first))) {
            assertThat(events.next().json().get("key").asString()).isEqualTo("b");
            assertThat(events.next().json().get("key").asString()).isEqualTo("c");
        }
        try (EventReader events = open(watch("?since=nonsense"), "Last-Event-ID", first)) {
            assertThat(events.next().json().get("value").asString()).isEqualTo("2");
        }
    }

    @Test
    void noHeartbeatSaysThatAllIsToldBeforeItIs() throws Exception {
        String first = put("a", "1").header("Holdfast-Session");
        put("b", "2");
        for (int i = 0; i < 20; i++) {
            try (EventReader events = open(watch("?since=" + first))) {
                assertThat(events.any().kind()).isEqualTo("change");
            }
        }
    }

    @Test
    void whatCannotBeToldIsAGap() throws Exception {
        String session = put("a", "1").header("Holdfast-Session");
        String node = session.substring(0, session.indexOf('.'));
        for (String odd : new String[] {"another." + session.substring(node.length() + 1), node + ".1.1"}) {
            try (EventReader events = open(watch("?since=" + odd))) {
                Event gap = events.next();
                assertThat(gap.kind()).isEqualTo("gap");
                assertThat(before(gap.id(), session)).isFalse();
                assertThat(gap.json().get("why").asString()).isNotEmpty();
                put("b", "2");
                Event change = events.next();
                assertThat(change.json().get("key").asString()).isEqualTo("b");
                session = change.id();
            }
        }
    }

    @Test
    void stoppingTheServerEndsStreamsAtOnce() throws Exception {
        try (EventReader events = open(watch("?heartbeat=60s"))) {
            events.any();
            long begin = System.nanoTime();
            server.close();
            assertThat(events.next().kind()).isEqualTo("over");
            assertThat(System.nanoTime() - begin).isLessThan(9_000_000_000L);
        }
    }

    @Test
    void aRevokedTokenEndsItsStream() throws Exception {
        String token = server.token(id, "read", "list");
        try (EventReader events = new EventReader(server, token, watch(""))) {
            assertThat(events.any().kind()).isEqualTo("heartbeat");
            String tokenId = server.admin("GET", "/v1/tokens", null)
                    .json()
                    .get("tokens")
                    .valueStream()
                    .filter(each -> each.get("name").asString().equals("test"))
                    .findFirst()
                    .orElseThrow()
                    .get("id")
                    .asString();
            assertThat(server.admin("DELETE", "/v1/tokens/" + tokenId, null).status())
                    .isEqualTo(200);
            Event end = events.next();
            assertThat(end.kind()).isEqualTo("end");
            assertThat(end.json().get("code").asString()).isEqualTo("unauthenticated");
            assertThat(events.next().kind()).isEqualTo("over");
        }
    }

    @Test
    void watchingNeedsReadingAndListing() throws Exception {
        for (String one : new String[] {"read", "list"}) {
            try (EventReader events = new EventReader(server, server.token(id, one), watch(""))) {
                assertThat(events.status()).isEqualTo(403);
            }
        }
        try (EventReader events = new EventReader(server, server.token(id, "read", "list"), "/v1/feed")) {
            assertThat(events.status()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "?since=nonsense, bad-since",
        "?since=node.1.x, bad-since",
        "?since=1.1, bad-since",
        "?heartbeat=0s, bad-heartbeat",
        "?heartbeat=61s, bad-heartbeat",
        "?heartbeat=1, bad-heartbeat"
    })
    void whatIsOddIsRefused(String query, String code) throws Exception {
        Reply odd = server.data("GET", watch(query), null);
        assertThat(odd.status()).isEqualTo(400);
        assertThat(odd.code()).isEqualTo(code);
        assertThat(server.data("POST", watch(""), "").status()).isEqualTo(405);
    }

    @Test
    void theFeedTellsOfAllNamespacesAndOfTheCatalogue() throws Exception {
        try (EventReader events = new EventReader(server, server.token("*", "read"), "/v1/feed")) {
            events.any();
            put("k", "v");
            Event change = events.next();
            while (change.kind().equals("catalogue")) {
                // Of the namespaces made before: a change is told once all homes have settled it, and it is
                // acknowledged sooner.
                change = events.next();
            }
            assertThat(change.kind()).isEqualTo("change");
            assertThat(change.json().get("namespace").asString()).isEqualTo(id);
            Record record = RecordFormat.decode(
                    NamespaceId.parse(id),
                    Key.of("k"),
                    Base64.getDecoder().decode(change.json().get("record").asString()));
            assertThat(record.value()).asString().isEqualTo("v");
            assertThat(change.json().get("version").asString())
                    .isEqualTo(record.version().toString());
            server.namespace("third");
            Event catalogue = events.next();
            assertThat(catalogue.kind()).isEqualTo("catalogue");
            assertThat(catalogue.data()).isEqualTo("{}");
        }
        try (EventReader events = open(watch(""))) {
            events.any();
            server.namespace("fourth");
            put("k", "w");
            assertThat(events.next().kind()).isEqualTo("change");
        }
    }

    @Test
    void moreStreamsThanTheServerBearsAreRefused() throws Exception {
        stop();
        server = new RunningServer(data, Map.of("http.streams", "1"));
        try (EventReader first = open(watch(""));
                EventReader second = open(watch(""))) {
            assertThat(first.any().kind()).isEqualTo("heartbeat");
            assertThat(second.status()).isEqualTo(503);
            assertThat(second.header("Retry-After")).isEqualTo("1");
        }
    }
}
