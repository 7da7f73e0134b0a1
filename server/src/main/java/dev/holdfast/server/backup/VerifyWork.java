package dev.holdfast.server.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads every file of backups and archive, and compares every checksum. Used by one thread, the result aside. */
final class VerifyWork implements Job.Work {
    private static final int MOST_PROBLEMS = 100;
    private static final byte[] END = Lines.begin("end");

    private final Fulls fulls;
    private final Coverage coverage;
    private final List<String> problems = new ArrayList<>();
    private int files;
    private long keys;
    private long changes;

    VerifyWork(Fulls fulls, Coverage coverage) {
        this.fulls = fulls;
        this.coverage = coverage;
    }

    @Override
    public void run(Progress progress) throws IOException, InterruptedException {
        List<String> unreadable = new ArrayList<>();
        List<Manifest> all = fulls.all(unreadable);
        unreadable.forEach(this::problem);
        progress.begin("full backups", all.stream().mapToLong(Manifest::size).sum());
        for (Manifest full : all) {
            for (Manifest.Part part : full.parts()) {
                if (part.there()) {
                    verify(full, part);
                    progress.add(part.size());
                }
            }
        }
        progress.begin("the archive", -1);
        coverage.forget();
        for (Map.Entry<String, List<Summary>> node : coverage.summaries().entrySet()) {
            archive(node.getValue());
        }
    }

    private void verify(Manifest full, Manifest.Part part) throws InterruptedException {
        Path file = fulls.at(full).resolve(part.file());
        try {
            if (!MessageDigest.isEqual(sum(file), part.sha256())) {
                problem(file + ": its checksum is not the one in the manifest");
                return;
            }
            lines(file, part).ifPresent(why -> problem(file + ": " + why));
        } catch (NoSuchFileException gone) {
            problem(file + ": it is gone");
        } catch (IOException unreadable) {
            problem(file + ": it cannot be read: " + unreadable.getMessage());
        } finally {
            read(part.keys(), 0);
        }
    }

    private static byte[] sum(Path file) throws IOException, InterruptedException {
        MessageDigest sum = LineFile.sha256();
        byte[] piece = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                sum.update(piece, 0, count);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        }
        return sum.digest();
    }

    /** What is wrong with an export, by its own last line. */
    private static Optional<String> lines(Path file, Manifest.Part part) throws IOException {
        MessageDigest sum = LineFile.sha256();
        try (Lines lines = new Lines(file)) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                if (Lines.begins(line, 0, END)) {
                    JsonNode end = Line.parse(line, 0, line.length).path("end");
                    boolean equal = end.path("keys").asLong(-1) == part.keys()
                            && end.path("sha256")
                                    .asString("")
                                    .equals(HexFormat.of().formatHex(sum.digest()));
                    return equal ? Optional.empty() : Optional.of("its last line does not agree with the others");
                }
                sum.update(line);
                sum.update((byte) '\n');
            }
            lines.requireWhole();
        }
        return Optional.of("it has no last line");
    }

    /** The last file of a node is being written, or was when the node ended. */
    private void archive(List<Summary> node) {
        for (int i = 0; i < node.size(); i++) {
            Summary file = node.get(i);
            read(0, file.changes());
            boolean last = i == node.size() - 1;
            if (file.problem().isPresent() && !(last && !file.ended())) {
                problem(file.file() + ": " + file.problem().get());
            } else if (!file.ended() && !last) {
                problem(file.file() + ": it has no last line");
            }
        }
    }

    private synchronized void problem(String sentence) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(sentence);
        }
    }

    private synchronized void read(long moreKeys, long moreChanges) {
        files++;
        keys += moreKeys;
        changes += moreChanges;
    }

    @Override
    public synchronized void result(ObjectNode into) {
        into.put("files", files).put("keys", keys).put("changes", changes);
        ArrayNode list = into.putArray("problems");
        problems.forEach(list::add);
    }
}
