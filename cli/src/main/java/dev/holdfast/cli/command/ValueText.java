package dev.holdfast.cli.command;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.databind.node.ObjectNode;

/** A value within JSON: as text where it is UTF-8, otherwise in base64 and marked so. Nothing is lost on the way. */
final class ValueText {
    private ValueText() {}

    static void into(ObjectNode entry, byte[] value) {
        try {
            entry.put(
                    "value",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(value))
                            .toString());
        } catch (CharacterCodingException _) {
            entry.put("value", Base64.getEncoder().encodeToString(value)).put("base64", true);
        }
    }
}
