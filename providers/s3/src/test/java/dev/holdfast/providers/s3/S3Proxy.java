package dev.holdfast.providers.s3;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** org.gaul:s3proxy over a folder. */
final class S3Proxy implements Server {
    private final Path folder;
    private final int port;
    private Process process;

    private S3Proxy(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** @param folder for its objects and configuration */
    static S3Proxy start(Path folder) throws Exception {
        S3Proxy proxy = new S3Proxy(Files.createDirectories(folder), Server.freePort());
        Files.createDirectories(folder.resolve("objects"));
        proxy.start();
        return proxy;
    }

    /** Starts it again on the same folder and port, with the same secret or another one. */
    void start() throws Exception {
        start(SECRET);
    }

    void start(String secret) throws Exception {
        Path properties = folder.resolve("s3proxy.properties");
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
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        classPath(),
                        "org.gaul.s3proxy.Main",
                        "--properties",
                        properties.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .redirectInput(new File("/dev/null"))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process.toHandle()::destroyForcibly));
        Server.awaitPort(port, process);
    }

    private static String classPath() {
        String configuration = Path.of("src/test/resources/s3proxy").toAbsolutePath().toString();
        return configuration + File.pathSeparator + System.getProperty("s3proxy.lib") + "/*";
    }

    @Override
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    /** As {@code kill -9} does. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** {@code STOP} or {@code CONT}. */
    void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder(List.of("kill", "-" + signal, String.valueOf(process.pid()))).start().waitFor();
    }

    @Override
    public void close() {
        kill();
    }
}
