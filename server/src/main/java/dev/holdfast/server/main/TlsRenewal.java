package dev.holdfast.server.main;

import dev.holdfast.engine.time.Time;
import dev.holdfast.server.admin.Certificate;
import dev.holdfast.server.config.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the ports presenting what the certificate's files hold. The files are looked at every few seconds and read once they have
 * changed and then stayed as they are from one look to the next, since whoever renews a certificate replaces two files one
 * after the other. What cannot be used is refused, and the earlier certificate stays. Thread-safe.
 */
final class TlsRenewal implements Certificate {
    private static final Logger LOG = LoggerFactory.getLogger(TlsRenewal.class);
    private static final long LOOK_NANOS = 2_000_000_000;

    private final Path certificateFile;
    private final Path keyFile;
    private final Time time;
    private final List<Consumer<SSLContext>> ports = new CopyOnWriteArrayList<>();
    private Stamp seen;
    private Stamp read;
    private PemFiles.Loaded presented;
    private volatile State state;

    /** What a file system says of the two files; empty for one that is not there. */
    private record Stamp(Optional<Part> certificate, Optional<Part> key) {
        /** @param file the file's number, which is another one when it was replaced */
        record Part(FileTime changed, long size, @Nullable Object file) {
            static Optional<Part> of(Path path) {
                try {
                    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
                    return Optional.of(
                            new Part(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey()));
                } catch (IOException gone) {
                    return Optional.empty();
                }
            }
        }
    }

    private TlsRenewal(Path certificateFile, Path keyFile, Time time) throws StartFailed {
        this.certificateFile = certificateFile;
        this.keyFile = keyFile;
        this.time = time;
        this.seen = new Stamp(Stamp.Part.of(certificateFile), Stamp.Part.of(keyFile));
        this.read = seen;
        this.presented = PemFiles.load(certificateFile, keyFile);
        this.state = loaded(0, 0);
        if (!valid(presented)) {
            // Not refused: a restart must not turn an expired certificate into a store that does not start.
            LOG.warn("{} Clients will not trust it.", invalidity(presented));
        }
    }

    /** Empty when no files are configured. */
    static Optional<TlsRenewal> of(TlsFiles files, Time time) throws StartFailed {
        return files.certificate().isEmpty() || files.key().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new TlsRenewal(files.certificate().get(), files.key().get(), time));
    }

    synchronized SSLContext context() {
        return presented.context();
    }

    /** @param port takes the context that is presented now, and each that replaces it */
    synchronized void presentTo(Consumer<SSLContext> port) {
        ports.add(port);
        port.accept(presented.context());
    }

    /** Looks at the files until the thread is interrupted. */
    void follow() {
        try {
            while (true) {
                time.sleep(LOOK_NANOS);
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized void look() {
        Stamp now = stamp();
        boolean settled = now.equals(seen);
        seen = now;
        if (settled && !now.equals(read)) {
            reload();
        }
    }

    private Stamp stamp() {
        return new Stamp(Stamp.Part.of(certificateFile), Stamp.Part.of(keyFile));
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public synchronized State reload() {
        // Before the files are read: what changes while they are is a change still to be seen.
        read = stamp();
        try {
            PemFiles.Loaded loaded = PemFiles.load(certificateFile, keyFile);
            if (!valid(loaded) && valid(presented)) {
                throw new StartFailed(invalidity(loaded));
            }
            ports.forEach(port -> port.accept(loaded.context()));
            presented = loaded;
            state = loaded(state.replaced() + 1, state.refused());
            LOG.info("New connections get the certificate of {} that is valid to {}", loaded.subject(), loaded.until());
        } catch (StartFailed | RuntimeException e) {
            String problem = String.valueOf(e.getMessage());
            state = new State(
                    state.subject(),
                    state.expiresAt(),
                    state.loadedAt(),
                    state.replaced(),
                    state.refused() + 1,
                    problem);
            LOG.error("The certificate was not replaced, and the earlier one stays: {}", problem);
        }
        return state;
    }

    private boolean valid(PemFiles.Loaded loaded) {
        Instant now = Instant.ofEpochMilli(time.wallMillis());
        return !now.isBefore(loaded.from()) && !now.isAfter(loaded.until());
    }

    private String invalidity(PemFiles.Loaded loaded) {
        return "tls.certificate " + certificateFile + " is valid from " + loaded.from() + " to " + loaded.until()
                + ", not now.";
    }

    /** What is presented from now on. */
    private State loaded(long replaced, long refused) {
        return new State(
                presented.subject(), presented.until().toEpochMilli(), time.wallMillis(), replaced, refused, null);
    }
}
