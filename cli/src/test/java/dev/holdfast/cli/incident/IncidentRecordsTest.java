package dev.holdfast.cli.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.engine.incident.Alarm;
import dev.holdfast.engine.incident.AlarmKind;
import dev.holdfast.engine.incident.Impact;
import dev.holdfast.engine.incident.Incident;
import dev.holdfast.engine.incident.Sample;
import dev.holdfast.engine.incident.Sample.Flow;
import dev.holdfast.engine.incident.Sample.ProviderPoint;
import dev.holdfast.engine.incident.Severity;
import dev.holdfast.engine.incident.TimelineEntry;
import dev.holdfast.engine.incident.TimelineEntry.Kind;
import dev.holdfast.engine.incident.report.CaseFile;
import dev.holdfast.engine.incident.report.CaseFile.Affected;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.catalogue.Namespaces;
import dev.holdfast.server.api.IncidentForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a server writes is what is read of it. */
class IncidentRecordsTest {
    /** There is none. */
    private static final Namespaces NONE = new Namespaces() {
        @Override
        public Optional<Namespace> find(NamespaceId id) {
            return Optional.empty();
        }

        @Override
        public List<NamespaceId> ids() {
            return List.of();
        }

        @Override
        public List<Namespace> kept() {
            return List.of();
        }

        @Override
        public List<Namespace> list(String account, boolean deleted) {
            return List.of();
        }

        @Override
        public Changed create(String account, String title, String jurisdiction, String mode, Namespace.Policy policy) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Changed rename(NamespaceId id, String title) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Changed setPolicy(NamespaceId id, Namespace.Policy policy) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Changed delete(NamespaceId id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Changed restore(NamespaceId id) {
            throw new UnsupportedOperationException();
        }
    };

    private static Incident some(SplittableRandom random) {
        List<Alarm> alarms = new ArrayList<>();
        for (AlarmKind kind : AlarmKind.values()) {
            alarms.add(new Alarm(kind, "s" + random.nextInt(), "e", random.nextLong(1L << 40), random.nextInt(2)));
        }
        List<Impact> impact = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            impact.add(new Impact(
                    new NamespaceId(1, random.nextLong()).toString(),
                    random.nextInt(4),
                    random.nextLong(),
                    random.nextLong(),
                    random.nextLong(),
                    random.nextLong(),
                    random.nextDouble()));
        }
        return new Incident(
                "i",
                "provider:b store",
                "t",
                Severity.values()[random.nextInt(5)],
                Severity.values()[random.nextInt(5)],
                random.nextLong(1L << 40),
                random.nextLong(1L << 40),
                random.nextInt(2) * random.nextLong(1L << 40),
                random.nextInt(9),
                alarms,
                impact);
    }

    @Test
    void anIncidentIsReadAsItWasWritten() {
        for (long seed = 0; seed < 200; seed++) {
            Incident incident = some(new SplittableRandom(seed));
            JsonNode form =
                    Json.MAPPER.readTree(new IncidentForm(NONE).of(incident).toString());
            assertThat(IncidentRecords.incident(form)).isEqualTo(incident);
        }
    }

    @Test
    void theRestOfItIsReadAsTheApiDescribesIt() {
        JsonNode form = Json.MAPPER.readTree("""
            {"id":"i","cause":"store","title":"t","severity":"P4","worst":"P1","opened_at":7,"changed_at":7,"reopened":0,
             "alarms":[],"impact":[{"namespace":"3f","title":"sessions","tier":0}],
             "timeline":[{"at":8,"who":"ops","kind":"operator","what":"w"}],
             "series":[{"at":9,"seconds":1,"tiers":[{"tier":0,"requests":1,"refused":2,"stale":3,"slow":4,"p99_us":5}],
               "namespaces":[{"namespace":"3f","title":"sessions","tier":0,"requests":1,"refused":2,"stale":3,"slow":4,"p99_us":5}],
               "providers":[{"name":"b","state":"down","hints":1,"faults":2,"read_us":3}],
               "hints":4,"oldest_hint_age_ms":5,"divergent":6}]}
            """);
        CaseFile file = IncidentRecords.file("http://x", form, "1.0", 10);
        assertThat(file.node()).isEqualTo("http://x");
        assertThat(file.namespaces()).isEqualTo(Map.of("3f", new Affected("sessions", List.of())));
        assertThat(file.timeline()).containsExactly(new TimelineEntry(8, "ops", Kind.OPERATOR, "w"));
        assertThat(file.series())
                .containsExactly(new Sample(
                        9,
                        1,
                        List.of(new Flow("", 0, 1, 2, 3, 4, 5)),
                        List.of(new Flow("3f", 0, 1, 2, 3, 4, 5)),
                        List.of(new ProviderPoint("b", "down", 1, 2, 3)),
                        4,
                        5,
                        6));
    }

    @Test
    void whatIsNotKnownIsSaid() {
        ObjectNode form = new IncidentForm(NONE).of(some(new SplittableRandom(1)));
        form.put("severity", "P9");
        assertThatThrownBy(() -> IncidentRecords.incident(form))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("\"p9\"");
    }
}
