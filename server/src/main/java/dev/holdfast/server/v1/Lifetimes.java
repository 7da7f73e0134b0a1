package dev.holdfast.server.v1;

import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.http.Query;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** What a write says beside its value: when it expires, and its metadata. */
final class Lifetimes {
    private static final byte[] NONE = {};
    /** The year 9999: later than any clock is right, and far from overflow. */
    private static final long LATEST = 253_402_300_799L;

    private Lifetimes() {}

    /**
     * The expiration in seconds since the Unix epoch. As with Workers KV, a relative one wins over an absolute one, and neither
     * may be nearer than 60 seconds.
     */
    static long expiration(Query query, long nowSeconds) throws ApiError {
        String ttl = query.get("expiration_ttl");
        if (ttl != null) {
            long seconds = whole("expiration_ttl", ttl);
            if (seconds < Limits.EXPIRATION_TTL_SECONDS || seconds > LATEST - nowSeconds) {
                throw bad("expiration_ttl", ttl, "at least " + Limits.EXPIRATION_TTL_SECONDS + " seconds");
            }
            return nowSeconds + seconds;
        }
        String at = query.get("expiration");
        if (at == null) {
            return Record.NEVER;
        }
        long seconds = whole("expiration", at);
        if (seconds < nowSeconds + Limits.EXPIRATION_TTL_SECONDS || seconds > LATEST) {
            throw bad(
                    "expiration",
                    at,
                    "seconds since the Unix epoch, at least " + Limits.EXPIRATION_TTL_SECONDS
                            + " seconds in the future");
        }
        return seconds;
    }

    /** For how long an answer is good enough, in nanoseconds. */
    static long cacheTtlNanos(Query query, long otherwise) throws ApiError {
        String ttl = query.get("cache_ttl");
        if (ttl == null) {
            return otherwise;
        }
        try {
            long seconds = Long.parseLong(ttl);
            if (seconds >= 0) {
                // More than a long can hold is for ever.
                return TimeUnit.SECONDS.toNanos(seconds);
            }
        } catch (NumberFormatException e) {
            throw badCacheTtl(ttl);
        }
        throw badCacheTtl(ttl);
    }

    private static ApiError badCacheTtl(String text) {
        return ApiError.badRequest(
                "bad-cache-ttl", "cache_ttl must be a whole number of seconds, 0 or more, not \"" + text + "\".");
    }

    private static long whole(String name, String text) throws ApiError {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw bad(name, text, "a whole number of seconds");
        }
    }

    private static ApiError bad(String name, String text, String expected) {
        return ApiError.badRequest("bad-expiration", name + " must be " + expected + ", not \"" + text + "\".");
    }

    /** @param header bytes of the metadata header; null when there is none */
    static byte[] metadata(byte @Nullable [] header) throws ApiError {
        if (header == null || header.length == 0) {
            return NONE;
        }
        if (header.length > Limits.METADATA_BYTES) {
            throw new ApiError(
                    413,
                    "metadata-too-large",
                    "Metadata of " + header.length + " bytes exceeds the limit of " + Limits.METADATA_BYTES + ".");
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(header));
            Json.parse(header);
            return header;
        } catch (CharacterCodingException | JacksonException e) {
            throw ApiError.badRequest("bad-metadata", "Holdfast-Metadata must be JSON in UTF-8.");
        }
    }
}
