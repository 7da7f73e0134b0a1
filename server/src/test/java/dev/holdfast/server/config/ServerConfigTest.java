package dev.holdfast.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.admission.AdmissionConfig;
import dev.holdfast.engine.admission.RampConfig;
import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.incident.Severity;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Namespace.WhenShort;
import dev.holdfast.engine.kv.OnOutage;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.replication.RecoveryConfig;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.replication.ScrubConfig;
import dev.holdfast.server.http.HttpLimits;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerConfigTest {
    @TempDir
    Path folder;

    @Test
    void defaults() throws Exception {
        Path data = Path.of("./holdfast-data");
        assertThat(load("", Map.of(), Map.of()))
                .isEqualTo(new ServerConfig(
                        new DataPort(new Address("127.0.0.1", 4653), HttpLimits.DEFAULT),
                        new AdminPort(new Address("127.0.0.1", 4654), 8),
                        new TlsFiles(Optional.empty(), Optional.empty()),
                        data,
                        Optional.empty(),
                        List.of(provider("a", data.resolve("a")), provider("b", data.resolve("b"))),
                        new NamespaceDefaults(new Namespace.Policy(2, WhenShort.ACK_MARKED, false), Duration.ofDays(7)),
                        ReplicationConfig.DEFAULT,
                        AdmissionConfig.DEFAULT,
                        0,
                        RampConfig.DEFAULT,
                        new Cache(EdgeConfig.DEFAULT, Duration.ofSeconds(60)),
                        new OriginsConfig(
                                OriginsConfig.Role.ORIGIN,
                                List.of(URI.create("http://127.0.0.1:4653")),
                                data.resolve("origin-token"),
                                data.resolve("cluster-key")),
                        new Logging(Logging.Level.INFO, Logging.Format.TEXT, new Size(16 << 20), 8),
                        List.of(),
                        List.of(),
                        BackupConfig.NONE,
                        List.of(),
                        false,
                        List.of()));
    }

    @Test
    void everyKeyIsMapped() throws Exception {
        String yaml = """
            listen: "[::1]:80"
            http:
              connections: 7
              calls: 8
              streams: 9
              head-bytes: 64KiB
              body-bytes: 1GiB
              idle: 61s
              head: 11s
              body: 16s
              body-rate: 17KiB
            admin:
              listen: 0.0.0.0:81
              threads: 9
            tls:
              certificate: chain.pem
              key: key.pem
            data: elsewhere
            jurisdiction: fedramp
            encryption:
              keys:
                first:
                  file: first.key
                second:
                  variable: MASTER_KEY
            disk:
              reserve: 5GiB
              alarm: 7GiB
            providers:
              near:
                kind: rocksdb
                directory: /far/off
                failure-domain: us/home/disk1
                jurisdiction: eu
                cache: 65MiB
            namespaces:
              durability: 3
              when-short: refuse
              dark-writes: true
              on-outage: stale(9m)
              undo: 36h
            replication:
              read-timeout: 3s
              write-timeout: 4s
              min-deadline: 26ms
              max-deadline: 2s
              call-timeout: 6s
              min-calls: 8
              max-calls: 9
              probe-interval: 600ms
              retry-interval: 101ms
              max-retry-interval: 3s
              good-probes: 4
              compare-interval: 7h
              max-skew: 11s
              collect-age: 12m
              feed-entries: 5000
              mass-delete-percent: 25
            scrub:
              interval: 9d
              rate: 18MiB
            admission:
              min-calls: 3
              max-calls: 33
              max-waiting: 34
              patience: 35ms
              max-processor: 43
            ramp:
              look: 6s
              calm: 37s
              patience: 38s
              max-errors: 2
              max-p99: 39ms
              max-wait: 40ms
              max-concurrency: 41
              max-growth: 42
            recovery:
              max-load: 4
              max-ejections: 37
              min-load: 36
            cache:
              memory: 9MiB
              disk: 3MiB
              ttl: 31s
              patience: 7ms
              refreshers: 5
              pinned: 2MiB
              pinned-verify: 8m
            role: edge
            origins:
              urls: https://one:1, http://two:2/
              token: /secret/token
              cluster-key: key
            log:
              level: debug
              format: json
            audit:
              size: 1MiB
              files: 3
            incidents:
              webhooks:
                pager:
                  url: https://one:9093/under
                  form: alertmanager
                  least-severity: P2
                  token: pager-token
                  timeout: 3s
            backup:
              directory: kept
              interval: 6h
              window: 8d
              namespaces: one, two
            upstreams:
              cloudflare:
                namespace: settings
                url: https://one/client/v4/
                account: me
                source: theirs
                token: cloudflare-token
                timeout: 7s
                requests: 88
                ended: true
            drills: true
            """;
        assertThat(load(yaml, Map.of(), Map.of()))
                .isEqualTo(new ServerConfig(
                        new DataPort(
                                new Address("::1", 80),
                                new HttpLimits(
                                        7,
                                        8,
                                        9,
                                        64 << 10,
                                        1 << 30,
                                        Duration.ofSeconds(61),
                                        Duration.ofSeconds(11),
                                        Duration.ofSeconds(16),
                                        17 << 10)),
                        new AdminPort(new Address("0.0.0.0", 81), 9),
                        new TlsFiles(Optional.of(Path.of("chain.pem")), Optional.of(Path.of("key.pem"))),
                        Path.of("elsewhere"),
                        Optional.of("fedramp"),
                        List.of(new ProviderConfig(
                                "near",
                                Optional.of(new FailureDomain("us", "home", "disk1")),
                                Optional.of("eu"),
                                new EngineConfig.Rocks(Path.of("/far/off"), new Size(65 << 20)))),
                        new NamespaceDefaults(
                                new Namespace.Policy(3, WhenShort.REFUSE, true, OnOutage.parse("stale(9m)")),
                                Duration.ofHours(36)),
                        new ReplicationConfig(
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(4),
                                Duration.ofMillis(26),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(6),
                                8,
                                9,
                                Duration.ofMillis(600),
                                Duration.ofMillis(101),
                                Duration.ofSeconds(3),
                                4,
                                Duration.ofHours(7),
                                Duration.ofSeconds(11),
                                Duration.ofMinutes(12),
                                5L << 30,
                                7L << 30,
                                5_000,
                                0.25,
                                new RecoveryConfig(4, 36, 0.37),
                                new ScrubConfig(Duration.ofDays(9), 18 << 20)),
                        new AdmissionConfig(3, 33, 34, Duration.ofMillis(35), 4, 36),
                        43,
                        new RampConfig(
                                Duration.ofSeconds(6),
                                Duration.ofSeconds(37),
                                Duration.ofSeconds(38),
                                0.02,
                                Duration.ofMillis(39),
                                Duration.ofMillis(40),
                                0.41,
                                42),
                        new Cache(
                                new EdgeConfig(
                                        9 << 20, 3 << 20, Duration.ofMillis(7), 5, 2 << 20, Duration.ofMinutes(8)),
                                Duration.ofSeconds(31)),
                        new OriginsConfig(
                                OriginsConfig.Role.EDGE,
                                List.of(URI.create("https://one:1"), URI.create("http://two:2")),
                                Path.of("/secret/token"),
                                Path.of("elsewhere/key")),
                        new Logging(Logging.Level.DEBUG, Logging.Format.JSON, new Size(1 << 20), 3),
                        List.of(new WebhookConfig(
                                "pager",
                                URI.create("https://one:9093/under"),
                                WebhookConfig.Form.ALERTMANAGER,
                                Severity.P2,
                                Optional.of(Path.of("elsewhere/pager-token")),
                                Duration.ofSeconds(3))),
                        List.of(
                                new KeyConfig(
                                        "first", Optional.of(Path.of("elsewhere", "first.key")), Optional.empty()),
                                new KeyConfig("second", Optional.empty(), Optional.of("MASTER_KEY"))),
                        new BackupConfig(
                                Optional.of(Path.of("elsewhere/kept")),
                                Duration.ofHours(6),
                                Duration.ofDays(8),
                                List.of("one", "two")),
                        List.of(new UpstreamConfig(
                                "cloudflare",
                                "settings",
                                URI.create("https://one/client/v4"),
                                "me",
                                "theirs",
                                Path.of("elsewhere/cloudflare-token"),
                                Duration.ofSeconds(7),
                                88,
                                true)),
                        true,
                        List.of()));
    }

    @Test
    void flagsOverrideVariablesAndVariablesOverrideTheFile() throws Exception {
        ServerConfig config = load(
                "listen: file:1\nadmin:\n  listen: file:2\ndata: file",
                Map.of("HOLDFAST_ADMIN_LISTEN", "env:2", "HOLDFAST_DATA", "env"),
                Map.of("data", "flag"));
        assertThat(config.dataPort().listen()).hasToString("file:1");
        assertThat(config.adminPort().listen()).hasToString("env:2");
        assertThat(config.data()).hasToString("flag");
    }

    @Test
    void aVariableNamesAProviderWithDashes() throws Exception {
        assertThat(load("", Map.of("HOLDFAST_PROVIDERS_NEAR_BY_FAILURE_DOMAIN", "x/y/z"), Map.of())
                        .providers())
                .singleElement()
                .satisfies(provider -> {
                    assertThat(provider.name()).isEqualTo("near-by");
                    assertThat(provider.domain()).hasValue(new FailureDomain("x", "y", "z"));
                });
    }

    @Test
    void aVariableNamesAWebhook() throws Exception {
        assertThat(load("", Map.of("HOLDFAST_INCIDENTS_WEBHOOKS_ON_CALL_URL", "http://one/x"), Map.of())
                        .webhooks())
                .singleElement()
                .satisfies(webhook -> {
                    assertThat(webhook.name()).isEqualTo("on-call");
                    assertThat(webhook.shown()).as("without the path").isEqualTo("http://one");
                });
    }

    @Test
    void aWebhookWithoutAnAddressOrWithASecretInItIsRefused() {
        refused(() -> load("incidents:\n  webhooks:\n    pager:\n      timeout: 3s\n", Map.of(), Map.of()))
                .hasMessageContaining("incidents.webhooks.pager.url: is missing: whom to tell");
        refused(() -> load("incidents:\n  webhooks:\n    pager:\n      url: http://me:pw@one\n", Map.of(), Map.of()))
                .hasMessageContaining("without a user or a fragment");
    }

    @Test
    void aVariableThatIsNoSettingIsWarnedOf() throws Exception {
        assertThat(load("", Map.of("HOLDFAST_LISTN", "x:1", "HOLDFAST_TOKEN", "t", "PATH", "p"), Map.of())
                        .warnings())
                .containsExactly("The variable HOLDFAST_LISTN is no setting and has no effect; the nearest one is"
                        + " HOLDFAST_LISTEN.");
    }

    @Test
    void anUnknownKeyIsRefusedWithItsLineAndTheNearestSpelling() {
        refused(() -> load("drills: true\nadmin:\n  lisen: x:1\n", Map.of(), Map.of()))
                .hasMessage("holdfast.yaml:3: no setting \"admin.lisen\"; did you mean \"admin.listen\"?");
    }

    @Test
    void anUnknownKeyOfAProviderIsRefused() {
        refused(() -> load("providers:\n  a:\n    directry: x\n", Map.of(), Map.of()))
                .hasMessage("holdfast.yaml:3: no setting \"providers.a.directry\"; did you mean"
                        + " \"providers.a.directory\"?");
    }

    @Test
    void aBadValueIsRefusedWithItsLineAndWhatWasExpected() {
        refused(() -> load("\nreplication:\n  read-timeout: soon\n", Map.of(), Map.of()))
                .hasMessage("holdfast.yaml:3: replication.read-timeout: expected a duration from 50ms to 10m,"
                        + " such as 200ms, 30s, 5m, 2h or 7d, not \"soon\"");
    }

    @Test
    void aValueOutOfBoundsIsRefused() {
        refused(() -> load("replication:\n  read-timeout: 20m\n", Map.of(), Map.of()))
                .hasMessageContaining("to 10m");
        refused(() -> load("http:\n  head-bytes: 1KiB\n", Map.of(), Map.of()))
                .hasMessageContaining("from 16KiB to 1MiB");
        refused(() -> load("admin:\n  threads: 0\n", Map.of(), Map.of())).hasMessageContaining("from 4 to 256");
    }

    @Test
    void allProblemsAreShownAtOnce() {
        refused(() -> load("listen: nowhere\nfoo: 1\n", Map.of("HOLDFAST_DRILLS", "maybe"), Map.of("data", " ")))
                .hasMessageContaining("holdfast.yaml:1: listen:")
                .hasMessageContaining("holdfast.yaml:2: no setting \"foo\"")
                .hasMessageContaining("HOLDFAST_DRILLS: drills: expected true or false")
                .hasMessageContaining("--data: data: expected a path");
    }

    @Test
    void aKeyGivenTwiceIsRefused() {
        refused(() -> load("drills: true\ndrills: false\n", Map.of(), Map.of()))
                .hasMessageStartingWith("holdfast.yaml:2: ");
    }

    @Test
    void brokenYamlIsRefusedWithItsLine() {
        refused(() -> load("drills: true\n\tx: 1\n", Map.of(), Map.of())).hasMessageStartingWith("holdfast.yaml:2: ");
        refused(() -> load("- a\n", Map.of(), Map.of())).hasMessageStartingWith("holdfast.yaml:1: ");
        refused(() -> load("listen: [a]\n", Map.of(), Map.of())).hasMessageContaining("not a list");
    }

    @Test
    void aMissingFileIsNamed() {
        refused(() -> ServerConfig.load(Optional.of(folder.resolve("none.yaml")), Map.of(), Map.of()))
                .hasMessageContaining("none.yaml");
    }

    @Test
    void oneOfTheTwoTlsFilesAloneIsRefused() {
        refused(() -> load("tls:\n  key: k.pem\n", Map.of(), Map.of()))
                .hasMessage("holdfast.yaml:2: tls.key: needs tls.certificate beside it");
        refused(() -> load("tls:\n  certificate: c.pem\n", Map.of(), Map.of())).hasMessageContaining("needs tls.key");
    }

    @Test
    void twoProvidersInOneDirectoryAreRefused() {
        refused(() -> load("providers:\n  a:\n    directory: x\n  b:\n    directory: ./x\n", Map.of(), Map.of()))
                .hasMessage("holdfast.yaml:5: providers.b.directory: is already the directory of provider a");
    }

    @Test
    void whatContradictsItselfIsRefused() {
        refused(() -> load("replication:\n  max-deadline: 1ms\n", Map.of(), Map.of()))
                .hasMessage(
                        "holdfast.yaml:2: replication.max-deadline: must not be less than replication.min-deadline");
        refused(() -> load("replication:\n  max-retry-interval: 1ms\n", Map.of(), Map.of()))
                .hasMessageContaining("must not be less than replication.retry-interval");
        refused(() -> load("disk:\n  alarm: 1MiB\n", Map.of(), Map.of()))
                .hasMessageContaining("must not be less than disk.reserve");
    }

    @Test
    void aProvidersNameIsPlain() {
        refused(() -> load("providers:\n  A_1:\n    directory: x\n", Map.of(), Map.of()))
                .hasMessageContaining("lower-case letters");
    }

    @Test
    void eachKindOfProviderHasItsOwnSettings() throws Exception {
        ServerConfig config = load("""
            providers:
              base:
                kind: postgres
                servers: db1:5432,db2:5433
                credentials: base.key
                tls: verify
              objects:
                kind: s3
                endpoint: http://127.0.0.1:9000
                bucket: kv
                credentials: objects.key
                failure-domain: them/eu/objects
              wide:
                kind: cassandra
                servers: c1:9042
                replicas: dc1=3, dc2=2
            """, Map.of(), Map.of());
        assertThat(config.providers())
                .containsExactly(
                        new ProviderConfig(
                                "base",
                                Optional.empty(),
                                Optional.empty(),
                                new EngineConfig.Postgres(
                                        List.of(new Address("db1", 5432), new Address("db2", 5433)),
                                        "holdfast",
                                        "holdfast",
                                        Optional.of(EngineConfig.Tls.VERIFY),
                                        Optional.empty(),
                                        Path.of("base.key"),
                                        Optional.empty(),
                                        false)),
                        new ProviderConfig(
                                "objects",
                                Optional.of(new FailureDomain("them", "eu", "objects")),
                                Optional.empty(),
                                new EngineConfig.S3(
                                        Optional.of(URI.create("http://127.0.0.1:9000")),
                                        "us-east-1",
                                        "kv",
                                        "",
                                        Optional.empty(),
                                        Path.of("objects.key"),
                                        Optional.empty())),
                        new ProviderConfig(
                                "wide",
                                Optional.empty(),
                                Optional.empty(),
                                new EngineConfig.Cassandra(
                                        List.of(new Address("c1", 9042)),
                                        "datacenter1",
                                        "holdfast",
                                        Map.of("dc1", 3, "dc2", 2),
                                        EngineConfig.Consistency.LOCAL,
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        2)));
    }

    @Test
    void aMasterKeyIsInAFileOrInAVariableAndItsVariableIsNoMistake() throws Exception {
        refused(() -> load("encryption: {keys: {eu: {file: a, variable: B}}}", Map.of(), Map.of()))
                .hasMessageContaining("name one of the two");
        ServerConfig config = load(
                "",
                Map.of("HOLDFAST_ENCRYPTION_KEYS_EU_VARIABLE", "HOLDFAST_SECRET", "HOLDFAST_SECRET", "never shown"),
                Map.of());
        assertThat(config.keys())
                .containsExactly(new KeyConfig("eu", Optional.empty(), Optional.of("HOLDFAST_SECRET")));
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void aSettingOfAnotherKindOfProviderAndOneThatIsNeededAreSaid() {
        refused(() -> load("""
            providers:
              base:
                kind: postgres
                directory: /disk1
                credentials: base.key
            """, Map.of(), Map.of()))
                .hasMessageContaining("holdfast.yaml:4: providers.base.directory: is not for a provider of kind"
                        + " postgres, but for rocksdb")
                .hasMessageContaining("providers.base.servers: is needed by this kind of provider: host:port");
    }

    private ServerConfig load(String yaml, Map<String, String> environment, Map<String, String> flags)
            throws IOException, BadConfig {
        Path file = Files.writeString(folder.resolve("holdfast.yaml"), yaml);
        return ServerConfig.load(Optional.of(file), environment, flags);
    }

    private static ProviderConfig provider(String name, Path directory) {
        return new ProviderConfig(
                name, Optional.empty(), Optional.empty(), new EngineConfig.Rocks(directory, new Size(64 << 20)));
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused(ThrowingCallable load) {
        return assertThatThrownBy(load).isInstanceOf(BadConfig.class);
    }
}
