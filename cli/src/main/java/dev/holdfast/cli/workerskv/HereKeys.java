package dev.holdfast.cli.workerskv;

import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.portability.ExportStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** At which version keys are here, asked for in their order. Used by one thread. */
final class HereKeys implements AutoCloseable {
    private final ExportStream keys;
    private @Nullable String key = "";
    private String version = "";

    HereKeys(ExportStream keys) {
        this.keys = keys;
    }

    /** @return null when it is not here */
    @Nullable
    String version(String wanted) throws IOException, InterruptedException {
        while (key != null && Known.ORDER.compare(key, wanted) < 0) {
            byte[] line = keys.next();
            JsonNode read = line == null ? Json.object() : Json.MAPPER.readTree(line);
            key = line == null ? null : Json.text(read, "key", "");
            version = Json.text(read, "version", "");
        }
        return wanted.equals(key) ? version : null;
    }

    @Override
    public void close() {
        keys.close();
    }
}
