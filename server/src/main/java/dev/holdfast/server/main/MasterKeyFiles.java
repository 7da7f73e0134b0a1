package dev.holdfast.server.main;

import dev.holdfast.engine.replication.sealing.MasterKeys;
import dev.holdfast.server.config.KeyConfig;
import dev.holdfast.server.token.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The master keys of the configuration, read once at the start. What is wrong with one is said without a byte of it. */
final class MasterKeyFiles {
    private static final int MOST_BYTES = 4096;
    private static final int HEX_DIGITS = 2 * MasterKeys.BYTES;

    private MasterKeyFiles() {}

    /** @param environment the variables of the process */
    static MasterKeys read(List<KeyConfig> keys, Map<String, String> environment) throws StartFailed {
        Map<String, byte[]> found = new LinkedHashMap<>();
        for (KeyConfig key : keys) {
            String where = key.file()
                    .map(Path::toString)
                    .orElse("variable " + key.variable().orElse(""));
            try {
                String text = key.file().isPresent() ? text(key.file().get()) : text(key.variable(), environment);
                found.put(key.name(), bytes(text.strip()));
            } catch (IOException e) {
                throw new StartFailed(
                        "Master key " + key.name() + " in " + where + " cannot be used: " + e.getMessage() + ".", e);
            }
        }
        return new MasterKeys(found);
    }

    private static String text(Path file) throws IOException {
        PrivateFile.require(file);
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("it is too long");
        }
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    private static String text(Optional<String> variable, Map<String, String> environment) throws IOException {
        String text = environment.get(variable.orElse(""));
        if (text == null) {
            throw new IOException("it is not set");
        }
        return text;
    }

    private static byte[] bytes(String text) throws IOException {
        try {
            byte[] bytes = text.length() == HEX_DIGITS
                    ? HexFormat.of().parseHex(text)
                    : Base64.getDecoder().decode(text);
            if (bytes.length == MasterKeys.BYTES) {
                return bytes;
            }
        } catch (IllegalArgumentException bad) {
            // Its message would show a part of the key.
            throw new IOException(EXPECTED);
        }
        throw new IOException(EXPECTED);
    }

    private static final String EXPECTED =
            "it must be " + MasterKeys.BYTES + " bytes, as " + HEX_DIGITS + " hexadecimal digits or in Base64";
}
