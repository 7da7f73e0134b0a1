package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What to answer to requests of one kind.
 *
 * @param id names it among the replies of a server, and its file
 * @param prefix what the targets of these requests begin with
 */
record Reply(String id, String method, String prefix, Answer answer) {
    private static final Path INDEX = Path.of("replies");

    static void write(Path folder, List<Reply> replies) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Reply reply : replies) {
            reply.answer.write(folder.resolve(reply.id + ".answer"));
            lines.add(reply.id + " " + reply.method + " " + reply.prefix);
        }
        Files.write(folder.resolve(INDEX), lines);
    }

    static List<Reply> read(Path folder) throws IOException {
        List<Reply> replies = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(INDEX))) {
            String[] words = line.split(" ", 3);
            replies.add(new Reply(words[0], words[1], words[2], Answer.read(folder.resolve(words[0] + ".answer"))));
        }
        return replies;
    }
}
