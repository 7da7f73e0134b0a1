package dev.holdfast.server.api;

import dev.holdfast.engine.kv.Quota;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A quota as fields of JSON: {@code max_requests} a second, {@code max_keys} and {@code max_bytes}; 0 for no bound. */
public final class QuotaFields {
    /** What a program in any language can hold exactly in a number of JSON. */
    private static final long MOST = 1L << 53;

    private QuotaFields() {}

    /** @param otherwise holds for what is not given */
    public static Quota read(Fields fields, Quota otherwise) throws ApiError {
        return new Quota(
                given(fields.wholeOrNull("max_requests", 0, Quota.MOST_REQUESTS), otherwise.requests()),
                given(fields.wholeOrNull("max_keys", 0, MOST), otherwise.keys()),
                given(fields.wholeOrNull("max_bytes", 0, MOST), otherwise.bytes()));
    }

    private static long given(@Nullable Long value, long otherwise) {
        return value == null ? otherwise : value;
    }

    public static ObjectNode write(ObjectNode form, Quota quota) {
        return form.put("max_requests", quota.requests())
                .put("max_keys", quota.keys())
                .put("max_bytes", quota.bytes());
    }
}
