package dev.holdfast.providers.s3;

import java.util.function.Supplier;

/**
 * An access key of the store.
 *
 * @param accessKey its public half, which is shown and logged
 * @param secret asked for with each request, so that a secret that is renewed needs no restart; any number of threads. Quick, and
 *     never shown anywhere
 */
public record S3Credential(String accessKey, Supplier<String> secret) {
    public S3Credential {
        if (accessKey.isBlank()) {
            throw new IllegalArgumentException("an access key is not empty");
        }
    }

    @Override
    public String toString() {
        return accessKey;
    }
}
