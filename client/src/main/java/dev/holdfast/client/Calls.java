package dev.holdfast.client;

import dev.holdfast.client.transport.Deadline;
import dev.holdfast.client.transport.Repeat;
import dev.holdfast.client.transport.Request;
import dev.holdfast.client.transport.Response;
import dev.holdfast.client.transport.Time;
import dev.holdfast.client.transport.Transport;
import dev.holdfast.client.transport.TransportFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Calls of the native API: with token and session, and with what went wrong in our words. Thread-safe. */
final class Calls {
    private final Transport transport;
    private final Supplier<String> token;
    private final Sessions sessions = new Sessions();

    Calls(Transport transport, Supplier<String> token) {
        this.transport = transport;
        this.token = token;
    }

    Transport transport() {
        return transport;
    }

    Time time() {
        return transport.time();
    }

    /**
     * Any status comes back.
     *
     * @param repeat one that reads
     */
    Response<byte[]> read(String path, Map<String, String> headers, Repeat repeat, Deadline deadline) {
        try {
            return transport.send(reading(path, headers, repeat), deadline);
        } catch (TransportFailure failure) {
            throw Failures.ofRead(failure);
        } catch (InterruptedException interrupted) {
            throw Failures.ofReadInterrupted(interrupted);
        }
    }

    /** The same, answered as it comes; a status that is no success is thrown. */
    InputStream stream(String path, Map<String, String> headers, Deadline deadline) {
        try {
            Response<InputStream> response = transport.open(reading(path, headers, Repeat.AT_ONCE), deadline);
            if (response.status() == 200) {
                return response.body();
            }
            try (InputStream body = response.body()) {
                byte[] said = body.readNBytes(1 << 16);
                throw Failures.ofRead(new Response<>(response.status(), response.headers(), said, response.endpoint()));
            }
        } catch (TransportFailure failure) {
            throw Failures.ofRead(failure);
        } catch (IOException broken) {
            throw new HoldfastException.Unavailable(
                    "The connection broke: " + broken.getMessage(), "broken", "", null, broken);
        } catch (InterruptedException interrupted) {
            throw Failures.ofReadInterrupted(interrupted);
        }
    }

    private Request reading(String path, Map<String, String> headers, Repeat repeat) {
        Map<String, String> all = authorised(headers);
        String session = sessions.header();
        if (!session.isEmpty()) {
            all.put("Holdfast-Session", session);
        }
        return new Request("GET", path, all, BodyPublishers.noBody(), repeat);
    }

    /** Only a success comes back. */
    Response<byte[]> write(
            String method, String path, Map<String, String> headers, BodyPublisher body, Deadline deadline) {
        try {
            Response<byte[]> response =
                    transport.send(new Request(method, path, authorised(headers), body, Repeat.IF_REFUSED), deadline);
            response.header("Holdfast-Session").ifPresent(sessions::seen);
            if (response.status() == 200) {
                return response;
            }
            throw Failures.ofWrite(response);
        } catch (TransportFailure failure) {
            throw Failures.ofWrite(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new HoldfastException.UnknownOutcome(
                    "Interrupted while a write was under way; it may have happened.", "interrupted", "", interrupted);
        }
    }

    private Map<String, String> authorised(Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        String text = token.get();
        if (!text.isEmpty()) {
            all.put("Authorization", "Bearer " + text);
        }
        return all;
    }
}
