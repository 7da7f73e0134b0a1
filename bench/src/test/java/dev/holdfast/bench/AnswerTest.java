package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.bench.Answer.Header;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "value", "{\"a\":\n\n1}\n"})
    void anAnswerIsReadAsItWasWritten(String body) throws Exception {
        for (List<Header> headers : List.of(
                List.<Header>of(), List.of(new Header("etag", "\"0\""), new Header("holdfast-homes", "a: b, c")))) {
            Answer answer = new Answer("text/plain", headers, body);
            answer.write(folder.resolve("answer"));
            assertThat(Answer.read(folder.resolve("answer"))).isEqualTo(answer);
        }
    }

    @Test
    void anAnswerWithoutContentTypeStaysWithout() throws Exception {
        Answer answer = new Answer(null, List.of(new Header("a", "b")), "");
        answer.write(folder.resolve("answer"));
        assertThat(Answer.read(folder.resolve("answer"))).isEqualTo(answer);
    }
}
