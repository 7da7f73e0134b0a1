package dev.holdfast.providers.postgres;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.providers.postgres.PostgresSettings.Credential;
import dev.holdfast.providers.postgres.PostgresSettings.Host;
import dev.holdfast.providers.postgres.PostgresSettings.Timeouts;
import dev.holdfast.providers.postgres.PostgresSettings.Tls;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A real server as processes of their own, with its data in a temporary folder. Ends with the JVM at the latest. Where none is installed, the
 * test is skipped, unless {@code -Dengines=required}. For one thread.
 */
public final class PostgresServer implements AutoCloseable {
    public static final String DATABASE = "kv";
    public static final String SUPERUSER = "postgres";
    public static final String PASSWORD = "only for tests";
    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
    private static final AtomicInteger SCHEMAS = new AtomicInteger();
    private static PostgresServer shared;

    private final Path binaries;
    private final Path folder;
    private final List<String> wrapper;
    private final int port;
    private Process process;

    private PostgresServer(Path binaries, Path folder, List<String> wrapper) throws IOException {
        this.binaries = binaries;
        this.folder = folder;
        this.wrapper = wrapper;
        try (ServerSocket socket = new ServerSocket(0)) {
            this.port = socket.getLocalPort();
        }
    }

    /** One for all tests of this JVM that do it no harm. */
    static synchronized PostgresServer shared() throws Exception {
        if (shared == null) {
            shared = create();
        }
        return shared;
    }

    public static PostgresServer create() throws Exception {
        return create(List.of());
    }

    /** @param wrapper of the command that starts the server; {@code FOLDER} in it stands for the server's folder */
    static PostgresServer create(List<String> wrapper) throws Exception {
        Path binaries = binaries();
        Path folder = Files.createTempDirectory("holdfast-postgres-");
        List<String> here = wrapper.stream()
                .map(word -> word.replace("FOLDER", folder.toString()))
                .toList();
        PostgresServer server = new PostgresServer(binaries, folder, here);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        Files.writeString(folder.resolve("password"), PASSWORD);
        if (ROOT) {
            run(List.of("chown", "-R", "postgres", folder.toString()));
        }
        try {
            server.initialise();
            return server;
        } catch (Exception | Error e) {
            server.close();
            throw e;
        }
    }

    private void initialise() throws Exception {
        run(
                "initdb",
                "-D",
                data().toString(),
                "-N",
                "-E",
                "UTF8",
                "--locale=C",
                "-A",
                "scram-sha-256",
                "-U",
                SUPERUSER,
                "--pwfile=" + folder.resolve("password"));
        start();
        sql("postgres", "CREATE DATABASE " + DATABASE);
    }

    private static Path binaries() throws IOException {
        if (Files.isDirectory(INSTALLED)) {
            try (Stream<Path> versions = Files.list(INSTALLED)) {
                List<Path> found = versions.map(version -> version.resolve("bin"))
                        .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                        .sorted()
                        .toList();
                if (!found.isEmpty()) {
                    return found.getLast();
                }
            }
        }
        String absent = "there is no PostgreSQL in " + INSTALLED;
        if ("required".equals(System.getProperty("engines"))) {
            fail(absent);
        }
        return abort(absent);
    }

    Path data() {
        return folder.resolve("data");
    }

    Path folder() {
        return folder;
    }

    /** PostgreSQL refuses to run as root. */
    private List<String> command(String binary, String... arguments) {
        List<String> command = new ArrayList<>();
        if (ROOT) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        command.add(binaries.resolve(binary).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    void run(String binary, String... arguments) throws Exception {
        run(command(binary, arguments));
    }

    private static void run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(new java.io.File("/"))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }

    /** Starts it on the data and the port that it had, and waits until it serves. */
    public void start() throws Exception {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(command(
                "postgres",
                "-D",
                data().toString(),
                "-p",
                "" + port,
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "shared_buffers=32MB",
                "-c",
                "max_connections=60",
                "-c",
                "max_wal_size=128MB",
                "-c",
                "restart_after_crash=on"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(new java.io.File("/"))
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        process = builder.start();
        while (true) {
            try {
                connect("postgres").close();
                return;
            } catch (SQLException e) {
                if (System.nanoTime() > end) {
                    throw new IOException("PostgreSQL does not start: " + log(), e);
                }
            }
            if (!process.isAlive()) {
                process = builder.start(); // what was killed may still hold its memory
            }
            Thread.sleep(50);
        }
    }

    public int port() {
        return port;
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?connectTimeout=2&socketTimeout=60",
                SUPERUSER,
                PASSWORD);
    }

    /** As the superuser. */
    public void sql(String database, String... statements) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    /** As the superuser, prepared like a session of the provider. */
    Connection connection() throws SQLException {
        Connection connection = connect(DATABASE);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT set_config('holdfast.system',"
                    + " (SELECT system_identifier::text FROM pg_control_system()), false)");
        }
        return connection;
    }

    String systemIn(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('holdfast.system')")) {
            row.next();
            return row.getString(1);
        }
    }

    /** Until a session of the provider waits for a lock. */
    void awaitLockWait() throws Exception {
        await("SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                + " AND application_name LIKE 'holdfast%'");
    }

    void awaitSetting(String name, String value) throws Exception {
        await("SELECT current_setting('" + name + "') = '" + value + "'");
    }

    private void await(String condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!ask(condition).equals("t")) {
            if (System.nanoTime() > end) {
                throw new IOException("never: " + condition);
            }
            Thread.sleep(10);
        }
    }

