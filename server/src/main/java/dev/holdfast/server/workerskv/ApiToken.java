package dev.holdfast.server.workerskv;

import dev.holdfast.server.workerskv.WorkersKvFault.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a token comes from. It is read for each request, so that one which is replaced in its file counts at once. */
@FunctionalInterface
public interface ApiToken {

    /** @throws WorkersKvFault when there is none */
    String read() throws WorkersKvFault;

    static ApiToken of(String secret) {
        return () -> checked(secret, "the API token");
    }

    static ApiToken file(Path file) {
        return () -> {
            try {
                return checked(Files.readString(file), "what is in " + file);
            } catch (IOException unreadable) {
                throw new WorkersKvFault(Kind.DENIED, "the API token in " + file + " cannot be read", 0, unreadable);
            }
        };
    }

    private static String checked(String text, String what) throws WorkersKvFault {
        String secret = text.strip();
        if (secret.isEmpty() || !secret.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
            throw new WorkersKvFault(Kind.DENIED, what + " is no bearer token");
        }
        return secret;
    }
}
