package dev.holdfast.cli.portability;

import dev.holdfast.cli.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One line of an export, without its end; told apart by how it begins, since a million are not parsed. */
final class Line {
    /** How the first line begins. */
    static final byte[] HEADER = "{\"holdfast_export\":".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] END = "{\"end\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ERROR = "{\"error\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] UNCONFIRMED = "\"confirmed\":false".getBytes(StandardCharsets.US_ASCII);

    private Line() {}

    static boolean isHeader(byte[] line) {
        return begins(line, HEADER);
    }

    static boolean isEnd(byte[] line) {
        return begins(line, END);
    }

    static boolean isError(byte[] line) {
        return begins(line, ERROR);
    }

    private static boolean begins(byte[] line, byte[] with) {
        return line.length >= with.length && Arrays.equals(line, 0, with.length, with, 0, with.length);
    }

    static JsonNode parsed(byte[] line) {
        try {
            return Json.MAPPER.readTree(line);
        } catch (JacksonException notJson) {
            return Json.object();
        }
    }

    static String key(byte[] line) {
        return Json.text(parsed(line), "key", "");
    }

    /** Whether the line says so of its key; its value and its metadata may say anything. */
    static boolean confirmed(byte[] line) {
        for (int i = line.length - UNCONFIRMED.length; i >= 0; i--) {
            if (Arrays.equals(line, i, i + UNCONFIRMED.length, UNCONFIRMED, 0, UNCONFIRMED.length)) {
                return parsed(line).path("confirmed").asBoolean(true);
            }
        }
        return true;
    }

    static byte[] end(long keys, boolean confirmed, String sha256) {
        ObjectNode line = Json.object();
        line.putObject("end").put("keys", keys).put("confirmed", confirmed).put("sha256", sha256);
        return Json.MAPPER.writeValueAsBytes(line);
    }
}
