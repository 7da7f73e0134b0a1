package dev.holdfast.integration.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Json;
import dev.holdfast.integration.harness.Awaiting;
import dev.holdfast.integration.harness.CommandLine;
import dev.holdfast.integration.harness.HoldfastServer;
import dev.holdfast.providers.postgres.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A role of PostgreSQL whose password ends in five days. */
class CredentialEndTest {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void aCredentialThatEndsSoonIsShownAndRings() throws Exception {
        Instant end = Instant.now().plus(5, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
        try (PostgresServer postgres = PostgresServer.create();
                HoldfastServer server = new HoldfastServer(Files.createDirectories(directory.resolve("server")))) {
            postgres.sql("postgres", "ALTER ROLE " + PostgresServer.SUPERUSER + " VALID UNTIL '" + end + "'");
            server.configured("providers:\n  rocks:\n    kind: rocksdb\n" + Configured.postgres(postgres, directory));
            server.start();
            var incidents = Awaiting.until(
                    WITHIN,
                    "an incident is of the credential",
                    () -> server.control()
                            .require(server.control().get("/v1/incidents"))
                            .json(),
                    found -> found.toString().contains("credential"));
            assertThat(incidents.toString()).contains("P4");
            var provider = server.control().get("/v1/providers/pg").json();
            assertThat(provider.path("credential_expires_at").asLong(0)).isEqualTo(end.toEpochMilli());
            assertThat(server.control().get("/v1/providers/rocks").json().has("credential_expires_at"))
                    .isFalse();
            assertThat(CommandLine.of(server).works("status").text())
                    .contains("Provider pg accepts \"" + Json.text(provider, "login", "") + "\" until " + end);
            String metrics = new String(server.control().get("/metrics").body(), StandardCharsets.UTF_8);
            assertThat(metrics.lines()
                            .filter(line -> line.startsWith("holdfast_provider_credential_not_after_seconds")))
                    .singleElement()
                    .satisfies(line -> assertThat(Double.parseDouble(line.substring(line.indexOf(' '))))
                            .isEqualTo(end.getEpochSecond()));
        }
    }
}
