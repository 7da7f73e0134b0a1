package dev.holdfast.server.backup;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.token.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * That a restore has begun and not ended: whoever asks for the same again goes on with it, and what was written since the first begin stays.
 */
record RestoreMark(Path file) {

    static RestoreMark of(Folder folder, Wish wish) {
        String what = wish.from() + " " + wish.into().id() + " " + wish.to() + " " + wish.prefix();
        byte[] hash = LineFile.sha256().digest(what.getBytes(StandardCharsets.UTF_8));
        return new RestoreMark(folder.restores().resolve(HexFormat.of().formatHex(hash, 0, 12) + ".json"));
    }

    /** When it began: what is newer was written since. */
    Optional<Version> began() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Version.parse(
                    Json.parse(Files.readAllBytes(file)).path("began").asString("")));
        } catch (JacksonException | IllegalArgumentException damaged) {
            throw new IOException(file + " is not as it was written", damaged);
        }
    }

    void begin(Folder folder, Wish wish, Version began) throws IOException {
        folder.make(folder.restores());
        byte[] text = Json.bytes(Json.object()
                .put("namespace", wish.from().toString())
                .put("prefix", wish.prefix())
                .put("to", Instants.text(wish.to()))
                .put("into", wish.into().id().toString())
                .put("began", began.toString()));
        PrivateFile.write(file, text);
        Folder.sync(folder.restores());
    }

    void end() throws IOException {
        Files.deleteIfExists(file);
    }
}
