package dev.holdfast.client;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a key held at one version. Immutable. */
public final class Value {
    private final Version version;
    private final byte[] bytes;
    private final String metadata;
    private final @Nullable Instant expiration;

    Value(Version version, byte[] bytes, String metadata, @Nullable Instant expiration) {
        this.version = version;
        this.bytes = bytes;
        this.metadata = metadata;
        this.expiration = expiration;
    }

    public Version version() {
        return version;
    }

    /** A copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** As UTF-8. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Without a copy. */
    public InputStream input() {
        return new ByteArrayInputStream(bytes);
    }

    public int size() {
        return bytes.length;
    }

    /** JSON. */
    public Optional<String> metadata() {
        return metadata.isEmpty() ? Optional.empty() : Optional.of(metadata);
    }

    public Optional<Instant> expiration() {
        return Optional.ofNullable(expiration);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes at version " + version;
    }
}
