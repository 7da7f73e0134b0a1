package dev.holdfast.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What the figures hold for. */
final class Machine {
    private static final int SYNCS = 201;
    private static final int SYNC_BYTES = 4096;

    private Machine() {}

    static Map<String, String> describe(Path folder) throws IOException, InterruptedException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("processor", Runtime.getRuntime().availableProcessors() + " x " + processor());
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        facts.put("nginx", firstLine("nginx", "-v").replace("nginx version: ", ""));
        facts.put("wrk", firstLine("wrk", "--version").replaceAll(" \\[.*", ""));
        facts.put("load of the machine before", loadAverage());
        facts.put(
                "disk",
                String.format(
                        Locale.ROOT,
                        "%s, %.2f ms for a sync of 4 KiB (median of %d)",
                        Files.getFileStore(folder).type(),
                        syncMillis(folder),
                        SYNCS));
        return facts;
    }

    private static String processor() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        }
    }

    /** Figures from a machine that others use mean little. */
    private static String loadAverage() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0] + " (average of a minute)";
    }

    private static String firstLine(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.lines().findFirst().orElse("unknown");
    }

    /** Where a sync costs next to nothing, puts are measured without what makes them slow. */
    private static double syncMillis(Path folder) throws IOException {
        Path file = folder.resolve("syncs");
        long[] nanos = new long[SYNCS];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (int i = 0; i < SYNCS; i++) {
                long begin = System.nanoTime();
                channel.write(ByteBuffer.allocate(SYNC_BYTES));
                channel.force(false);
                nanos[i] = System.nanoTime() - begin;
            }
        }
        Files.delete(file);
        Arrays.sort(nanos);
        return nanos[SYNCS / 2] / 1e6;
    }
}
