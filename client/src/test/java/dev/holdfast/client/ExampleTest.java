package dev.holdfast.client;

import static dev.holdfast.client.NamespaceTest.RECEIPT;
import static dev.holdfast.client.NamespaceTest.V2;
import static dev.holdfast.client.NamespaceTest.found;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.client.ScriptServer.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ExampleTest {
    private static final Path SOURCES = Path.of("src");

    @Test
    void theExampleRuns() throws IOException {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (ScriptServer server = new ScriptServer()) {
            server.answers(seen -> {
                if (!seen.method().equals("GET")) {
                    return Reply.of(200, RECEIPT);
                }
                return seen.path().contains("/keys")
                        ? Reply.of(
                                200,
                                "{\"keys\":[{\"name\":\"hello\",\"version\":\"" + V2
                                        + "\",\"size\":3}],\"cursor\":null}")
                        : found(V2, "world");
            });
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            Example.run(server.url(), "hf_t");
            assertThat(server.seen())
                    .extracting(ScriptServer.Seen::method)
                    .containsExactly("PUT", "GET", "PUT", "GET", "DELETE");
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .isEqualToNormalizingNewlines("world at " + V2 + "\nhello: 3 bytes\n");
    }

    @Test
    void theDocumentationShowsWhatRuns() throws IOException {
        String source = Files.readString(SOURCES.resolve("test/java/dev/holdfast/client/Example.java"));
        String example = bare(source.substring(
                source.indexOf("// example begins") + "// example begins".length(), source.indexOf("// example ends")));
        for (Path page : new Path[] {
            SOURCES.resolve("main/java/dev/holdfast/client/package-info.java"), Path.of("../docs/client.md")
        }) {
            assertThat(bare(Files.readString(page))).as(page.toString()).contains(example);
        }
    }

    /** Without what comments, indentation and line breaks add. */
    private static String bare(String text) {
        return text.replaceAll("(?m)^ \\* ?", "").replaceAll("\\s+", "");
    }
}
