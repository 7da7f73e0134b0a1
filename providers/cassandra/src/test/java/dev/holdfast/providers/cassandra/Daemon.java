package dev.holdfast.providers.cassandra;

import dev.holdfast.providers.cassandra.CassandraSettings.Credentials;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.opentest4j.TestAbortedException;

/**
 * A real Cassandra of one node, as a process of its own on loopback, in a temporary folder, that ends with this JVM. Where it cannot be
 * started for want of a Java or its jars, the test is skipped, unless {@code -Dengines=required}. For one thread.
 */
public final class Daemon implements AutoCloseable {
    private static final int READY_SECONDS = 90;
    private static Daemon shared;

    final Path folder;
    private final int port = freePort();
    private final int storagePort = freePort();
    private Process process;
    /** Ends the process when this JVM does, however that ends. */
    private Process watchdog;

    /** Who may do everything from the beginning. */
    public static final Credentials ADMIN = new Credentials("cassandra", "cassandra");

    /** @param more lines of its configuration */
    public Daemon(Path folder, String more) throws Exception {
        this.folder = folder;
        Files.createDirectories(folder.resolve("conf"));
        Files.writeString(folder.resolve("conf/cassandra.yaml"), yaml() + more);
        Files.writeString(folder.resolve("conf/logback.xml"), """
            <configuration>
              <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>%-5level [%thread] %date{ISO8601} %F:%L - %msg%n</pattern></encoder>
              </appender>
              <root level="WARN"><appender-ref ref="OUT"/></root>
              <logger name="org.apache.cassandra.transport.PipelineConfigurator" level="INFO"/>
              <logger name="org.apache.cassandra.auth.CassandraRoleManager" level="INFO"/>
            </configuration>
            """);
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        start();
    }

    /** The one of this JVM. Tests leave it running, and keep to keyspaces of their own. */
    static synchronized Daemon shared() throws Exception {
        if (shared == null) {
            shared = new Daemon(Files.createTempDirectory("holdfast-cassandra"), "");
        }
        return shared;
    }

    CassandraSettings settings(String keyspace, Duration requestTimeout, List<Credentials> credentials) {
        CassandraSettings d = CassandraSettings.DEFAULT;
        return new CassandraSettings(
                List.of(address()),
                d.datacenter(),
                keyspace,
                d.replicas(),
                d.consistency(),
                credentials,
                d.tls(),
                Duration.ofSeconds(2),
                requestTimeout,
                d.bucketBytes());
    }

