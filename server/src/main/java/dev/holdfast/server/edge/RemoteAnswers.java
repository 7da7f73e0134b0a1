package dev.holdfast.server.edge;

import dev.holdfast.client.transport.Response;
import dev.holdfast.client.transport.TransportFailure;
import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Freshness;
import dev.holdfast.engine.replication.Store.Listed;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Receipt;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.api.NearHeaders;
import dev.holdfast.server.compat.Cursor;
import dev.holdfast.server.compat.Refused;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What an origin answered, as the outcomes of a store. Whatever is not understood is no answer. */
final class RemoteAnswers {
    private RemoteAnswers() {}

    static Answer read(Response<byte[]> response) {
        try {
            if (response.status() == 200) {
                Version version = version(response, "Holdfast-Version");
                if (version.equals(Version.NONE)) {
                    return new Answer.Unavailable(byDefault(response));
                }
                Record record = Record.of(
                        version,
                        response.numberHeader("Holdfast-Expiration").orElse(Record.NEVER),
                        response.header("Holdfast-Metadata")
                                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                                .orElse(new byte[0]),
                        response.body());
                return new Answer.Found(record, freshness(response));
            }
            if (response.status() == 404 && code(response).equals("key-not-found")) {
                return new Answer.Missing(version(response, "Holdfast-Absent-As-Of"), freshness(response));
            }
            return new Answer.Unavailable(refusal(response));
        } catch (IllegalArgumentException | JacksonException strange) {
            return new Answer.Unavailable(notUnderstood(response));
        }
    }

    private static Freshness freshness(Response<byte[]> response) {
        boolean confirmed = response.header(NearHeaders.CONFIRMED)
                .map(Boolean::parseBoolean)
                .orElse(false);
        OptionalLong millis = response.numberHeader(NearHeaders.AGE_MILLIS);
        if (millis.isPresent()) {
            return new Freshness(RemoteStore.SOURCE, confirmed, "", millis.getAsLong());
        }
        long seconds = response.numberHeader("Age").orElse(0);
        // Seconds are cut, and no age may be understated. An older origin knows no others.
        return new Freshness(RemoteStore.SOURCE, confirmed, "", seconds == 0 ? 0 : seconds * 1000 + 999);
    }

    private static Version version(Response<byte[]> response, String header) {
        return version(response.header(header).orElseThrow(() -> new IllegalArgumentException("no " + header)));
    }

    private static Version version(String text) {
        return new Version(Long.parseUnsignedLong(text, 16));
    }

    static Written written(Response<byte[]> response) {
        try {
            return switch (response.status()) {
                case 200 -> new Written.Acknowledged(receipt(Json.parse(response.body())));
                case 412 -> {
                    JsonNode current = Json.parse(response.body()).path("current");
                    yield new Written.ConditionFailed(current.isString() ? version(current.asString()) : null);
                }
                case 504 -> new Written.Unknown(refusal(response));
                // A request that an origin does not even look into has not happened.
                case 400, 401, 403, 404, 405, 408, 413, 414, 429, 431, 503, 508 ->
                    new Written.Refused(refusal(response));
                default -> new Written.Unknown(refusal(response));
            };
        } catch (IllegalArgumentException | JacksonException strange) {
            return new Written.Unknown(notUnderstood(response));
        }
    }

    private static Receipt receipt(JsonNode body) {
        return new Receipt(
                version(body.path("version").asString()),
                texts(body.path("homes")),
                texts(body.path("hinted")),
                body.path("domains").asInt(),
                body.path("short").asBoolean(),
                Point.parse(body.path("session").asString()));
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    static Listing listed(Response<byte[]> response) {
        if (response.status() != 200) {
            return new Listing.Unavailable(refusal(response));
        }
        try {
            JsonNode body = Json.parse(response.body());
            List<Listed> keys = new ArrayList<>();
            for (JsonNode line : body.path("keys")) {
                keys.add(new Listed(Key.of(line.path("name").asString()), head(line)));
            }
            JsonNode cursor = body.path("cursor");
            Key next = cursor.isString() ? Cursor.parse(cursor.asString()) : null;
            return new Listing.Keys(keys, next, body.path("confirmed").asBoolean(false));
        } catch (IllegalArgumentException | JacksonException | Refused strange) {
            return new Listing.Unavailable(notUnderstood(response));
        }
    }

    private static Head head(JsonNode line) {
        JsonNode metadata = line.path("metadata");
        return new Head(
                version(line.path("version").asString()),
                false,
                line.path("expiration").asLong(Record.NEVER),
                metadata.isMissingNode() ? new byte[0] : metadata.toString().getBytes(StandardCharsets.UTF_8),
                line.path("size").asInt(),
                0);
    }

    private static String code(Response<byte[]> response) {
        return Json.parse(response.body()).path("error").path("code").asString("");
    }

    private static Refusal refusal(Response<byte[]> response) {
        try {
            JsonNode error = Json.parse(response.body()).path("error");
            String said = error.path("message").asString("");
            return new Refusal(
                    reason(error.path("code").asString("")),
                    "Origin " + response.endpoint() + " answers " + response.status() + ": " + said);
        } catch (JacksonException strange) {
            return notUnderstood(response);
        }
    }

    private static Reason reason(String code) {
        for (Reason reason : Reason.values()) {
            if (reason.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(code)) {
                return reason;
            }
        }
        return Reason.NO_PROVIDER;
    }

    /** It would be kept as if somebody had written it, and it is for this node to say what there is when nobody knows. */
    private static Refusal byDefault(Response<byte[]> response) {
        return new Refusal(
                Reason.NO_PROVIDER,
                "Origin " + response.endpoint() + " reaches nobody that knows the key, and answers with the namespace's"
                        + " default.");
    }

    private static Refusal notUnderstood(Response<byte[]> response) {
        return new Refusal(
                Reason.NO_PROVIDER,
                "What " + response.endpoint() + " answers (" + response.status() + ") is not the answer of an origin.");
    }

    static Refusal unreachable(TransportFailure failure) {
        return new Refusal(Reason.NO_PROVIDER, "No origin can be reached: " + failure.getMessage() + ".");
    }

    static Refusal stopping() {
        return new Refusal(Reason.LOCAL_DISK_FAILED, "The node is stopping.");
    }
}
