package dev.holdfast.server.token;

import dev.holdfast.engine.replication.catalogue.Catalogue.NotKept;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditEntry.Action;
import dev.holdfast.server.audit.AuditLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin token that who owns the data folder can always have: whatever well-formed secret is in {@code admin-token} opens
 * everything, and the one that was there before no longer does. So a lost or leaked admin token is replaced by writing the file
 * ({@link #reset}), with the server running or stopped; {@link #follow} notices.
 *
 * <p>Not thread-safe; {@link #reset} may be called by another process.
 */
public final class AdminTokenFile {
    public static final String NAME = "admin-token";

    private static final Logger LOG = LoggerFactory.getLogger(AdminTokenFile.class);
    private static final int MOST_BYTES = 1024;

    private final Path file;
    private final Tokens tokens;
    private final AuditLog audit;
    private @Nullable SecretHash settled;
    private String complaint = "";

    public AdminTokenFile(Path dataFolder, Tokens tokens, AuditLog audit) {
        this.file = dataFolder.resolve(NAME);
        this.tokens = tokens;
        this.audit = audit;
    }

    /**
     * Makes the first admin token, when nobody has one and the file is not there.
     *
     * @return the new token's secret, to be shown once; empty when none was needed
     */
    public Optional<String> begin() throws IOException {
        if (Files.exists(file)) {
            if (!PrivateFile.is(file)) {
                LOG.warn(
                        "{} can be read by others than its owner; make it private (chmod 600) and reset the token",
                        file);
            }
            follow();
            return Optional.empty();
        }
        if (tokens.administered()) {
            return Optional.empty();
        }
        String secret = write(file);
        follow();
        return Optional.of(secret);
    }

    /** Takes note of a changed file. Cheap when nothing has changed. */
    public void follow() {
        try {
            String secret = read();
            if (secret == null) {
                return;
            }
            SecretHash hash = SecretHash.of(secret);
            if (hash.equals(settled)) {
                return;
            }
            switch (tokens.adopt(secret)) {
                case NOW -> {
                    LOG.info("The token in {} is the admin token now", file);
                    audit.write(
                            new AuditEntry("", "", Action.TOKEN_RESET, hash.id() + " from " + NAME, AuditEntry.DONE));
                }
                case BEFORE -> LOG.debug("The token in {} is known", file);
                case REVOKED ->
                    LOG.warn("The token in {} has been revoked; \"holdfast token reset-admin\" makes one", file);
            }
            settled = hash;
            complaint = "";
        } catch (IOException e) {
            complain("cannot be read: " + e);
        } catch (NotKept e) {
            complain("cannot be registered yet: " + e.getMessage());
        }
    }

    /** Once, since the next look at the file is never far. */
    private void complain(String what) {
        if (!what.equals(complaint)) {
            complaint = what;
            LOG.warn("The admin token in {} {}", file, what);
        }
    }

    /**
     * Replaces the admin token of a data folder. A running server follows within a second or so, a stopped one at its next start.
     *
     * @return the new token's secret
     */
    public static String reset(Path dataFolder) throws IOException {
        if (!Files.isDirectory(dataFolder)) {
            throw new NoSuchFileException(dataFolder.toString(), null, "there is no such data folder");
        }
        return write(dataFolder.resolve(NAME));
    }

    private @Nullable String read() throws IOException {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException("too long for a token");
            }
            String secret = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
            if (!Secrets.wellFormed(secret)) {
                throw new IOException("it does not hold a token");
            }
            return secret;
        } catch (NoSuchFileException e) {
            return null;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String write(Path file) throws IOException {
        String secret = Secrets.make();
        PrivateFile.write(file, (secret + "\n").getBytes(StandardCharsets.ISO_8859_1));
        return secret;
    }
}
