package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.bench.Answer.Header;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplyTest {
    @TempDir
    Path folder;

    @Test
    void anotherProcessReadsTheSameReplies() throws Exception {
        List<Reply> replies = List.of(
                new Reply("get", "GET", "/kv/1/", new Answer("text/plain", List.of(new Header("age", "0")), "value")),
                new Reply("put", "PUT", "/kv/1/", new Answer(null, List.of(), "")));
        Reply.write(folder, replies);
        assertThat(Reply.read(folder)).isEqualTo(replies);
    }

    @Test
    void answersAreAlikeWhoseBodiesAndNamesOfHeadersAre() {
        Answer answer = new Answer("text/plain", List.of(new Header("Age", "0")), "value");
        assertThat(answer.like(new Answer(null, List.of(new Header("age", "7")), "value")))
                .isTrue();
        assertThat(answer.like(new Answer("text/plain", List.of(), "value"))).isFalse();
        assertThat(answer.like(new Answer("text/plain", List.of(new Header("Age", "0")), "other")))
                .isFalse();
    }

    @Test
    void whatEveryServerMakesByItselfIsNoPartOfAnAnswer() {
        List<Header> all = List.of(
                new Header("Date", "now"),
                new Header("content-length", "5"),
                new Header("Content-Type", "text/plain"),
                new Header("Age", "0"));
        assertThat(Answer.of(all, "value"))
                .isEqualTo(new Answer("text/plain", List.of(new Header("Age", "0")), "value"));
    }
}
