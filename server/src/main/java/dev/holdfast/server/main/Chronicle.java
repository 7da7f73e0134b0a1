package dev.holdfast.server.main;

import dev.holdfast.engine.incident.Incidents;
import dev.holdfast.engine.incident.TimelineEntry;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditEntry.Action;
import dev.holdfast.server.token.Token;
import dev.holdfast.server.token.Tokens;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts what people have done, as the audit log has it, on the timelines of incidents, with the names of their tokens. */
record Chronicle(Incidents incidents, Tokens tokens) implements Consumer<AuditEntry> {
    private static final Logger LOG = LoggerFactory.getLogger(Chronicle.class);
    /** In the target of a note, between the incident and the text. */
    private static final String AFTER_ID = ": ";

    @Override
    public void accept(AuditEntry entry) {
        String target = entry.target();
        int end = entry.action() == Action.INCIDENT_NOTE ? target.indexOf(AFTER_ID) : -1;
        if (end < 0) {
            incidents.note(who(entry), what(entry));
            return;
        }
        try {
            incidents.note(target.substring(0, end), who(entry), target.substring(end + AFTER_ID.length()));
        } catch (LocalStoreFault fault) {
            LOG.error("A note on an incident is in the audit log only: {}", fault.getMessage());
        }
    }

    private String who(AuditEntry entry) {
        return entry.token().isEmpty()
                ? TimelineEntry.SYSTEM
                : tokens.find(entry.token()).map(Token::name).orElse("token") + " (token " + entry.token() + ")";
    }

    private static String what(AuditEntry entry) {
        String what = entry.action().label() + " " + entry.target();
        return entry.outcome().equals(AuditEntry.DONE) ? what : what + " (" + entry.outcome() + ")";
    }
}
