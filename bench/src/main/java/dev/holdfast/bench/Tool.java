package dev.holdfast.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Programs that a run may need, with Debian's packages that have them. */
enum Tool {
    WRK("wrk", "wrk", "--version"),
    NGINX("nginx", "nginx", "-v"),
    H2LOAD("h2load", "nghttp2-client", "--version"),
    NGHTTP("nghttp", "nghttp2-client", "--version"),
    REDIS("redis-server", "redis-server", "--version"),
    REDIS_BENCHMARK("redis-benchmark", "redis-tools", "--version"),
    ETCD("etcd", "etcd-server", "--version");

    private final String program;
    private final String debian;
    private final String versionFlag;

    Tool(String program, String debian, String versionFlag) {
        this.program = program;
        this.debian = debian;
        this.versionFlag = versionFlag;
    }

    String program() {
        return program;
    }

    /** @throws IOException with what to do, when one of them is not installed */
    static void require(Collection<Tool> tools) throws IOException {
        List<Tool> missing = tools.stream().filter(tool -> !tool.installed()).toList();
        if (!missing.isEmpty()) {
            throw new IOException("needs "
                    + missing.stream().map(tool -> tool.program).collect(Collectors.joining(" and "))
                    + "; on Debian: apt-get install -y --no-install-recommends "
                    + missing.stream().map(tool -> tool.debian).distinct().collect(Collectors.joining(" ")));
        }
    }

    private boolean installed() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** The first line of what it says of its version. */
    String version() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(program, versionFlag)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.lines()
                .findFirst()
                .orElse("unknown")
                .replaceAll(" \\[.*", "")
                .replaceFirst("^nginx version: ", "");
    }
}
