package dev.holdfast.cli;

import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a command runs: data goes to {@code out}, everything said to a person to {@code err}.
 *
 * @param environment the process's variables
 * @param watched whether a person sees {@code err} as it is written: then progress is shown
 * @param asked whether a person can answer a question
 */
public record Shell(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        boolean watched,
        boolean asked) {

    /** The shell that this process was started from. */
    @SuppressWarnings("SystemConsoleNull") // JDK 25 went back to null where there is no terminal
    static Shell ofProcess() {
        Console console = System.console();
        boolean both = console != null && console.isTerminal();
        return new Shell(
                System.in,
                new PrintStream(
                        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
                        false,
                        StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                System.getenv(),
                both || terminalBehind("/proc/self/fd/2"),
                both);
    }

    /** The JDK tells only whether both input and output are a terminal; {@code holdfast … > file} has one on stderr. */
    private static boolean terminalBehind(String descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of(descriptor)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException _) {
            return false;
        }
    }

    /** Asks on stderr; anything but yes is no. */
    public boolean confirm(String question) throws IOException {
        err.print(question + " [y/N] ");
        err.flush();
        StringBuilder line = new StringBuilder();
        for (int read = in.read(); read >= 0 && read != '\n'; read = in.read()) {
            line.append((char) read);
        }
        String answer = line.toString().strip();
        return answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes");
    }
}
