package dev.holdfast.providers.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.providers.postgres.PostgresSettings.Credential;
import dev.holdfast.providers.postgres.PostgresSettings.Host;
import dev.holdfast.providers.postgres.PostgresSettings.Timeouts;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultsTest {
    @ParameterizedTest
    @CsvSource({
        "28P01, UNAUTHORIZED",
        "28000, UNAUTHORIZED",
        "42501, UNAUTHORIZED",
        "53100, DISK_FULL",
        "53200, THROTTLED",
        "53300, THROTTLED",
        "57014, TIMEOUT",
        "55P03, TIMEOUT",
        "08006, UNAVAILABLE",
        "08001, UNAVAILABLE",
        "57P01, UNAVAILABLE",
        "57P03, UNAVAILABLE",
        "25006, UNAVAILABLE",
        "42P01, ROLLED_BACK",
        "3F000, ROLLED_BACK",
        "3D000, ROLLED_BACK",
        "HF001, ROLLED_BACK",
        "HF002, UNAVAILABLE",
        "XX001, CORRUPT",
        "XX002, CORRUPT",
        "XX000, UNAVAILABLE",
        "'', UNAVAILABLE",
    })
    void each_error_has_its_kind(String state, FaultKind kind) {
        ProviderFault fault = Faults.of("reading from", "schema s", new SQLException("said so", state));
        assertThat(fault.kind()).isEqualTo(kind);
        assertThat(fault).hasMessage("reading from schema s failed: said so (SQLSTATE " + state + ")");
    }

    @Test
    void a_socket_that_times_out_is_no_broken_connection() {
        SQLException e =
                new SQLException("An I/O error occurred", "08006", new SocketTimeoutException("Read timed out"));
        assertThat(Faults.of("reading from", "schema s", e).kind()).isEqualTo(FaultKind.TIMEOUT);
    }

    @Test
    void a_full_disk_is_one_whatever_its_state() {
        SQLException e = new SQLException("could not extend file \"base/1/2\": No space left on device", "58030");
        assertThat(Faults.of("writing to", "schema s", e).kind()).isEqualTo(FaultKind.DISK_FULL);
    }

    @Test
    void settings_have_defaults_and_name_no_password() {
        PostgresSettings settings = PostgresSettings.of(
                List.of(new Host("db1", 5432), new Host("::1", 5433)),
                "kv",
                List.of(new Credential("holdfast", () -> "secret")));
        assertThat(settings.schema()).isEqualTo("holdfast");
        assertThat(settings.connections()).isEqualTo(16);
        assertThat(settings.lax()).isFalse();
        assertThat(settings.tls().mode().label()).isEqualTo("prefer");
        assertThat(settings.where()).isEqualTo("schema holdfast of database kv at db1:5432,[::1]:5433");
        assertThat(settings.toString()).contains("holdfast").doesNotContain("secret");
    }

    @Test
    void settings_that_cannot_work_are_refused() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new Timeouts(second, second, second, second)).hasMessageContaining("longer");
        assertThatThrownBy(() -> new Timeouts(second, Duration.ofMillis(999), second, Duration.ofSeconds(2)))
                .hasMessageContaining("one second or more");
        assertThatThrownBy(() -> new Host("db", 0)).hasMessageContaining("db");
        assertThatThrownBy(() -> schema("Kv")).hasMessageContaining("lower-case");
        assertThatThrownBy(() -> schema("a\"; DROP")).hasMessageContaining("lower-case");
        assertThatThrownBy(() -> schema("pg_kv")).hasMessageContaining("pg_");
    }

    private static PostgresSettings schema(String schema) {
        PostgresSettings some =
                PostgresSettings.of(List.of(new Host("db", 5432)), "kv", List.of(new Credential("holdfast", null)));
        return new PostgresSettings(
                some.hosts(),
                some.database(),
                schema,
                some.credentials(),
                some.connections(),
                some.timeouts(),
                some.tls(),
                some.lax());
    }
}
