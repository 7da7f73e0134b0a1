package dev.holdfast.server.compat;

import dev.holdfast.engine.kv.Limits;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;

/** Metadata: JSON in UTF-8, at most 1024 bytes of it. */
public final class Metadata {
    public static final byte[] NONE = {};

    private Metadata() {}

    /**
     * Checks metadata as a client sent it.
     *
     * @param sent empty for none
     * @return what to keep: as sent, except that {@code null} is none, and that no byte is a line end or a tab, so that it can
     *     stand in a header. In JSON those are blanks, and never within a string.
     */
    public static byte[] checked(byte[] sent) throws Refused {
        if (sent.length == 0) {
            return NONE;
        }
        if (sent.length > Limits.METADATA_BYTES) {
            throw new Refused(
                    413,
                    Codes.INVALID_METADATA,
                    "Metadata length of " + sent.length + " exceeds limit of " + Limits.METADATA_BYTES + ".");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(sent))
                    .toString();
            if (Json.isNull(text)) {
                return NONE;
            }
        } catch (CharacterCodingException | JacksonException e) {
            throw Refused.bad(Codes.INVALID_METADATA, "Metadata must be valid JSON in UTF-8.");
        }
        byte[] kept = sent.clone();
        for (int i = 0; i < kept.length; i++) {
            if (kept[i] >= 0 && kept[i] < ' ') {
                kept[i] = ' ';
            }
        }
        return kept;
    }
}
