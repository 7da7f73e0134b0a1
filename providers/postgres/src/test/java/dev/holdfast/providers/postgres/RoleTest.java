package dev.holdfast.providers.postgres;

import static dev.holdfast.providers.postgres.Given.NS;
import static dev.holdfast.providers.postgres.Given.fault;
import static dev.holdfast.providers.postgres.Given.initialised;
import static dev.holdfast.providers.postgres.Given.key;
import static dev.holdfast.providers.postgres.Given.open;
import static dev.holdfast.providers.postgres.Given.record;
import static dev.holdfast.providers.postgres.PostgresServer.DATABASE;
import static dev.holdfast.providers.postgres.PostgresServer.credential;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Login;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.providers.postgres.PostgresSettings.Credential;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Roles, their rights, and what is set for them at the server. */
class RoleTest {
    private final String schema = PostgresServer.freshSchema();
    private final String first = "first_" + schema;
    private final String second = "second_" + schema;
    private PostgresServer server;

    @BeforeEach
    void begin() throws Exception {
        server = PostgresServer.shared();
        server.role(first);
        server.role(second);
    }

    private void allow(String role) throws Exception {
        server.sql(
                DATABASE,
                "GRANT USAGE ON SCHEMA " + schema + " TO " + role,
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO " + role);
    }

    /** As an operator does who revokes a credential. */
    private void lockOut(String role) throws Exception {
        server.sql(
                DATABASE,
                "ALTER ROLE " + role + " NOLOGIN",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + role + "'");
    }

    @Test
    void the_second_credential_is_used_when_the_first_is_refused_and_the_first_again_after_that() throws Exception {
        initialised(server.settings(schema)).close();
        allow(first);
        allow(second);
        try (PostgresProvider provider = open(server.impatient(schema, credential(first), credential(second)))) {
            provider.putIfNewer(NS, key(1), record(1, 10));
            assertThat(provider.login()).isEqualTo(new Login(first, 1, 2));

            lockOut(first);
            assertThat(awaitProbe(provider)).isTrue();
            assertThat(provider.login()).isEqualTo(new Login(second, 2, 2));
            provider.putIfNewer(NS, key(1), record(2, 10));

            server.sql(DATABASE, "ALTER ROLE " + first + " LOGIN");
            lockOut(second);
            assertThat(awaitProbe(provider)).isTrue();
            assertThat(provider.login()).isEqualTo(new Login(first, 1, 2));
        }
    }

    /** The connections that were cut are found out by the first calls. */
    private static boolean awaitProbe(PostgresProvider provider) throws Exception {
        for (int i = 0; i < 100; i++) {
            try {
                provider.probe();
                return true;
            } catch (ProviderFault e) {
                assertThat(e.kind()).isEqualTo(FaultKind.UNAVAILABLE);
                Thread.sleep(20);
            }
        }
        return false;
    }

    @Test
    void refused_credentials_are_unauthorized_and_no_password_is_told() throws Exception {
        AtomicReference<String> password = new AtomicReference<>("quite wrong 1");
        Credential wrong = new Credential(first, password::get);
        PostgresSettings settings = server.impatient(schema, wrong, new Credential(second, () -> "quite wrong 2"));
        try (PostgresProvider provider = open(settings)) {
            ProviderFault fault = fault(provider::identity);
            assertThat(fault.kind()).isEqualTo(FaultKind.UNAUTHORIZED);
            assertThat(fault).hasMessageContaining("28P01");
            assertThat(fault + " " + fault.getCause() + " " + settings).doesNotContain("quite wrong");
        }
    }

    @Test
    void a_password_is_asked_for_with_each_connection() throws Exception {
        server.sql(DATABASE, "CREATE SCHEMA " + schema + " AUTHORIZATION " + first);
        AtomicReference<String> password = new AtomicReference<>("not yet");
        try (PostgresProvider provider = open(server.impatient(schema, new Credential(first, password::get)))) {
            assertThat(fault(provider::identity).kind()).isEqualTo(FaultKind.UNAUTHORIZED);
            server.sql(DATABASE, "ALTER ROLE " + first + " PASSWORD 'not yet'");
            assertThat(awaitAccess(provider))
                    .as("in a schema that was made for it")
                    .isTrue();
            assertThat(provider.initialise(Given.IDENTITY)).isEqualTo(Given.IDENTITY);
            assertThat(provider.putIfNewer(NS, key(1), record(1, 10)).stored()).isTrue();
        }
    }

    private static boolean awaitAccess(PostgresProvider provider) throws Exception {
        for (int i = 0; i < 100; i++) {
            try {
                return provider.identity().isEmpty();
            } catch (ProviderFault e) {
                assertThat(e.kind()).isEqualTo(FaultKind.UNAUTHORIZED);
                Thread.sleep(20);
            }
        }
        return false;
    }

    @Test
    void a_role_without_rights_is_unauthorized_and_never_takes_the_place_for_an_empty_one() throws Exception {
        initialised(server.settings(schema)).close();
        try (PostgresProvider provider = open(server.impatient(schema, credential(first)))) {
            ProviderFault fault = fault(provider::identity);
            assertThat(fault.kind()).isEqualTo(FaultKind.UNAUTHORIZED);
            assertThat(fault).hasMessageContaining("permission denied").hasMessageContaining("42501");
            assertThat(fault(() -> provider.initialise(Given.IDENTITY)).kind()).isEqualTo(FaultKind.UNAUTHORIZED);
            assertThat(fault(provider::probe).kind()).isEqualTo(FaultKind.UNAUTHORIZED);
            server.sql(DATABASE, "GRANT USAGE ON SCHEMA " + schema + " TO " + first);
            assertThat(fault(provider::identity).kind()).isEqualTo(FaultKind.UNAUTHORIZED);
            allow(first);
            assertThat(provider.identity()).contains(Given.IDENTITY);
        }
    }

    @Test
    void a_role_that_may_not_make_a_schema_says_so() throws Exception {
        try (PostgresProvider provider = open(server.impatient(schema, credential(first)))) {
            assertThat(provider.identity()).isEmpty();
            assertThat(fault(() -> provider.initialise(Given.IDENTITY)).kind()).isEqualTo(FaultKind.UNAUTHORIZED);
            assertThat(provider.identity()).as("nothing is left of the attempt").isEmpty();
        }
    }

    @Test
    void a_server_that_may_lose_what_it_acknowledged_is_refused_unless_that_is_allowed() throws Exception {
        initialised(server.settings(schema)).close();
        allow(first);
        server.sql(DATABASE, "ALTER ROLE " + first + " SET synchronous_commit = off");
        PostgresSettings strict = server.impatient(schema, credential(first));
        try (PostgresProvider provider = open(strict)) {
            ProviderFault fault = fault(provider::identity);
            assertThat(fault.kind()).isEqualTo(FaultKind.UNAVAILABLE);
            assertThat(fault).hasMessageContaining("synchronous_commit is off").hasMessageContaining("set it to on");
        }
        PostgresSettings lax = new PostgresSettings(
                strict.hosts(),
                strict.database(),
                schema,
                strict.credentials(),
                strict.connections(),
                strict.timeouts(),
                strict.tls(),
                true);
        try (PostgresProvider provider = open(lax)) {
            assertThat(provider.putIfNewer(NS, key(1), record(1, 10)).stored()).isTrue();
            assertThat(provider.probe().highWater()).isEqualTo(Given.v(1));
        }
    }

    @Test
    void what_is_changed_while_it_runs_is_noticed_by_the_next_put_and_the_next_probe() throws Exception {
        try (PostgresServer own = PostgresServer.create();
                PostgresProvider provider = initialised(own.impatient(schema))) {
            provider.putIfNewer(NS, key(1), record(1, 10));
            own.sql("postgres", "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()");
            own.awaitSetting("fsync", "off");
            // A session takes up what was reloaded before its next statement.
            assertThat(fault(() -> provider.putIfNewer(NS, key(2), record(2, 10))))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FaultKind.UNAVAILABLE));
            assertThat(fault(provider::probe)).hasMessageContaining("fsync = off");
            own.sql("postgres", "ALTER SYSTEM RESET fsync", "SELECT pg_reload_conf()");
            own.awaitSetting("fsync", "on");
            assertThat(awaitProbe(provider)).isTrue();
            assertThat(provider.putIfNewer(NS, key(2), record(2, 10)).stored()).isTrue();
        }
    }

    @Test
    void commits_that_standbys_do_not_have_are_complained_of() {
        assertThat(new Durability("on", "on", "").complaint()).isEmpty();
        assertThat(new Durability("on", "remote_apply", "*").complaint()).isEmpty();
        assertThat(new Durability("on", "local", "").complaint())
                .as("there are none")
                .isEmpty();
        assertThat(new Durability("on", "local", "ANY 1 (b, c)").complaint()).contains("ANY 1 (b, c)");
        assertThat(new Durability("on", "off", "").complaint()).contains("synchronous_commit");
        assertThat(new Durability("off", "on", "").complaint()).contains("fsync");
    }
}
