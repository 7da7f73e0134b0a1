package dev.holdfast.providers.s3;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A one-node Ceph with its S3 gateway, of Debian's packages ceph-mon, ceph-osd, radosgw and ceph-common. Its objects are in memory, unless
 * there are many: what is looked at is what the gateway says and in which order, not Ceph's disks.
 */
public final class Radosgw implements Server {
    private static final List<String> PROGRAMS =
            List.of("ceph", "ceph-mon", "ceph-osd", "ceph-authtool", "monmaptool", "radosgw", "radosgw-admin");

    /** In memory an object takes 24 KB, most of it what came with it. */
    private static final String IN_MEMORY = """
        osd objectstore = memstore
        memstore device bytes = 2147483648
        """;

    /** In one file, which takes no more of the disk than is written. */
    private static final String ON_DISK = """
        osd objectstore = bluestore
        bluestore block create = true
        bluestore block size = 42949672960
        osd memory target = 1610612736
        """;

    /** Those that have no use for a configuration. */
    private static final List<String> STANDALONE = List.of("monmaptool", "ceph-authtool");

    private final Path folder;
    private final int port;
    private final String objects;
    private final List<Process> daemons = new ArrayList<>();

    private Radosgw(Path folder, int port, String objects) {
        this.folder = folder;
        this.port = port;
        this.objects = objects;
    }

    public static boolean installed() {
        return PROGRAMS.stream()
                .allMatch(program -> List.of("/usr/bin", "/usr/sbin", "/usr/local/bin").stream()
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program))));
    }

    public static Radosgw start(Path folder) throws Exception {
        return start(folder, IN_MEMORY);
    }

    /** For more objects than there is memory for. */
    public static Radosgw startOnDisk(Path folder) throws Exception {
        return start(folder, ON_DISK);
    }

    private static Radosgw start(Path folder, String objects) throws Exception {
        Radosgw gateway = new Radosgw(Files.createDirectories(folder), Server.freePort(), objects);
        try {
            gateway.start();
            return gateway;
        } catch (Exception e) {
            gateway.close();
            throw e;
        }
    }

    private void start() throws Exception {
        for (String part : List.of("mon", "osd", "rgw")) {
            Files.createDirectories(folder.resolve(part));
        }
        String id = UUID.randomUUID().toString();
        String osd = UUID.randomUUID().toString();
        int mon2 = Server.freePort();
        int mon1 = Server.freePort();
        Path file = folder.resolve("ceph.conf");
        Server.resource("/ceph.conf", file);
        String configuration = Files.readString(file)
                .replace("@FSID@", id)
                .replace("@FOLDER@", folder.toString())
                .replace("@MON2@", String.valueOf(mon2))
                .replace("@MON1@", String.valueOf(mon1))
                .replace("@OBJECTS@\n", objects)
                .replace("@PORT@", String.valueOf(port));
        Files.writeString(file, configuration);
        Files.writeString(folder.resolve("keyring"), keyring());
        run(
                "monmaptool",
                "--create",
                "--fsid",
                id,
                "--addv",
                "a",
                "[v2:127.0.0.1:" + mon2 + ",v1:127.0.0.1:" + mon1 + "]",
                "monmap");
        run("ceph-mon", "--mkfs", "-i", "a", "--monmap", "monmap", "--keyring", "keyring");
        daemon("ceph-mon", "-i", "a");
        run("ceph", "osd", "new", osd);
        run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd);
        daemon("ceph-osd", "-i", "0");
        run("ceph", "osd", "crush", "add", "osd.0", "1", "root=default", "host=localhost");
        Process gateway = daemon("radosgw", "-n", "client.rgw");
        addUser("kv", ACCESS_KEY);
        Server.awaitPort(port, gateway);
    }

    /** One key for all: they meet nobody else. */
    private String keyring() throws Exception {
        String key = run("ceph-authtool", "--gen-print-key").strip();
        StringBuilder out = new StringBuilder();
        for (String name : List.of("mon.", "client.admin", "client.rgw", "osd.0")) {
            out.append("[").append(name).append("]\n\tkey = ").append(key).append('\n');
            for (String at : List.of("mon", "osd", "mgr")) {
                out.append("\tcaps ").append(at).append(" = \"allow *\"\n");
            }
        }
        return out.toString();
    }

    /** A user of whose buckets each takes so many objects; its access key is its name. */
    void addUserWithQuota(String name, int objects) throws Exception {
        addUser(name, name);
        run(
                "radosgw-admin",
                "-n",
                "client.rgw",
                "quota",
                "set",
                "--quota-scope=bucket",
                "--uid=" + name,
                "--max-objects=" + objects);
        run("radosgw-admin", "-n", "client.rgw", "quota", "enable", "--quota-scope=bucket", "--uid=" + name);
    }

    private void addUser(String name, String accessKey) throws Exception {
        run(
                "radosgw-admin",
                "-n",
                "client.rgw",
                "user",
                "create",
                "--uid=" + name,
                "--display-name=" + name,
                "--access-key=" + accessKey,
                "--secret-key=" + SECRET);
    }

    private ProcessBuilder command(String... words) {
        List<String> command = new ArrayList<>(List.of(words));
        command.addAll(List.of("-c", folder.resolve("ceph.conf").toString()));
        return new ProcessBuilder(STANDALONE.contains(words[0]) ? List.of(words) : command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"));
    }

    private String run(String... words) throws Exception {
        Path log = folder.resolve("run-" + words[0] + ".out");
        Process process = command(words).redirectOutput(log.toFile()).start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", words) + " failed: " + Files.readString(log));
        }
        return Files.readString(log);
    }

    private Process daemon(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(words));
        command.add("-f");
        Process process = command(command.toArray(String[]::new))
                .redirectOutput(folder.resolve(words[0] + ".out").toFile())
                .start();
        daemons.add(process);
        Runtime.getRuntime().addShutdownHook(new Thread(process.toHandle()::destroyForcibly));
        return process;
    }

    @Override
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public void close() {
        for (Process daemon : daemons.reversed()) {
            daemon.destroyForcibly().onExit().join();
        }
    }
}
