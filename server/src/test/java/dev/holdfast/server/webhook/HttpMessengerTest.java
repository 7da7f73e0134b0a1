package dev.holdfast.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.incident.Severity;
import dev.holdfast.engine.incident.notice.Messenger.Undelivered;
import dev.holdfast.engine.incident.notice.Notice;
import dev.holdfast.engine.incident.notice.Notice.Event;
import dev.holdfast.server.ManualTime;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.config.WebhookConfig;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpMessengerTest {
    private static final Notice NOTICE = new Notice(Event.OPENED, AlertsBodyTest.incident(0), null);

    @TempDir
    private Path folder;

    private Receiver receiver;

    @BeforeEach
    void start() throws Exception {
        receiver = new Receiver();
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    private HttpMessenger messenger(String url, Optional<Path> token, Duration timeout) {
        WebhookConfig config =
                new WebhookConfig("pager", URI.create(url), WebhookConfig.Form.JSON, Severity.P4, token, timeout);
        return new HttpMessenger(
                config,
                config.url(),
                (notice, _) -> Json.object().put("id", notice.incident().id()),
                new ManualTime());
    }

    private void deliver(Optional<Path> token, Duration timeout) throws Exception {
        try (HttpMessenger messenger = messenger(receiver.url() + "/secret-path", token, timeout)) {
            messenger.deliver(NOTICE);
        }
    }

    private void fails(ThrowingCallable delivery, String why, boolean hopeless) {
        assertThatThrownBy(delivery)
                .isInstanceOfSatisfying(
                        Undelivered.class,
                        undelivered -> assertThat(undelivered.hopeless()).isEqualTo(hopeless))
                .hasMessageContaining(why)
                .hasMessageNotContaining("secret");
    }

    @Test
    void aNoticeIsPostedWithTheTokenThatTheFileHoldsNow() throws Exception {
        Path token = folder.resolve("token");
        Files.writeString(token, "secret1\n");
        deliver(Optional.of(token), Duration.ofSeconds(30));
        Files.writeString(token, "secret2");
        deliver(Optional.of(token), Duration.ofSeconds(30));
        assertThat(receiver.got.take().authorization()).isEqualTo("Bearer secret1");
        Receiver.Got last = receiver.got.take();
        assertThat(last.authorization()).isEqualTo("Bearer secret2");
        assertThat(last.path()).isEqualTo("/secret-path");
        assertThat(last.body().get("id").asString()).isEqualTo("20261126-174502");
    }

    @Test
    void aTokenThatIsNoneIsNotSentAndNotShown() throws Exception {
        Path token = folder.resolve("token");
        fails(() -> deliver(Optional.of(token), Duration.ofSeconds(30)), "cannot be read", false);
        Files.writeString(token, "secret\r\nX-Other: header");
        fails(() -> deliver(Optional.of(token), Duration.ofSeconds(30)), "is no bearer token", false);
        assertThat(receiver.got).isEmpty();
    }

    @Test
    void redirectsAreNotFollowed() {
        receiver.status = 307;
        fails(() -> deliver(Optional.empty(), Duration.ofSeconds(30)), "a redirect, which is not followed", false);
        assertThat(receiver.got).hasSize(1);
    }

    @Test
    void whatTheReceiverWouldRefuseAgainIsToldFromWhatMayPass() {
        receiver.status = 400;
        fails(() -> deliver(Optional.empty(), Duration.ofSeconds(30)), "answered with status 400", true);
        receiver.status = 401;
        fails(() -> deliver(Optional.empty(), Duration.ofSeconds(30)), "answered with status 401", false);
        receiver.status = 503;
        fails(() -> deliver(Optional.empty(), Duration.ofSeconds(30)), "answered with status 503", false);
    }

    @Test
    void whoDoesNotAnswerIsWaitedForNoLongerThanTheTimeout() {
        receiver.silent = true;
        fails(() -> deliver(Optional.empty(), Duration.ofMillis(100)), "did not answer within 100 ms", false);
    }

    @Test
    void anAnswerWithoutAnEndHasArrived() throws Exception {
        receiver.endless = true;
        deliver(Optional.empty(), Duration.ofSeconds(30));
        assertThat(receiver.got).hasSize(1);
    }

    @Test
    void whoIsNotThereIsSaidNotToBe() {
        receiver.close();
        fails(() -> deliver(Optional.empty(), Duration.ofSeconds(30)), "takes no connection", false);
    }
}
