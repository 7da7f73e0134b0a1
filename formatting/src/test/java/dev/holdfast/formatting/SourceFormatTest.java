package dev.holdfast.formatting;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceFormatTest {
    /** Run with {@code -Dformat=mend}, it rewrites what it would complain about. */
    @Test
    void everySourceIsFormatted() throws IOException {
        boolean mend = "mend".equals(System.getProperty("format"));
        Path root = Path.of("..").toRealPath();

        assertThat(new SourceFormat(root).complaints(mend))
                .as("sources not formatted; to mend them: mvn -q -pl formatting verify -Dformat=mend")
                .isEmpty();
    }

    @Test
    void complainsOnceAndMends(@TempDir Path root) throws IOException {
        Path file = root.resolve("Shape.java");
        Files.writeString(file, "record Shape(int x){int twice(Object o){return o instanceof Shape(var _)?2*x:0;}}");
        SourceFormat format = new SourceFormat(root);

        assertThat(format.complaints(false)).containsExactly("Shape.java");
        assertThat(format.complaints(true)).isEmpty();
        assertThat(format.complaints(false)).isEmpty();
    }
}
