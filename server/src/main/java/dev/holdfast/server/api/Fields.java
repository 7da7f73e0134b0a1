package dev.holdfast.server.api;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The fields of a JSON object that a client sent. Not thread-safe. */
public final class Fields {
    private final ObjectNode object;
    private final Set<String> asked = new HashSet<>();

    private Fields(ObjectNode object) {
        this.object = object;
    }

    public static Fields of(byte[] body) throws ApiError {
        try {
            if (Json.parse(body) instanceof ObjectNode object) {
                return new Fields(object);
            }
            throw ApiError.badRequest("bad-json", "The body must be a JSON object.");
        } catch (JacksonException e) {
            throw ApiError.badRequest("bad-json", "The body is not valid JSON: " + e.getOriginalMessage() + ".");
        }
    }

    public String text(String name) throws ApiError {
        String text = textOrNull(name);
        if (text == null) {
            throw bad(name, "is missing");
        }
        return text;
    }

    public @Nullable String textOrNull(String name) throws ApiError {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            throw bad(name, "must be a string");
        }
        return value.asString();
    }

    public @Nullable Boolean booleanOrNull(String name) throws ApiError {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        if (!value.isBoolean()) {
            throw bad(name, "must be true or false");
        }
        return value.asBoolean();
    }

    /** A whole number within bounds, both included. */
    public @Nullable Long wholeOrNull(String name, long least, long most) throws ApiError {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < least || value.asLong() > most) {
            throw bad(name, "must be a whole number from " + least + " to " + most);
        }
        return value.asLong();
    }

    public double number(String name, double least, double most, double otherwise) throws ApiError {
        JsonNode value = value(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.isNumber() || !(value.asDouble() >= least && value.asDouble() <= most)) {
            throw bad(name, "must be a number from " + least + " to " + most);
        }
        return value.asDouble();
    }

    /** A list of strings; null when it is not there. */
    public @Nullable List<String> textsOrNull(String name) throws ApiError {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : value) {
            if (element.isString()) {
                texts.add(element.asString());
            }
        }
        if (!value.isArray() || texts.size() != value.size()) {
            throw bad(name, "must be a list of strings");
        }
        return texts;
    }

    /** Refuses fields that were never asked for: most likely misspelt, and then something would be missing. */
    public void noOthers() throws ApiError {
        for (String name : object.propertyNames()) {
            if (!asked.contains(name)) {
                throw bad(
                        name,
                        "is not known here; there are: "
                                + String.join(", ", asked.stream().sorted().toList()));
            }
        }
    }

    public static ApiError bad(String name, String sentence) {
        return ApiError.badRequest("bad-field", "The field \"" + name + "\" " + sentence + ".");
    }

    private @Nullable JsonNode value(String name) {
        asked.add(name);
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }
}
