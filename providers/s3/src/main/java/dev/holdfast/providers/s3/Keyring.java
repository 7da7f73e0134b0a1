package dev.holdfast.providers.s3;

import dev.holdfast.engine.provider.Login;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * The credentials, and which of them is in use: the last one that was not refused. Thread-safe.
 */
final class Keyring {
    private static final Logger LOG = LoggerFactory.getLogger(Keyring.class);

    private final String provider;
    private final List<S3Credential> all;
    private volatile int inUse;

    Keyring(String provider, List<S3Credential> all) {
        this.provider = provider;
        this.all = all;
    }

    int size() {
        return all.size();
    }

    int inUse() {
        return inUse;
    }

    Login login() {
        int now = inUse;
        return new Login(all.get(now).accessKey(), now + 1, all.size());
    }

    /** Another one was accepted after this one had been refused. */
    void use(int index) {
        if (index != inUse) {
            LOG.warn(
                    "provider {}: the store refuses access key {} and accepts {}, which is used from now on",
                    provider,
                    all.get(inUse).accessKey(),
                    all.get(index).accessKey());
            inUse = index;
        }
    }

    AwsCredentialsProvider signing(int index) throws UnreadableSecret {
        S3Credential credential = all.get(index);
        String secret;
        try {
            secret = credential.secret().get();
        } catch (RuntimeException e) {
            // Not its message, which may hold what must not be shown.
            throw new UnreadableSecret("the secret of access key " + credential.accessKey() + " cannot be read ("
                    + e.getClass().getSimpleName() + ")");
        }
        if (secret.isBlank()) {
            throw new UnreadableSecret("the secret of access key " + credential.accessKey() + " is empty");
        }
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(credential.accessKey(), secret));
    }

    /** A credential that cannot even be presented. */
    static final class UnreadableSecret extends Exception {
        private static final long serialVersionUID = 1;

        UnreadableSecret(String what) {
            super(what, null, false, false);
        }
    }
}
