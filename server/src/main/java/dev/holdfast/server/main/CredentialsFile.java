package dev.holdfast.server.main;

import dev.holdfast.engine.time.Time;
import dev.holdfast.server.token.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names and secrets with which one provider is used: a line for each, the name first, then a space and the secret, which a name alone
 * does without. It is looked at again once a second, so that a secret can be renewed while the node runs. Thread-safe.
 */
final class CredentialsFile {
    private static final Logger LOG = LoggerFactory.getLogger(CredentialsFile.class);
    private static final int MOST_BYTES = 64 << 10;
    private static final int MOST_LINES = 2;
    private static final long LOOK_NANOS = 1_000_000_000L;

    private final Path file;
    private final Time time;
    private volatile List<Credential> known;
    private volatile long lookedAt;

    /** A name with its secret, which shows nowhere. */
    private record Credential(String name, String secret) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** @throws StartFailed when there is none, or others can read it */
    CredentialsFile(String provider, Path file, Time time) throws StartFailed {
        this.file = file;
        this.time = time;
        try {
            PrivateFile.require(file);
            this.known = read();
        } catch (IOException e) {
            throw new StartFailed(
                    "The credentials of provider " + provider + " in " + file + " cannot be used: " + e.getMessage()
                            + ".",
                    e);
        }
        this.lookedAt = time.nanos();
    }

    /** The names, in the order in which they are tried. */
    List<String> names() {
        return known.stream().map(Credential::name).toList();
    }

    boolean hasSecret(int which) {
        return !known.get(which).secret().isEmpty();
    }

    /** The secret of one of the names as it is now. */
    Supplier<String> secret(int which) {
        return () -> now().get(which).secret();
    }

    private List<Credential> now() {
        long now = time.nanos();
        if (now - lookedAt >= LOOK_NANOS) {
            lookedAt = now;
            try {
                List<Credential> anew = read();
                if (anew.stream().map(Credential::name).toList().equals(names())) {
                    known = anew;
                } else {
                    LOG.warn("{} has other names than when the node was started; a restart takes note of them", file);
                }
            } catch (IOException e) {
                LOG.warn("{} cannot be read, and the secrets known stay in use: {}", file, e.getMessage());
            }
        }
        return known;
    }

    private List<Credential> read() throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("it is too long");
        }
        List<Credential> found = new ArrayList<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            if (!line.isBlank()) {
                String[] parts = line.strip().split("\\s+", 2);
                found.add(new Credential(parts[0], parts.length == 1 ? "" : parts[1]));
            }
        }
        if (found.isEmpty() || found.size() > MOST_LINES) {
            throw new IOException("it has one or two lines, a name and a secret each, not " + found.size());
        }
        return List.copyOf(found);
    }
}
