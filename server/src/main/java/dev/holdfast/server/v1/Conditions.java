package dev.holdfast.server.v1;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.server.api.ApiError;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Conditional requests: {@code If-Match: "<version>"}, {@code If-Match: *} and {@code If-None-Match: *}. */
final class Conditions {
    private static final Pattern ETAG = Pattern.compile("\"([0-9a-f]{16})\"");

    private Conditions() {}

    static Condition ofPut(@Nullable String match, @Nullable String noneMatch) throws ApiError {
        if (noneMatch == null) {
            return match(match);
        }
        if (match != null) {
            throw bad("If-Match and If-None-Match cannot both hold for one write");
        }
        if (!noneMatch.equals("*")) {
            throw bad("a write takes no other If-None-Match than *");
        }
        return new Condition.Absent();
    }

    static Condition ofDelete(@Nullable String match, @Nullable String noneMatch) throws ApiError {
        if (noneMatch != null) {
            throw bad("a delete takes no If-None-Match");
        }
        return match(match);
    }

    private static Condition match(@Nullable String match) throws ApiError {
        if (match == null) {
            return Condition.NONE;
        }
        if (match.equals("*")) {
            return new Condition.Exists();
        }
        Matcher etag = ETAG.matcher(match);
        if (!etag.matches()) {
            throw bad("If-Match must be * or one version in quotes, as an ETag of an earlier answer gives it");
        }
        return new Condition.Matches(Version.parse(etag.group(1)));
    }

    private static ApiError bad(String sentence) {
        return ApiError.badRequest(
                "bad-condition", Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1) + ".");
    }
}