    String ask(String question) throws SQLException {
        try (Connection connection = connect(DATABASE);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            row.next();
            return row.getString(1);
        }
    }

    /** Every process of it at once, as a power cut would. */
    public void kill() throws Exception {
        signal("KILL");
        process.waitFor();
    }

    /** Stops all its threads, as a host that hangs would. */
    public void freeze() throws Exception {
        signal("STOP");
    }

    public void thaw() throws Exception {
        signal("CONT");
    }

    private void signal(String signal) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal, "" + process.pid()));
        process.descendants().forEach(child -> command.add("" + child.pid()));
        Process kill = new ProcessBuilder(command).start();
        kill.waitFor(); // one of them may have ended by itself
    }

    /** An orderly end, in which everybody is disconnected. */
    void stop() throws Exception {
        run("pg_ctl", "-D", data().toString(), "-m", "fast", "-w", "stop");
        process.waitFor();
    }

    /** A self-signed certificate for the address of the server, and its key beside it. */
    Path certificate(String name) throws Exception {
        Path certificate = folder.resolve(name + ".crt");
        Path key = folder.resolve(name + ".key");
        run(List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=" + name,
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString()));
        run(List.of("chmod", "600", key.toString()));
        if (ROOT) {
            run(List.of("chown", "postgres", key.toString(), certificate.toString()));
        }
        return certificate;
    }

    /** @return the certificate that it shows from now on */
    Path switchToTls() throws Exception {
        Path certificate = certificate("server");
        sql("postgres", "ALTER SYSTEM SET ssl_cert_file = '" + certificate + "'");
        sql("postgres", "ALTER SYSTEM SET ssl_key_file = '" + folder.resolve("server.key") + "'");
        sql("postgres", "ALTER SYSTEM SET ssl = on");
        sql("postgres", "SELECT pg_reload_conf()");
        awaitSetting("ssl", "on");
        return certificate;
    }

    /** Keeps the data as they are now; the server must be stopped. */
    void copyAside() throws Exception {
        run(List.of("cp", "-a", data().toString(), data() + "-copy"));
    }

    /** The server dies, and a replica takes over that has not come further than the copy. */
    void failOverToCopy() throws Exception {
        kill();
        Files.move(data(), folder.resolve("data-before"));
        Files.move(folder.resolve("data-copy"), data());
        run(List.of("touch", data().resolve("standby.signal").toString()));
        start();
        run("pg_ctl", "-D", data().toString(), "-w", "promote");
    }

    /** What it holds is restored from a dump into a new cluster, which then answers at the same port. */
    void moveToAnotherCluster() throws Exception {
        Path dump = folder.resolve("dump.sql");
        String url = "postgresql://" + SUPERUSER + ":" + PASSWORD.replace(" ", "%20") + "@127.0.0.1:" + port + "/"
                + DATABASE;
        run("pg_dump", "-f", dump.toString(), url);
        stop();
        Files.move(data(), folder.resolve("data-before"));
        initialise();
        run("psql", "-q", "-f", dump.toString(), url);
    }

    /** Runs the server where a small disk is mounted that nobody else sees. */
    static List<String> smallDisk() {
        assumeTrue(ROOT, "only root can mount a disk");
        return List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mkdir -p FOLDER/small && mount -t tmpfs -o size=24m tmpfs FOLDER/small && chown postgres FOLDER/small"
                        + " && exec \"$@\"",
                "sh");
    }

    /** A database on the small disk, most of which something else has taken. */
    PostgresSettings onSmallDisk(String schema) throws SQLException {
        sql("postgres", "CREATE TABLESPACE small LOCATION '" + folder.resolve("small") + "'");
        sql("postgres", "DROP DATABASE " + DATABASE, "CREATE DATABASE " + DATABASE + " TABLESPACE small");
        sql(DATABASE, "CREATE TABLE ballast AS SELECT repeat('x', 1000) FROM generate_series(1, 6000)");
        return impatient(schema);
    }

    void makeRoom() throws SQLException {
        sql(DATABASE, "DROP TABLE ballast", "CHECKPOINT");
    }

    static String freshSchema() {
        return "s" + SCHEMAS.incrementAndGet();
    }

    public PostgresSettings settings(String schema) {
        return settings(schema, Timeouts.DEFAULT, credential(SUPERUSER));
    }

    /** With timeouts that a test can wait for. */
    PostgresSettings impatient(String schema, Credential... credentials) {
        Timeouts timeouts = new Timeouts(
                Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3));
        return settings(
                schema, timeouts, credentials.length == 0 ? new Credential[] {credential(SUPERUSER)} : credentials);
    }

    static Credential credential(String user) {
        return new Credential(user, () -> PASSWORD);
    }

    /** A role that may log in, with the password of {@link #credential}. */
    void role(String user) throws SQLException {
        sql(DATABASE, "CREATE ROLE " + user + " LOGIN PASSWORD '" + PASSWORD + "'");
    }

    private PostgresSettings settings(String schema, Timeouts timeouts, Credential... credentials) {
        return new PostgresSettings(
                List.of(new Host("127.0.0.1", port)),
                DATABASE,
                schema,
                List.of(credentials),
                8,
                timeouts,
                new Tls(Tls.Mode.DISABLE, null),
                false);
    }

    @Override
    public synchronized void close() {
        if (process == null) {
            return;
        }
        try {
            signal("KILL");
            process.waitFor();
            process = null;
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (Exception e) {
            System.err.println("ending PostgreSQL in " + folder + ": " + e);
        }
    }
}
