package dev.holdfast.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What the figures hold for. */
final class Machine {
    private static final int SYNCS = 201;
    private static final int SYNC_BYTES = 4096;

    private static final long TICK_MICROS = 10_000;

    private Machine() {}

    /** @param tools whose versions matter */
    static Map<String, String> describe(Path folder, Collection<Tool> tools) throws IOException, InterruptedException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("processor", Runtime.getRuntime().availableProcessors() + " x " + processor());
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        for (Tool tool : tools) {
            facts.put(tool.program(), tool.version());
        }
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

    /** Microseconds that processes which we started, and which have ended, had spent on a processor, to 10 ms. */
    static long endedMicros() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        // The name may hold anything, blanks and brackets too.
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(afterName[13]) + Long.parseLong(afterName[14])) * TICK_MICROS;
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
