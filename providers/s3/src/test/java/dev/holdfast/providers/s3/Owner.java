package dev.holdfast.providers.s3;

import java.net.URI;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What somebody else with the owner's rights can do to a bucket. */
public final class Owner implements AutoCloseable {
    private final S3Client client;

    public Owner(URI endpoint) {
        this(endpoint, Server.ACCESS_KEY);
    }

    Owner(URI endpoint, String accessKey) {
        client = S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(
                        S3Configuration.builder().chunkedEncodingEnabled(false).build())
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, Server.SECRET)))
                .build();
    }

    public void makeBucket(String bucket) {
        client.createBucket(request -> request.bucket(bucket));
    }

    List<S3Object> objects(String bucket, String prefix) {
        return client.listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix)).contents().stream()
                .toList();
    }

    /** Deletes all that is in it. */
    public void empty(String bucket) {
        for (S3Object object : objects(bucket, "")) {
            delete(bucket, object.key());
        }
    }

    void deleteBucket(String bucket) {
        empty(bucket);
        client.deleteBucket(request -> request.bucket(bucket));
    }

    void delete(String bucket, String object) {
        client.deleteObject(request -> request.bucket(bucket).key(object));
    }

    byte[] get(String bucket, String object) {
        return client.getObjectAsBytes(request -> request.bucket(bucket).key(object))
                .asByteArray();
    }

    void overwrite(String bucket, String object, byte[] body) {
        client.putObject(request -> request.bucket(bucket).key(object), RequestBody.fromBytes(body));
    }

    /** Alters the last byte of every object under the prefix that is what its label says. */
    void damage(String bucket, String prefix) {
        for (S3Object object : objects(bucket, prefix)) {
            Bucket.Listed listed =
                    new Bucket.Listed(object.key(), object.size(), object.eTag().replace("\"", ""));
            if (Entry.of(listed).attested()) {
                byte[] body = get(bucket, object.key());
                body[body.length - 1] ^= 1;
                overwrite(bucket, object.key(), body);
            }
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
