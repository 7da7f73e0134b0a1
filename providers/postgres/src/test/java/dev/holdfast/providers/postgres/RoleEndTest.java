package dev.holdfast.providers.postgres;

import static dev.holdfast.providers.postgres.Given.NS;
import static dev.holdfast.providers.postgres.Given.initialised;
import static dev.holdfast.providers.postgres.Given.key;
import static dev.holdfast.providers.postgres.PostgresServer.DATABASE;
import static dev.holdfast.providers.postgres.PostgresServer.credential;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Login;
import dev.holdfast.engine.provider.Lookup;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Until when a role's password is good, as the server knows it. */
class RoleEndTest {
    private static final String END = "2031-05-06T07:08:09.500Z";

    private final String schema = PostgresServer.freshSchema();
    private final String role = "ending_" + schema;
    private final MovedTime time = new MovedTime();
    private PostgresServer server;

    @BeforeEach
    void aPlaceAndARole() throws Exception {
        server = PostgresServer.shared();
        initialised(server.settings(schema)).close();
        allow(role);
    }

    private void allow(String one) throws Exception {
        server.role(one);
        server.sql(
                DATABASE,
                "GRANT USAGE ON SCHEMA " + schema + " TO " + one,
                "GRANT SELECT ON ALL TABLES IN SCHEMA " + schema + " TO " + one);
    }

    private void validUntil(String one, String end) throws Exception {
        server.sql(DATABASE, "ALTER ROLE " + one + " VALID UNTIL '" + end + "'");
    }

    private PostgresProvider open(PostgresSettings settings) {
        return PostgresProvider.open("p", settings, PostgresProviderTest.DOMAIN, time);
    }

    private static OptionalLong at(String instant) {
        return OptionalLong.of(Instant.parse(instant).toEpochMilli());
    }

    @Test
    void a_probe_learns_when_the_role_in_use_ends_and_no_request_asks() throws Exception {
        validUntil(role, END);
        try (PostgresProvider provider = open(server.impatient(schema, credential(role)))) {
            assertThat(provider.get(NS, key(1))).isEqualTo(new Lookup.Missing(Version.NONE));
            assertThat(provider.login()).isEqualTo(new Login(role, 1, 1));
            provider.probe();
            assertThat(provider.login()).isEqualTo(new Login(role, 1, 1, at(END)));
        }
    }

    @Test
    void a_role_without_an_end_and_one_that_ends_never_have_none() throws Exception {
        try (PostgresProvider provider = open(server.impatient(schema, credential(role)))) {
            provider.probe();
            assertThat(provider.login().endsAt()).isEmpty();
            validUntil(role, "infinity");
            time.pass(Duration.ofMinutes(1));
            provider.probe();
            assertThat(provider.login().endsAt()).isEmpty();
        }
    }

    @Test
    void an_end_that_is_moved_is_known_a_minute_later_and_asked_for_no_sooner() throws Exception {
        validUntil(role, END);
        try (PostgresProvider provider = open(server.impatient(schema, credential(role)))) {
            provider.probe();
            validUntil(role, "2032-01-01T00:00:00Z");
            time.pass(Duration.ofSeconds(20));
            provider.probe();
            assertThat(provider.login().endsAt()).isEqualTo(at(END));
            time.pass(Duration.ofSeconds(40));
            provider.probe();
            assertThat(provider.login().endsAt()).isEqualTo(at("2032-01-01T00:00:00Z"));
        }
    }

    @Test
    void the_end_is_that_of_the_credential_that_is_used_once_the_first_is_refused() throws Exception {
        String second = "second_" + schema;
        allow(second);
        validUntil(second, END);
        server.sql(DATABASE, "ALTER ROLE " + role + " VALID UNTIL '2001-01-01T00:00:00Z'");
        try (PostgresProvider provider = open(server.impatient(schema, credential(role), credential(second)))) {
            provider.probe();
            assertThat(provider.login()).isEqualTo(new Login(second, 2, 2, at(END)));
        }
    }
}
