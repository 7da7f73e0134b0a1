package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;

/** A folder with a store of many keys, whose server has been stopped in order. */
final class Filled {
    private static final int BULK = 10_000;
    /** What is written as fast as it can be may put a provider millions of writes behind. */
    private static final Duration TO_CATCH_UP = Duration.ofMinutes(30);

    private Filled() {}

    /** @return the namespace with the keys */
    static Entrance.Room make(Path folder, int keys, int valueBytes) throws IOException, InterruptedException {
        try (Belongings running = new Belongings()) {
            HoldfastServer server = HoldfastServer.start(Pace.launcher(), folder, null, running);
            Entrance.Room room = server.createNamespace("filled");
            String target =
                    "/client/v4/accounts/" + room.account() + "/storage/kv/namespaces/" + room.namespace() + "/bulk";
            SplittableRandom random = new SplittableRandom(11);
            long told = System.nanoTime();
            for (int first = 0; first < keys; first += BULK) {
                StringBuilder body = new StringBuilder("[");
                for (int i = first; i < Math.min(keys, first + BULK); i++) {
                    body.append(i == first ? "" : ",")
                            .append("{\"key\":\"")
                            .append(key(i))
                            .append("\",\"value\":\"")
                            .append(Load.value(random, valueBytes))
                            .append("\"}");
                }
                server.client()
                        .require("PUT", server.port(), target, body.append(']').toString());
                if (System.nanoTime() - told > 10_000_000_000L) {
                    told = System.nanoTime();
                    System.err.printf(Locale.ROOT, "%,d of %,d keys%n", Math.min(keys, first + BULK), keys);
                }
            }
            server.awaitAllCurrent(TO_CATCH_UP);
            return room;
        }
    }

    /** Of the same length for each, so that a prefix says how many keys begin with it. */
    static String key(int index) {
        String digits = Integer.toString(index);
        return "k" + "0".repeat(10 - digits.length()) + digits;
    }
}