    public InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port);
    }

    /** Starts it and waits until it serves, and until {@link #ADMIN} can log in, whom it makes a moment after its first start. */
    public void start() throws Exception {
        List<String> awaited = new ArrayList<>(List.of("Starting listening for CQL clients"));
        if (Files.notExists(folder.resolve("data"))) {
            awaited.add("Created default superuser role");
        }
        List<String> command = new ArrayList<>(List.of(java().toString()));
        command.addAll(options());
        command.add("-Dcassandra.config=file://" + folder.resolve("conf/cassandra.yaml"));
        command.add("-Dcassandra.storagedir=" + folder.resolve("data"));
        command.add("-Dcassandra.logdir=" + folder);
        command.add("-Dlogback.configurationFile=" + folder.resolve("conf/logback.xml"));
        command.add("-javaagent:" + agent());
        command.addAll(List.of("-cp", folder.resolve("conf") + ":" + jars() + "/*"));
        command.add("org.apache.cassandra.service.CassandraDaemon");
        Path log = folder.resolve("out.log");
        Files.deleteIfExists(log);
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(new File("/dev/null"))
                .start();
        watchdog = new ProcessBuilder("sh", "-c", "read line; kill -9 " + process.pid()).start();
        for (int i = 0; i < READY_SECONDS * 20; i++) {
            String said = Files.readString(log);
            if (awaited.stream().allMatch(said::contains)) {
                return;
            }
            if (!process.isAlive()) {
                break;
            }
            process.waitFor(50, TimeUnit.MILLISECONDS);
        }
        String said = Files.readString(log);
        kill();
        throw new IOException("Cassandra did not start: " + said.substring(Math.max(0, said.length() - 3000)));
    }

    /** As {@code kill -9} does. */
    public void kill() throws InterruptedException {
        watchdog.destroyForcibly();
        watchdog.waitFor();
        process.destroyForcibly();
        process.waitFor();
    }

    public void suspend() throws Exception {
        signal("STOP");
    }

    public void resume() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new IOException("no signal was sent");
        }
    }

    /** Ends it and deletes all it had. */
    @Override
    public void close() {
        try {
            if (process != null) {
                kill();
            }
            if (Files.notExists(folder)) {
                return;
            }
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(each);
                }
            }
        } catch (IOException | InterruptedException e) {
            System.err.println("left behind: " + folder);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TestAbortedException missing(String what) {
        if ("required".equals(System.getProperty("engines"))) {
            Assertions.fail(what);
        }
        Assumptions.abort(what);
        return new TestAbortedException(what);
    }

    /** The daemon runs on Java 17 alone. */
    private static Path java() throws IOException {
        String given = System.getenv("CASSANDRA_JAVA");
        if (given != null) {
            return Path.of(given);
        }
        Path installed = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(installed)) {
            try (Stream<Path> all = Files.list(installed)) {
                for (Path each : all.filter(
                                path -> path.getFileName().toString().contains("17"))
                        .sorted()
                        .toList()) {
                    if (Files.isExecutable(each.resolve("bin/java"))) {
                        return each.resolve("bin/java");
                    }
                }
            }
        }
        throw missing("Cassandra needs a Java 17 under /usr/lib/jvm, or named by CASSANDRA_JAVA");
    }

    /** Where its jars are, which are fetched once; they never meet ours on a class path. */
    private static synchronized Path jars() throws Exception {
        String version = Objects.requireNonNullElse(System.getProperty("cassandra.version"), "5.0.9");
        Path jars = Path.of(System.getProperty("user.home"), ".cache", "cassandra-" + version, "lib");
        Path whole = jars.resolveSibling("whole");
        if (Files.exists(whole)) {
            return jars;
        }
        Files.createDirectories(jars);
        Path pom = jars.resolveSibling("pom.xml");
        try (var in = Objects.requireNonNull(Daemon.class.getResourceAsStream("/cassandra-daemon-pom.xml"))) {
            Files.write(pom, in.readAllBytes());
        }
        String home = System.getProperty("maven.home");
        Process maven = new ProcessBuilder(
                        home == null ? "mvn" : Path.of(home, "bin", "mvn").toString(),
                        "-q",
                        "-B",
                        "-f",
                        pom.toString(),
                        "-Dcassandra.version=" + version,
                        "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies",
                        "-DoutputDirectory=" + jars,
                        "-DincludeScope=runtime")
                .redirectErrorStream(true)
                .start();
        String said = new String(maven.getInputStream().readAllBytes());
        if (maven.waitFor() != 0) {
            throw missing("the jars of Cassandra " + version + " could not be fetched: " + said);
        }
        Files.createFile(whole);
        return jars;
    }

    private static Path agent() throws Exception {
        try (Stream<Path> all = Files.list(jars())) {
            return all.filter(path -> path.getFileName().toString().startsWith("jamm-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static List<String> options() {
        List<String> options = new ArrayList<>(List.of(
                "-Xms128m",
                "-Xmx256m",
                "-XX:MaxDirectMemorySize=256m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djdk.attach.allowAttachSelf=true",
                "-Dio.netty.tryReflectionSetAccessible=true",
                "-Dcassandra.skip_wait_for_gossip_to_settle=0",
                "-Dcassandra.ring_delay_ms=100",
                "-Dcassandra.superuser_setup_delay_ms=0",
                "-Dcassandra.disk_usage.monitor_interval_ms=200",
                "-Dcassandra-foreground=yes",
                "-Djava.net.preferIPv4Stack=true"));
        for (String each : List.of(
                "java.base/jdk.internal.misc",
                "java.management.rmi/com.sun.jmx.remote.internal.rmi",
                "java.rmi/sun.rmi.registry",
                "java.rmi/sun.rmi.server",
                "java.sql/java.sql",
                "java.base/java.lang.ref",
                "jdk.unsupported/sun.misc",
                "jdk.compiler/com.sun.tools.javac.file",
                "jdk.attach/sun.tools.attach")) {
            options.add("--add-exports=" + each + "=ALL-UNNAMED");
        }
        for (String each : List.of(
                "java.base/java.lang.module",
                "java.base/jdk.internal.loader",
                "java.base/jdk.internal.ref",
                "java.base/jdk.internal.reflect",
                "java.base/jdk.internal.math",
                "java.base/jdk.internal.module",
                "java.base/jdk.internal.util.jar",
                "jdk.management/com.sun.management.internal",
                "java.base/sun.nio.ch",
                "java.base/java.io",
                "java.base/java.nio",
                "java.base/java.lang",
                "java.base/java.lang.reflect",
                "java.base/java.util",
                "java.base/java.util.concurrent",
                "java.base/java.util.concurrent.atomic",
                "jdk.compiler/com.sun.tools.javac")) {
            options.add("--add-opens=" + each + "=ALL-UNNAMED");
        }
        return options;
    }

    private String yaml() {
        return """
            cluster_name: holdfast-test
            num_tokens: 1
            allocate_tokens_for_local_replication_factor: 1
            authenticator: PasswordAuthenticator
            authorizer: CassandraAuthorizer
            role_manager: CassandraRoleManager
            roles_validity: 100ms
            permissions_validity: 100ms
            credentials_validity: 100ms
            partitioner: org.apache.cassandra.dht.Murmur3Partitioner
            data_file_directories: [ %s/data/data ]
            commitlog_directory: %s/data/commitlog
            cdc_raw_directory: %s/data/cdc_raw
            hints_directory: %s/data/hints
            saved_caches_directory: %s/data/saved_caches
            commitlog_sync: batch
            commitlog_segment_size: 8MiB
            commitlog_total_space: 64MiB
            commitlog_disk_access_mode: legacy
            memtable_heap_space: 48MiB
            memtable_offheap_space: 48MiB
            file_cache_size: 32MiB
            key_cache_size: 4MiB
            counter_cache_size: 0MiB
            listen_address: 127.0.0.1
            rpc_address: 127.0.0.1
            native_transport_port: %d
            storage_port: %d
            start_native_transport: true
            endpoint_snitch: SimpleSnitch
            concurrent_reads: 8
            concurrent_writes: 8
            concurrent_counter_writes: 4
            concurrent_compactors: 1
            auto_snapshot: false
            seed_provider:
              - class_name: org.apache.cassandra.locator.SimpleSeedProvider
                parameters:
                  - seeds: "127.0.0.1:%d"
            """.formatted(folder, folder, folder, folder, folder, port, storagePort, storagePort);
    }
}
