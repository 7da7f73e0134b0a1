package dev.holdfast.providers.s3;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** org.gaul:s3proxy over a folder, as a process of its own; its jars are where {@code s3proxy.lib} says. For one thread. */
public final class S3Proxy implements Server {
    private final List<String> wrapper;
    private final Path folder;
    private final int port;
    private Process process;

    private S3Proxy(List<String> wrapper, Path folder, int port) {
        this.wrapper = wrapper;
        this.folder = folder;
        this.port = port;
    }

    /** @param folder for its objects and configuration */
    public static S3Proxy start(Path folder) throws Exception {
        return start(List.of(), folder);
    }

    /** With its objects on a small file system of their own, a tmpfs that only the server sees, in a mount namespace of its own. */
    static S3Proxy startSmall(Path folder, int mebibytes) throws Exception {
        boolean root = "root".equals(System.getProperty("user.name"));
        String script =
                "mount -t tmpfs -o size=" + mebibytes + "m tmpfs '" + folder.resolve("objects") + "' && exec \"$@\"";
        return start(List.of("unshare", root ? "-m" : "-rm", "sh", "-c", script, "sh"), folder);
    }

    private static S3Proxy start(List<String> wrapper, Path folder) throws Exception {
        Files.createDirectories(folder.resolve("objects"));
        S3Proxy proxy = new S3Proxy(wrapper, folder, Server.freePort());
        proxy.start();
        return proxy;
    }

    Path objects() {
        return folder.resolve("objects");
    }

    /** Starts it again on the same folder and port, with the same secret or another one. */
    public void start() throws Exception {
        start(SECRET);
    }

    void start(String secret) throws Exception {
        Path properties = folder.resolve("s3proxy.properties");
        Server.resource("/s3proxy/logback.xml", folder.resolve("logback.xml"));
        Files.writeString(
                properties,
                String.join(
                        "\n",
                        "s3proxy.endpoint=" + endpoint(),
                        "s3proxy.authorization=aws-v2-or-v4",
                        "s3proxy.identity=" + ACCESS_KEY,
                        "s3proxy.credential=" + secret,
                        "jclouds.provider=filesystem-nio2",
                        "jclouds.filesystem.basedir=" + folder.resolve("objects"),
                        ""));
        List<String> command = new ArrayList<>(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + folder));
        command.addAll(List.of("-cp", classPath(), "org.gaul.s3proxy.Main", "--properties", properties.toString()));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .redirectInput(new File("/dev/null"))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process.toHandle()::destroyForcibly));
        Server.awaitPort(port, process);
    }

    private String classPath() {
        return folder + File.pathSeparator + System.getProperty("s3proxy.lib") + "/*";
    }

    @Override
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    /** As {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** {@code STOP} or {@code CONT}. */
    public void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder(List.of("kill", "-" + signal, String.valueOf(process.pid())))
                .start()
                .waitFor();
    }

    @Override
    public void close() {
        kill();
    }
}
