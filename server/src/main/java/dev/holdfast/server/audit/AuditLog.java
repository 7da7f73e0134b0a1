package dev.holdfast.server.audit;

import dev.holdfast.engine.time.Time;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who did what, one JSON object a line, synced to disk before the operation is answered. When a file has reached its size, it
 * becomes {@code audit.log.1}, the one before {@code audit.log.2}, and so on; the oldest is deleted.
 *
 * <p>An entry that the disk does not take goes to the server's log instead, and the operation goes on: the audit log must not
 * become one more thing whose failure stops the store. Such entries are counted.
 *
 * <p>Thread-safe.
 */
public final class AuditLog implements Closeable {
    public static final String NAME = "audit.log";

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;
    private final long mostBytes;
    private final int mostFiles;
    private final Time time;
    private final List<Consumer<AuditEntry>> readers = new CopyOnWriteArrayList<>();
    private @Nullable FileChannel out;
    private long unwritten;

    /**
     * @param mostBytes size at which a new file is begun
     * @param mostFiles earlier files kept
     */
    public AuditLog(Path folder, long mostBytes, int mostFiles, Time time) {
        this.file = folder.resolve(NAME);
        this.mostBytes = mostBytes;
        this.mostFiles = mostFiles;
        this.time = time;
    }

    /** @param reader is told each entry after it is written; must not wait */
    public void tell(Consumer<AuditEntry> reader) {
        readers.add(reader);
    }

    /** Notes one operation. */
    public void write(AuditEntry entry) {
        writeDown(entry);
        readers.forEach(reader -> reader.accept(entry));
    }

    private synchronized void writeDown(AuditEntry entry) {
        ObjectNode line = JSON.createObjectNode()
                .put("time", Instant.ofEpochMilli(time.wallMillis()).toString())
                .put("request", entry.request())
                .put("token", entry.token())
                .put("action", entry.action().label())
                .put("target", entry.target())
                .put("outcome", entry.outcome());
        byte[] bytes = (JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            append(bytes);
        } catch (IOException e) {
            unwritten++;
            LOG.error("The audit log cannot be written ({}); this entry is only here: {}", e.toString(), line);
            closeQuietly();
        }
    }

    /** Entries since start that are not in the file. */
    public synchronized long unwritten() {
        return unwritten;
    }

    private void append(byte[] bytes) throws IOException {
        FileChannel channel = out == null ? open() : out;
        out = channel;
        if (channel.size() > 0 && channel.size() + bytes.length > mostBytes) {
            channel.close();
            rotate();
            channel = open();
            out = channel;
        }
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left);
        }
        channel.force(false);
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private void rotate() throws IOException {
        for (int i = mostFiles; i >= 1; i--) {
            Path from = i == 1 ? file : numbered(i - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private Path numbered(int number) {
        return file.resolveSibling(NAME + "." + number);
    }

    private void closeQuietly() {
        FileChannel channel = out;
        out = null;
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("Closing the audit log failed", e);
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        FileChannel channel = out;
        out = null;
        if (channel != null) {
            channel.close();
        }
    }
}
