package dev.holdfast.engine.incident;

import dev.holdfast.engine.incident.Sample.Flow;
import dev.holdfast.engine.incident.Sample.ProviderPoint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Incidents as bytes on the node's own disk: a number for the format, and the fields in the order of the records. */
final class IncidentFormat {
    private static final int FORMAT = 1;
    /** Of a sentence: what a provider says could be as long as it likes. */
    private static final int MOST_CHARACTERS = 2_000;

    /** Writes the fields of one thing. */
    private interface Writer {
        void to(DataOutputStream out) throws IOException;
    }

    /** Reads the fields of one thing. */
    private interface Reader<T> {
        T from(DataInputStream in) throws IOException;
    }

    private IncidentFormat() {}

    static byte[] bytes(Incident incident) {
        return written(out -> {
            out.writeUTF(incident.id());
            text(out, incident.cause());
            text(out, incident.title());
            out.writeUTF(incident.severity().name());
            out.writeUTF(incident.worst().name());
            out.writeLong(incident.openedAt());
            out.writeLong(incident.changedAt());
            out.writeLong(incident.closedAt());
            out.writeInt(incident.reopened());
            out.writeInt(incident.alarms().size());
            for (Alarm alarm : incident.alarms()) {
                out.writeUTF(alarm.kind().name());
                text(out, alarm.subject());
                text(out, alarm.evidence());
                out.writeLong(alarm.since());
                out.writeLong(alarm.until());
            }
            out.writeInt(incident.impact().size());
            for (Impact impact : incident.impact()) {
                out.writeUTF(impact.namespace());
                out.writeByte(impact.tier());
                out.writeLong(impact.requests());
                out.writeLong(impact.refused());
                out.writeLong(impact.stale());
                out.writeLong(impact.slow());
                out.writeDouble(impact.worstShare());
            }
        });
    }

    static Incident incident(byte[] bytes) {
        return read(
                bytes,
                in -> new Incident(
                        in.readUTF(),
                        in.readUTF(),
                        in.readUTF(),
                        Severity.valueOf(in.readUTF()),
                        Severity.valueOf(in.readUTF()),
                        in.readLong(),
                        in.readLong(),
                        in.readLong(),
                        in.readInt(),
                        list(
                                in,
                                each -> new Alarm(
                                        AlarmKind.valueOf(each.readUTF()),
                                        each.readUTF(),
                                        each.readUTF(),
                                        each.readLong(),
                                        each.readLong())),
                        list(
                                in,
                                each -> new Impact(
                                        each.readUTF(),
                                        each.readByte(),
                                        each.readLong(),
                                        each.readLong(),
                                        each.readLong(),
                                        each.readLong(),
                                        each.readDouble()))));
    }

    static byte[] bytes(TimelineEntry entry) {
        return written(out -> {
            out.writeLong(entry.at());
            text(out, entry.who());
            out.writeUTF(entry.kind().name());
            text(out, entry.what());
        });
    }

    static TimelineEntry entry(byte[] bytes) {
        return read(
                bytes,
                in -> new TimelineEntry(
                        in.readLong(), in.readUTF(), TimelineEntry.Kind.valueOf(in.readUTF()), in.readUTF()));
    }

    static byte[] bytes(Sample sample) {
        return written(out -> {
            out.writeLong(sample.at());
            out.writeInt(sample.seconds());
            flows(out, sample.tiers());
            flows(out, sample.namespaces());
            out.writeInt(sample.providers().size());
            for (ProviderPoint provider : sample.providers()) {
                out.writeUTF(provider.name());
                out.writeUTF(provider.state());
                out.writeLong(provider.hints());
                out.writeLong(provider.faults());
                out.writeLong(provider.readMicros());
            }
            out.writeLong(sample.hints());
            out.writeLong(sample.oldestHintMillis());
            out.writeLong(sample.divergent());
        });
    }

    private static void flows(DataOutputStream out, List<Flow> flows) throws IOException {
        out.writeInt(flows.size());
        for (Flow flow : flows) {
            out.writeUTF(flow.namespace());
            out.writeByte(flow.tier());
            out.writeLong(flow.requests());
            out.writeLong(flow.refused());
            out.writeLong(flow.stale());
            out.writeLong(flow.slow());
            out.writeLong(flow.p99Micros());
        }
    }

    static Sample sample(byte[] bytes) {
        return read(
                bytes,
                in -> new Sample(
                        in.readLong(),
                        in.readInt(),
                        list(in, IncidentFormat::flow),
                        list(in, IncidentFormat::flow),
                        list(
                                in,
                                each -> new ProviderPoint(
                                        each.readUTF(),
                                        each.readUTF(),
                                        each.readLong(),
                                        each.readLong(),
                                        each.readLong())),
                        in.readLong(),
                        in.readLong(),
                        in.readLong()));
    }

    private static Flow flow(DataInputStream in) throws IOException {
        return new Flow(
                in.readUTF(), in.readByte(), in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }

    private static <T> List<T> list(DataInputStream in, Reader<T> reader) throws IOException {
        int size = in.readInt();
        List<T> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add(reader.from(in));
        }
        return List.copyOf(list);
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        out.writeUTF(text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS));
    }

    private static byte[] written(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeByte(FORMAT);
            writer.to(out);
        } catch (IOException memory) {
            throw new UncheckedIOException(memory);
        }
        return bytes.toByteArray();
    }

    private static <T> T read(byte[] bytes, Reader<T> reader) {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        try {
            int format = in.readByte();
            if (format != FORMAT) {
                throw new IOException("an incident in format " + format + ", which this version does not know");
            }
            return reader.from(in);
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }
}
