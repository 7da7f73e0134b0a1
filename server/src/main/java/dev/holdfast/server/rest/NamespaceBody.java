package dev.holdfast.server.rest;

import dev.holdfast.engine.kv.Limits;
import dev.holdfast.server.compat.Codes;
import dev.holdfast.server.compat.Json;
import dev.holdfast.server.compat.Keys;
import dev.holdfast.server.compat.Refused;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What a client wants a namespace to be.
 *
 * @param jurisdiction empty for none
 * @param mode empty for the usual one
 */
record NamespaceBody(String title, String jurisdiction, String mode) {
    private static final Set<String> JURISDICTIONS = Set.of("", "us", "eu", "fedramp");
    private static final Set<String> MODES = Set.of("", "instant");

    static NamespaceBody parse(byte[] body) throws Refused {
        String title = "";
        String jurisdiction = "";
        String mode = "";
        try (JsonParser json = Json.parser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw malformed();
            }
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "title" -> title = text(json);
                    case "jurisdiction" -> jurisdiction = text(json);
                    case "mode" -> mode = text(json);
                    default -> json.skipChildren();
                }
            }
            Json.end(json);
        } catch (JacksonException e) {
            throw malformed();
        }
        return checked(title, jurisdiction, mode);
    }

    private static NamespaceBody checked(String title, String jurisdiction, String mode) throws Refused {
        if (title.isBlank()) {
            throw Refused.bad(Codes.MISSING_TITLE, "title is required");
        }
        if (title.length() > Limits.TITLE_CHARACTERS) {
            throw Refused.bad(Codes.MISSING_TITLE, "title must be at most " + Limits.TITLE_CHARACTERS + " characters");
        }
        if (!JURISDICTIONS.contains(jurisdiction)) {
            throw Refused.bad(Codes.INVALID_REQUEST, "jurisdiction must be us, eu or fedramp");
        }
        if (!MODES.contains(mode)) {
            throw Refused.bad(Codes.INVALID_REQUEST, "mode must be instant");
        }
        return new NamespaceBody(title, jurisdiction, mode);
    }

    private static String text(JsonParser json) throws Refused {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return "";
        }
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw malformed();
        }
        String text = json.getString();
        // A title is stored as UTF-8, so it must have such a form.
        byte[] _ = Keys.utf8(text);
        return text;
    }

    private static Refused malformed() {
        return Refused.bad(Codes.MALFORMED_VALUE, "the body must be a JSON object with \"title\", a string");
    }
}
