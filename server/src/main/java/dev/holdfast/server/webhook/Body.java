package dev.holdfast.server.webhook;

import dev.holdfast.engine.incident.notice.Notice;
import tools.jackson.databind.JsonNode;

/** What is sent for a notice. */
@FunctionalInterface
interface Body {
    /** @param wall when it is sent, in milliseconds since the Unix epoch */
    JsonNode of(Notice notice, long wall);
}
