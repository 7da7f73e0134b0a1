package dev.holdfast.providers.postgres;

import static dev.holdfast.providers.postgres.Given.fault;
import static dev.holdfast.providers.postgres.Given.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.providers.postgres.PostgresSettings.Tls;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    @TempDir
    Path temp;

    private static PostgresSettings over(PostgresServer server, Tls.Mode mode, @Nullable Path root) {
        PostgresSettings some = server.impatient("kv");
        return new PostgresSettings(
                some.hosts(),
                some.database(),
                some.schema(),
                some.credentials(),
                some.connections(),
                some.timeouts(),
                new Tls(mode, root),
                false);
    }

    @Test
    void a_connection_is_as_safe_as_it_is_asked_to_be() throws Exception {
        try (PostgresServer server = PostgresServer.create()) {
            try (PostgresProvider provider = open(over(server, Tls.Mode.REQUIRE, null))) {
                assertThat(fault(provider::identity).kind())
                        .as("a server without TLS")
                        .isEqualTo(FaultKind.UNAVAILABLE);
            }
            Path certificate = server.switchToTls();
            Path copy = Files.copy(certificate, temp.resolve("root.crt"));
            try (PostgresProvider provider = open(over(server, Tls.Mode.VERIFY_FULL, copy))) {
                assertThat(provider.initialise(Given.IDENTITY)).isEqualTo(Given.IDENTITY);
                assertThat(server.ask("SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                                + " WHERE application_name = 'holdfast p'"))
                        .isEqualTo("t");
            }
            Path other = server.certificate("other");
            Path copyOfOther = Files.copy(other, temp.resolve("other.crt"));
            try (PostgresProvider provider = open(over(server, Tls.Mode.VERIFY_CA, copyOfOther))) {
                assertThat(fault(provider::identity).kind())
                        .as("a certificate that nobody vouches for")
                        .isEqualTo(FaultKind.UNAVAILABLE);
            }
        }
    }
}
