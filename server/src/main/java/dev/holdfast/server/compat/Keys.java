package dev.holdfast.server.compat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Limits;
import dev.holdfast.server.http.PercentEncoding;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Keys, prefixes and text as clients send them. */
public final class Keys {
    private Keys() {}

    /** The key that a piece of a raw path names. */
    public static Key decoded(String raw) throws Refused {
        byte[] name;
        try {
            name = PercentEncoding.decode(raw);
        } catch (IllegalArgumentException e) {
            throw undecodable();
        }
        return of(name);
    }

    public static Key of(byte[] name) throws Refused {
        try {
            return Key.of(name);
        } catch (IllegalArgumentException e) {
            if (name.length > Limits.KEY_BYTES) {
                throw new Refused(414, Codes.KEY_TOO_LONG, String.valueOf(e.getMessage()));
            }
            if (name.length == 0 || (name.length <= 2 && name[0] == '.')) {
                throw Refused.bad(Codes.ILLEGAL_KEY, String.valueOf(e.getMessage()));
            }
            // What is left is not UTF-8.
            throw undecodable();
        }
    }

    /** The bytes of a prefix, which must be no longer than a key. */
    public static byte[] prefix(String text) throws Refused {
        byte[] prefix = text.getBytes(StandardCharsets.UTF_8);
        if (prefix.length > Limits.KEY_BYTES) {
            throw new Refused(
                    414,
                    Codes.KEY_TOO_LONG,
                    "UTF-8 encoded length of " + prefix.length + " exceeds key length limit of " + Limits.KEY_BYTES
                            + ".");
        }
        return prefix;
    }

    /** The UTF-8 form of a string of JSON, in which half of a surrogate pair can stand alone; that has no UTF-8 form. */
    public static byte[] utf8(String text) throws Refused {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] exact = new byte[bytes.remaining()];
            bytes.get(exact);
            return exact;
        } catch (CharacterCodingException e) {
            throw Refused.bad(
                    Codes.MALFORMED_VALUE, "a string holds half of a surrogate pair, which no UTF-8 stands for");
        }
    }

    private static Refused undecodable() {
        return Refused.bad(Codes.ILLEGAL_KEY, "Could not URL-decode key name");
    }
}
