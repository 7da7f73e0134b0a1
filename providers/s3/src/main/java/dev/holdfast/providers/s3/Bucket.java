package dev.holdfast.providers.s3;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.ProviderFault;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The four requests that the provider makes: list, get, put if absent, delete. Each is tried with the other credentials when one is
 * refused, and again when the store had closed the kept connection that it went out on; otherwise it is never repeated.
 * Thread-safe.
 */
final class Bucket implements AutoCloseable {
    /** What a store that is asked for two conflicting things at once may answer, meaning that it did neither. */
    private static final int CONFLICT = 409;

    private static final int PRECONDITION_FAILED = 412;
    private static final int CONFLICTS = 5;
    /** How many kept connections may turn out to be closed before a request counts as failed. */
    private static final int CLOSED_CONNECTIONS = 3;

    /** An object as a listing shows it. */
    record Listed(String name, long size, String entityTag) {}

    /** @param more whether there are names after the last one */
    record Listing(List<Listed> objects, boolean more) {}

    private final String name;
    private final String place;
    private final Keyring keys;
    private final S3Client client;
    private volatile boolean closed;

    Bucket(S3Settings settings, Keyring keys) {
        this.name = settings.bucket();
        this.place = settings.place();
        this.keys = keys;
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(settings.region()))
                // Never the machine's own credentials: each request carries one of ours.
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .forcePathStyle(settings.pathStyle())
                // Ceph and other stores know neither the checksums nor the chunks that Amazon's newer clients send
                // unasked.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(S3Configuration.builder()
                        .chunkedEncodingEnabled(false)
                        .expectContinueEnabled(false)
                        .build())
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(settings.connections())
                        .connectionTimeout(settings.connectTimeout())
                        .connectionAcquisitionTimeout(settings.callTimeout())
                        .socketTimeout(settings.callTimeout()))
                .overrideConfiguration(config ->
                        config.apiCallTimeout(settings.callTimeout()).retryStrategy(AwsRetryStrategy.doNotRetry()));
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint());
        }
        this.client = builder.build();
    }

    /** Which bucket, for people. */
    String place() {
        return place;
    }

    /**
     * The objects whose names begin with {@code prefix}, in the order of their names.
     *
     * @param after only names after this one
     * @param limit 1 to 1000
     */
    Listing list(String prefix, @Nullable String after, int limit) throws ProviderFault {
        ListObjectsV2Response answer = call(
                "listing",
                signer -> client.listObjectsV2(request -> request.bucket(name)
                        .prefix(prefix)
                        .startAfter(after)
                        .maxKeys(limit)
                        .overrideConfiguration(signer)));
        return new Listing(
                answer.contents().stream()
                        .map(o -> new Listed(
                                o.key(),
                                o.size(),
                                o.eTag() == null ? "" : o.eTag().replace("\"", "")))
                        .toList(),
                Boolean.TRUE.equals(answer.isTruncated()));
    }

    /** @return the whole object; empty when there is none of this name */
    Optional<byte[]> get(String object) throws ProviderFault {
        return get(object, null);
    }

    /** @return the first {@code bytes} of the object, or all when it is shorter; empty when there is none of this name */
    Optional<byte[]> beginning(String object, int bytes) throws ProviderFault {
        return get(object, "bytes=0-" + (bytes - 1));
    }

    private Optional<byte[]> get(String object, @Nullable String range) throws ProviderFault {
        return call("reading from", signer -> {
            try {
                return Optional.of(client.getObjectAsBytes(GetObjectRequest.builder()
                                .bucket(name)
                                .key(object)
                                .range(range)
                                .overrideConfiguration(signer)
                                .build())
                        .asByteArrayUnsafe());
            } catch (S3Exception e) {
                if (e.statusCode() == 404 && !Faults.code(e).equals("NoSuchBucket")) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    /**
     * Makes an object, durably, unless there is one of this name.
     *
     * @return whether it was made; false also when it was, but only the second time that the request went out
     */
    boolean make(String object, byte[] body) throws ProviderFault {
        return make(object, body, Label.md5(body));
    }

    /** The same with the MD5 of the body at hand, which the store checks the body by. */
    boolean make(String object, byte[] body, byte[] md5) throws ProviderFault {
        String digest = Base64.getEncoder().encodeToString(md5);
        return call("writing to", signer -> {
            for (int conflicts = 0; ; conflicts++) {
                try {
                    client.putObject(
                            request -> request.bucket(name)
                                    .key(object)
                                    .ifNoneMatch("*")
                                    .contentMD5(digest)
                                    .overrideConfiguration(signer),
                            RequestBody.fromBytes(body));
                    return true;
                } catch (S3Exception e) {
                    if (e.statusCode() == PRECONDITION_FAILED) {
                        return false;
                    }
                    if (e.statusCode() != CONFLICT || conflicts == CONFLICTS) {
                        throw e;
                    }
                }
            }
        });
    }

    /** Deletes an object, if there is one of this name. */
    void delete(String object) throws ProviderFault {
        call(
                "deleting from",
                signer -> client.deleteObject(
                        request -> request.bucket(name).key(object).overrideConfiguration(signer)));
    }

    private <T> T call(String doing, Function<AwsRequestOverrideConfiguration, T> request) throws ProviderFault {
        int first = keys.inUse();
        for (int tried = 0; ; tried++) {
            boolean last = tried + 1 == keys.size();
            int key = (first + tried) % keys.size();
            try {
                if (closed) {
                    throw new ProviderFault(FaultKind.UNAVAILABLE, "the provider is closed");
                }
                T answer = onOpenConnection(signedWith(keys.signing(key)), request);
                keys.use(key);
                return answer;
            } catch (Keyring.UnreadableSecret e) {
                if (last) {
                    throw new ProviderFault(FaultKind.UNAUTHORIZED, doing + " " + place + " failed: " + e.getMessage());
                }
            } catch (RuntimeException e) {
                if (last || !(e instanceof S3Exception answer && Faults.refused(answer))) {
                    throw Faults.of(doing + " " + place, e);
                }
            }
        }
    }

    /** A request that the store had no chance to answer, its end of the connection being closed, is made anew. All are idempotent. */
    private static <T> T onOpenConnection(
            AwsRequestOverrideConfiguration signer, Function<AwsRequestOverrideConfiguration, T> request) {
        for (int closed = 0; ; closed++) {
            try {
                return request.apply(signer);
            } catch (SdkClientException e) {
                if (closed == CLOSED_CONNECTIONS || !Faults.connectionWasClosed(e)) {
                    throw e;
                }
            }
        }
    }

    private static AwsRequestOverrideConfiguration signedWith(AwsCredentialsProvider credentials) {
        return AwsRequestOverrideConfiguration.builder()
                .credentialsProvider(credentials)
                .build();
    }

    @Override
    public void close() {
        closed = true;
        client.close();
    }
}
