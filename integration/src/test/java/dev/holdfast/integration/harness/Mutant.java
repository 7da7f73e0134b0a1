package dev.holdfast.integration.harness;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** One class of the server with one thing wrong in it, compiled to stand before the right one on the class path. */
public record Mutant(Path classes) {

    /**
     * @param source of the class, from the root of the project
     * @param right text that is there exactly once
     * @param wrong what the mutant has in its place
     */
    public static Mutant of(Path directory, String source, String right, String wrong) throws IOException {
        Path original = HoldfastServer.ROOT.resolve(source);
        String text = Files.readString(original);
        if (text.indexOf(right) < 0 || text.indexOf(right) != text.lastIndexOf(right)) {
            throw new IOException("\"" + right + "\" is not exactly once in " + original);
        }
        Path classes = Files.createDirectories(directory.resolve("mutant"));
        Path mutated = directory.resolve(original.getFileName().toString());
        Files.writeString(mutated, text.replace(right, wrong));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-d", classes.toString(), "-cp", HoldfastServer.libraries());
            boolean compiled = compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(mutated))
                    .call();
            if (!compiled) {
                throw new IOException("the mutant does not compile: " + said);
            }
        }
        return new Mutant(classes);
    }
}
