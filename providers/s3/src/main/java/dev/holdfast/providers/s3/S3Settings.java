package dev.holdfast.providers.s3;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the store is and how it is spoken to.
 *
 * @param endpoint {@code http://…} or {@code https://…}; null for Amazon's own in the region
 * @param region as the store calls it; what signatures name, so also for stores that know no regions
 * @param bucket it must exist: Holdfast makes none
 * @param prefix what all names of objects begin with, without a slash at its ends; empty for none. At most
 *     {@value #PREFIX_BYTES} of a-z, A-Z, 0-9 and {@code - _ . /}
 * @param pathStyle whether the bucket is named in the path ({@code endpoint/bucket}) rather than in the host
 * @param credentials in the order in which they are tried, 1 or more; all of them are to be good for the same
 * @param callTimeout the longest that one request may take; a call of the provider makes several, one after the other
 * @param connectTimeout the longest that a connection may take to be made
 * @param connections at most so many at a time
 * @param grace how long what has been superseded stays: longer than a listing takes, so that none misses both the old and the new
 */
public record S3Settings(
        @Nullable URI endpoint,
        String region,
        String bucket,
        String prefix,
        boolean pathStyle,
        List<S3Credential> credentials,
        Duration callTimeout,
        Duration connectTimeout,
        int connections,
        Duration grace) {

    /** What is left of the 1,024 bytes of a name when a key of 512 bytes is in it. */
    public static final int PREFIX_BYTES = 48;

    public static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    public static final int CONNECTIONS = 64;
    public static final Duration GRACE = Duration.ofSeconds(5);

    /** @throws IllegalArgumentException with a sentence for people */
    public S3Settings {
        credentials = List.copyOf(credentials);
        if (bucket.isBlank() || region.isBlank()) {
            throw new IllegalArgumentException("an S3 store needs a bucket and a region");
        }
        if (credentials.isEmpty()) {
            throw new IllegalArgumentException("an S3 store needs an access key");
        }
        if (prefix.length() > PREFIX_BYTES || !prefix.matches("([\\w-][\\w.-]*(/[\\w-][\\w.-]*)*)?")) {
            throw new IllegalArgumentException("a prefix is at most " + PREFIX_BYTES
                    + " of a-z, A-Z, 0-9, - _ . and /, with no slash or dot at the beginning of a part, not \"" + prefix
                    + "\"");
        }
        if (!callTimeout.isPositive() || !connectTimeout.isPositive() || grace.isNegative() || connections < 1) {
            throw new IllegalArgumentException("timeouts of an S3 store are above 0, its grace is 0 or more, and it has"
                    + " 1 connection or more");
        }
    }

    /** With defaults for times and sizes, and the bucket in the path where an endpoint is given. */
    public static S3Settings of(
            @Nullable URI endpoint, String region, String bucket, String prefix, List<S3Credential> credentials) {
        return new S3Settings(
                endpoint,
                region,
                bucket,
                prefix,
                endpoint != null,
                credentials,
                CALL_TIMEOUT,
                CONNECT_TIMEOUT,
                CONNECTIONS,
                GRACE);
    }

    /** The bucket and where it is, for people. */
    String place() {
        return "bucket " + bucket + " at " + (endpoint == null ? "Amazon S3, " + region : endpoint);
    }
}
