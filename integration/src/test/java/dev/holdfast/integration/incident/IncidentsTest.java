package dev.holdfast.integration.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Json;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.integration.harness.Awaiting;
import dev.holdfast.integration.harness.HoldfastServer;
import dev.holdfast.integration.harness.Profile;
import dev.holdfast.integration.harness.Providers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * Every fault mode at a server of its own, under load, and half an hour in which all is well: seconds of that, unless {@code -Dlong=true}.
 * How soon each was found is in {@code target/incidents.md}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IncidentsTest {
    private static final Duration WHOLE = Duration.ofSeconds(30);
    private static final long WARM_MILLIS = 2_000;
    private static final long SETTLED_MILLIS = 3_000;
    private static final long DETECTED_MILLIS = 1_000;
    private static final Duration RATED_WITHIN = Duration.ofSeconds(5);
    private static final int HEALTHY_SECONDS = Profile.number("incidents.healthy", 20, 1_800);
    private static final int USERS = 8;

    private final StringBuilder table = new StringBuilder("| mode | found after, ms | as |\n| --- | --- | --- |\n");

    @AfterAll
    void write() throws IOException {
        Files.writeString(Path.of("target/incidents.md"), table);
    }

    @ParameterizedTest
    @EnumSource(FaultMode.class)
    void eachFaultIsFoundWithinASecond(FaultMode mode, @TempDir Path own) throws Exception {
        try (HoldfastServer server = new HoldfastServer(own)) {
            server.start();
            new Providers(server.control()).awaitWhole(WHOLE);
            try (Users users = new Users(server.store(), server.makeNamespace("users"))) {
                users.come(USERS, 10);
                Thread.sleep(WARM_MILLIS);
                long at = System.currentTimeMillis();
                fault(server, "b", mode);
                JsonNode alarm = awaitAlarm(server, "b", at);
                long after = alarm.get("since").asLong() - at;
                table.append("| " + mode.label() + " | " + after + " | " + Json.text(alarm, "evidence", "") + " |\n");
                System.out.println(mode.label() + " found after " + after + " ms: " + alarm);
                assertThat(after).isLessThanOrEqualTo(DETECTED_MILLIS);
                Thread.sleep(Math.max(0, at + SETTLED_MILLIS - System.currentTimeMillis()));
                for (JsonNode incident : incidents(server)) {
                    assertThat(Json.text(incident, "severity", ""))
                            .as(incident.toString())
                            .isEqualTo("P4");
                }
            }
        }
    }

    @Test
    void thatNothingIsServedAnyMoreIsAsBadAsItGetsWithinFiveSeconds(@TempDir Path own) throws Exception {
        try (HoldfastServer server = new HoldfastServer(own)) {
            server.start();
            new Providers(server.control()).awaitWhole(WHOLE);
            try (Users users = new Users(server.store(), server.makeNamespace("users"))) {
                users.come(USERS, 10);
                Thread.sleep(WARM_MILLIS);
                fault(server, "a", FaultMode.ERROR);
                fault(server, "b", FaultMode.ERROR);
                JsonNode rated = Awaiting.until(
                        RATED_WITHIN,
                        "one is P0",
                        () -> incidents(server),
                        found -> !found.isEmpty()
                                && Json.text(found.get(0), "severity", "").equals("P0"));
                assertThat(rated).hasSize(1);
                String id = Json.text(rated.get(0), "id", "");
                server.kill();
                server.start();
                JsonNode known = server.control().get("/v1/incidents/" + id).json();
                assertThat(known.get("timeline").toString()).contains("fault.set a", "fault.set b", "P0");
                assertThat(known.get("series").size()).isGreaterThan(1);
            }
        }
    }

    @Test
    void nothingIsWrongWhileAllIsWell(@TempDir Path own) throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        try (HoldfastServer server = new HoldfastServer(own)) {
            server.start();
            try (Users users = new Users(server.store(), server.makeNamespace("users"))) {
                users.come(USERS, 50);
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(HEALTHY_SECONDS);
                for (int i = 0; System.nanoTime() < end; i++) {
                    users.pause(i % 10 < 2 ? 5 : 50);
                    Thread.sleep(1_000 + random.nextInt(2_000));
                    // As a collection of the heap that stops every thread.
                    server.standStill(Duration.ofMillis(50 + random.nextInt(450)));
                }
                assertThat(incidents(server)).isEmpty();
            }
        }
    }

    private static void fault(HoldfastServer server, String provider, FaultMode mode) {
        Api control = server.control();
        control.require(control.send(
                "PUT", "/v1/providers/" + provider + "/fault", Json.object().put("mode", mode.label())));
    }

    private static JsonNode incidents(HoldfastServer server) {
        return server.control()
                .require(server.control().get("/v1/incidents"))
                .json()
                .get("incidents");
    }

    /** The first alarm of a provider since then: a cold server on a busy machine may have given one up for a moment before. */
    private static JsonNode awaitAlarm(HoldfastServer server, String provider, long since) throws InterruptedException {
        return Awaiting.until(
                        RATED_WITHIN.minusMillis(System.currentTimeMillis() - since),
                        "the fault is found",
                        () -> alarm(incidents(server), provider, since),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static Optional<JsonNode> alarm(JsonNode incidents, String provider, long since) {
        return incidents
                .valueStream()
                .flatMap(incident -> incident.get("alarms").valueStream())
                .filter(alarm -> Json.text(alarm, "subject", "").equals(provider)
                        && alarm.get("since").asLong() >= since)
                .findFirst();
    }
}
