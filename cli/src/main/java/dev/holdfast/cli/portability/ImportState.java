package dev.holdfast.cli.portability;

import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.portability.Importer.Counts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How far an import is, in a file beside the one that is imported, so that it can be gone on with after a kill. It holds no secret.
 *
 * @param namespace its id
 * @param sha256 of what is imported, so that nothing else is gone on with
 * @param id of the import; null when versions are not kept
 */
public record ImportState(
        String namespace, String sha256, @Nullable String id, Counts counts) {

    /** Where that of a file is. */
    public static Path beside(Path file) {
        return file.resolveSibling(file.getFileName() + ".import");
    }

    /** @return null when there is none */
    public static @Nullable ImportState read(Path state) throws IOException {
        if (!Files.exists(state)) {
            return null;
        }
        try {
            JsonNode read = Json.MAPPER.readTree(Files.readAllBytes(state));
            String id = Json.text(read, "import", "");
            return new ImportState(
                    Json.text(read, "namespace", ""),
                    Json.text(read, "sha256", ""),
                    id.isEmpty() ? null : id,
                    Counts.read(read));
        } catch (JacksonException damaged) {
            throw new Failure(Failure.FAILED, state + " is damaged. Delete it to begin anew.", damaged);
        }
    }

    /** Replaces what is there, in one step. */
    public void write(Path state) throws IOException {
        ObjectNode text = Json.object()
                .put("namespace", namespace)
                .put("sha256", sha256)
                .put("import", id)
                .put("lines", counts.lines())
                .put("kept", counts.kept())
                .put("restamped", counts.restamped())
                .put("skipped", counts.skipped())
                .put("expired", counts.expired());
        Path next = state.resolveSibling(state.getFileName() + ".new");
        Files.write(next, Json.MAPPER.writeValueAsBytes(text));
        Files.move(next, state, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The same, further on. */
    public ImportState at(Counts now) {
        return new ImportState(namespace, sha256, id, now);
    }
}
