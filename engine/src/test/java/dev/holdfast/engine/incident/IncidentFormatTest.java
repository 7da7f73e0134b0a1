package dev.holdfast.engine.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.incident.Sample.Flow;
import dev.holdfast.engine.incident.Sample.ProviderPoint;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class IncidentFormatTest {
    private static final Incident INCIDENT = new Incident(
            "20261126-174502",
            "provider:b provider:a",
            "Provider b is down",
            Severity.P3,
            Severity.P0,
            1,
            2,
            3,
            4,
            List.of(
                    new Alarm(AlarmKind.PROVIDER, "b", "Provider b is down: it fails.", 5, 0),
                    new Alarm(AlarmKind.REQUESTS, "tier 0", "ü", 6, 7)),
            List.of(new Impact("0".repeat(32), 2, 8, 9, 10, 11, .5)));

    private static final Sample SAMPLE = new Sample(
            1,
            10,
            List.of(new Flow("", 0, 1, 2, 3, 4, 5)),
            List.of(new Flow("f".repeat(32), 3, 6, 7, 8, 9, 10)),
            List.of(new ProviderPoint("a", "current", 1, 2, 3)),
            4,
            5,
            6);

    @Test
    void whatIsWrittenIsRead() {
        assertThat(IncidentFormat.incident(IncidentFormat.bytes(INCIDENT))).isEqualTo(INCIDENT);
        assertThat(IncidentFormat.sample(IncidentFormat.bytes(SAMPLE))).isEqualTo(SAMPLE);
        TimelineEntry entry = new TimelineEntry(1, "anna", TimelineEntry.Kind.OPERATOR, "pulls the plug");
        assertThat(IncidentFormat.entry(IncidentFormat.bytes(entry))).isEqualTo(entry);
    }

    @Test
    void aSentenceOfAnyLengthIsKeptInPart() {
        TimelineEntry entry = new TimelineEntry(1, "anna", TimelineEntry.Kind.OPERATOR, "€".repeat(100_000));
        assertThat(IncidentFormat.entry(IncidentFormat.bytes(entry)).what()).isEqualTo("€".repeat(2_000));
    }

    @Test
    void whatIsCutOffOrOfALaterFormatIsRefused() {
        byte[] bytes = IncidentFormat.bytes(INCIDENT);
        assertThatThrownBy(() -> IncidentFormat.incident(Arrays.copyOf(bytes, bytes.length - 1)))
                .isInstanceOf(UncheckedIOException.class);
        bytes[0] = 9;
        assertThatThrownBy(() -> IncidentFormat.incident(bytes)).hasMessageContaining("format 9");
    }
}
