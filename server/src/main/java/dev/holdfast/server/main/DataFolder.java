package dev.holdfast.server.main;

import dev.holdfast.engine.replication.Nodes;
import dev.holdfast.server.token.PrivateFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The folder where a node keeps what is its own. One server at a time has it, which a lock on {@code lock} makes sure of: the
 * system gives it back when the process ends, however it ends.
 *
 * <pre>
 *   lock         held while a server runs; the number of its process
 *   local/       hints, feed, catalogue, clock
 *   a/, b/       the providers' records, unless configured elsewhere
 *   admin-token  the first admin token (0600)
 *   node-name    what the node is called, whatever becomes of local/
 *   node-starts  how often the node has been started, to tell an older local/ that comes back
 *   cluster-key  seals the catalogue against the providers (0600)
 *   account-id   the account of namespaces made without naming one
 *   audit.log    who did what (0600)
 * </pre>
 */
final class DataFolder implements AutoCloseable {
    private static final Set<PosixFilePermission> PRIVATE_FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final int CLUSTER_KEY_BYTES = 32;
    private static final String STARTS = "node-starts";
    private static final Pattern ACCOUNT = Pattern.compile("[0-9a-f]{32}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path path;
    private final FileChannel lock;

    private DataFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    static DataFolder open(Path path) throws StartFailed {
        try {
            if (!Files.isDirectory(path)) {
                Path parent = path.toAbsolutePath().getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PRIVATE_FOLDER));
            }
            FileChannel channel = FileChannel.open(
                    path.resolve("lock"),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PrivateFile.OWNER_ONLY));
            return lock(path, channel);
        } catch (IOException e) {
            throw new StartFailed("The data folder " + path + " cannot be used: " + e + ".", e);
        }
    }

    private static DataFolder lock(Path path, FileChannel channel) throws StartFailed, IOException {
        if (tryLock(channel) == null) {
            String owner =
                    StandardCharsets.US_ASCII.decode(head(channel)).toString().strip();
            channel.close();
            throw new StartFailed("The data folder " + path + " is in use by another server"
                    + (owner.isEmpty() ? "" : " (process " + owner + ")") + "; stop it, or name another with --data.");
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
        return new DataFolder(path, channel);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static ByteBuffer head(FileChannel channel) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(20);
        channel.read(head, 0);
        return head.flip();
    }

    Path path() {
        return path;
    }

    Path local() {
        return path.resolve("local");
    }

    Path cache() {
        return path.resolve("cache");
    }

    /** The account of namespaces that are made without naming one: 32 hexadecimal digits. */
    String account() throws StartFailed {
        byte[] fresh = new byte[16];
        RANDOM.nextBytes(fresh);
        String account = new String(
                        keep(
                                "account-id",
                                (HexFormat.of().formatHex(fresh) + "\n").getBytes(StandardCharsets.US_ASCII)),
                        StandardCharsets.US_ASCII)
                .strip();
        if (!ACCOUNT.matcher(account).matches()) {
            throw new StartFailed("The file " + path.resolve("account-id")
                    + " must hold 32 lower-case hexadecimal digits; mend it, or delete it to have a new one made.");
        }
        return account;
    }

    /**
     * The name of this node. It is kept beside the node's own state and not in it, so that a node that loses that state is still
     * the one for which the others wait.
     *
     * @param known what the node's own state says it is; empty when that is new
     */
    String nodeName(Optional<String> known) throws StartFailed {
        byte[] fresh = new byte[8];
        RANDOM.nextBytes(fresh);
        String made = known.orElse(HexFormat.of().formatHex(fresh)) + "\n";
        String name = new String(keep("node-name", made.getBytes(StandardCharsets.US_ASCII)), StandardCharsets.US_ASCII)
                .strip();
        if (!Nodes.isName(name)) {
            throw new StartFailed("The file " + path.resolve("node-name")
                    + " must hold 1 to 64 letters, digits, '-', '_' or '.'; mend it.");
        }
        return name;
    }

    /** How often the node had been started with its local store, as far as is known; 0 for never. */
    long starts() throws StartFailed {
        Path file = path.resolve(STARTS);
        try {
            return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
        } catch (IOException | NumberFormatException e) {
            throw new StartFailed(
                    "The file " + file + " must hold a number; delete it if local/ is the newest there is.", e);
        }
    }

    void started(long starts) throws StartFailed {
        try {
            PrivateFile.write(path.resolve(STARTS), (starts + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new StartFailed("The file " + path.resolve(STARTS) + " cannot be written: " + e + ".", e);
        }
    }

    /** The key under which the catalogue is sealed. Lost, the tokens and namespaces at the providers cannot be trusted. */
    byte[] clusterKey() throws StartFailed {
        byte[] fresh = new byte[CLUSTER_KEY_BYTES];
        RANDOM.nextBytes(fresh);
        String hex = new String(
                        keep(
                                "cluster-key",
                                (HexFormat.of().formatHex(fresh) + "\n").getBytes(StandardCharsets.US_ASCII)),
                        StandardCharsets.US_ASCII)
                .strip();
        try {
            byte[] key = HexFormat.of().parseHex(hex);
            if (key.length == CLUSTER_KEY_BYTES) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            throw badKey(e);
        }
        throw badKey(null);
    }

    private StartFailed badKey(@Nullable Throwable cause) {
        String sentence = "The file " + path.resolve("cluster-key")
                + " must hold 64 hexadecimal digits; restore it from a backup of the data folder.";
        return cause == null ? new StartFailed(sentence) : new StartFailed(sentence, cause);
    }

    /** The same of an edge, in a file that was copied from an origin. */
    byte[] keyOf(Path file) throws StartFailed {
        try {
            byte[] key = HexFormat.of().parseHex(Files.readString(file).strip());
            if (key.length == CLUSTER_KEY_BYTES) {
                return key;
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new StartFailed(noKey(file), e);
        }
        throw new StartFailed(noKey(file));
    }

    private static String noKey(Path file) {
        return "An edge needs a copy of the file cluster-key in an origin's data folder at " + file
                + " (origins.cluster-key).";
    }

    boolean hasAccount() {
        return Files.exists(path.resolve("account-id"));
    }

    /** @param heard what an origin has said; empty when none has been heard since the start */
    String accountOfOrigin(String heard) throws StartFailed {
        Path file = path.resolve("account-id");
        try {
            if (!heard.isEmpty()) {
                PrivateFile.write(file, (heard + "\n").getBytes(StandardCharsets.US_ASCII));
                return heard;
            }
            if (Files.exists(file)) {
                return Files.readString(file).strip();
            }
        } catch (IOException e) {
            throw new StartFailed("The file " + file + " cannot be used: " + e + ".", e);
        }
        throw new StartFailed(
                "No origin lets this edge in, and it has never heard one. Start it while an origin serves;"
                        + " the log says what went wrong.");
    }

    /** What the file holds; {@code fresh}, written whole and private, when there is none. */
    private byte[] keep(String name, byte[] fresh) throws StartFailed {
        Path file = path.resolve(name);
        try {
            if (Files.exists(file)) {
                return Files.readAllBytes(file);
            }
            PrivateFile.write(file, fresh);
            return fresh;
        } catch (IOException e) {
            throw new StartFailed("The file " + file + " cannot be used: " + e + ".", e);
        }
    }

    /** Gives the folder back. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
