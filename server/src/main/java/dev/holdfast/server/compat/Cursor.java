package dev.holdfast.server.compat;

import dev.holdfast.engine.kv.Key;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Where a listing goes on: the last key that was listed, so that it holds whatever happens to providers and pages. */
public final class Cursor {
    private Cursor() {}

    public static String after(Key key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.bytes());
    }

    /**
     * The key to go on after; null to begin at the first.
     *
     * @param cursor as given out; null or empty for none
     */
    public static @Nullable Key parse(@Nullable String cursor) throws Refused {
        if (cursor == null || cursor.isEmpty()) {
            return null;
        }
        try {
            return Key.of(Base64.getUrlDecoder().decode(cursor));
        } catch (IllegalArgumentException e) {
            throw Refused.bad(Codes.INVALID_CURSOR, "invalid \"list keys\" cursor");
        }
    }
}
