package dev.holdfast.engine.admission;

import dev.holdfast.engine.admission.RampPlan.Member;
import dev.holdfast.engine.admission.RampPlan.Wave;
import dev.holdfast.engine.admission.RampState.Begun;
import dev.holdfast.engine.admission.RampState.Phase;
import dev.holdfast.engine.admission.RampState.Position;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.KeyRef;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Ramps as text: a line for each thing, its fields with blanks between, percent-encoded. Readable without Holdfast. */
final class RampText {
    private RampText() {}

    static byte[] write(RampPlan plan) {
        StringBuilder text = new StringBuilder();
        for (Wave wave : plan.waves()) {
            line(text, "wave", wave.tier(), joined(wave.rungs()));
            for (Member member : wave.members()) {
                line(text, "member", member.id(), member.title(), member.tier(), member.perSecond(), member.from());
            }
        }
        plan.notes().forEach(note -> line(text, "note", note));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    static RampPlan readPlan(byte[] text) {
        List<Wave> waves = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (List<String> line : lines(text)) {
            switch (line.getFirst()) {
                case "wave" -> waves.add(new Wave(number(line, 1), List.of(), numbers(line.get(2))));
                case "member" -> {
                    Wave wave = waves.removeLast();
                    List<Member> members = new ArrayList<>(wave.members());
                    members.add(new Member(
                            NamespaceId.parse(line.get(1)),
                            line.get(2),
                            number(line, 3),
                            Double.parseDouble(line.get(4)),
                            Gate.parse(line.get(5))));
                    waves.add(new Wave(wave.tier(), members, wave.rungs()));
                }
                case "note" -> notes.add(line.get(1));
                default -> {
                    // Of a newer release.
                }
            }
        }
        return new RampPlan(waves, notes);
    }

    static byte[] write(RampState state) {
        StringBuilder text = new StringBuilder();
        Begun begun = state.begun();
        line(text, "begun", begun.at(), begun.by(), begun.why());
        line(text, "phase", state.phase(), state.endedAt());
        Position at = state.at();
        line(text, "at", at.wave(), at.share(), at.failed(), joined(at.trail()));
        line(text, "profile", joined(at.profile().hundredths()));
        state.hottest().stream().sorted(Load.BY_NAME).forEach(key -> line(text, "hot", key.namespace(), key.key()));
        state.skipped().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> line(text, "skipped", each.getKey(), each.getValue()));
        state.byHand().stream().sorted().forEach(id -> line(text, "by-hand", id));
        state.history()
                .forEach(event ->
                        line(text, "event", event.at(), event.kind(), event.wave(), event.by(), event.sentence()));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    static RampState readState(byte[] text) {
        Begun begun = new Begun(0, "", "");
        Phase phase = Phase.ABORTED;
        long endedAt = 0;
        Position at = Position.atBegin(0, Profile.UNKNOWN);
        Set<KeyRef> hottest = new HashSet<>();
        Map<Integer, Integer> skipped = new HashMap<>();
        Set<NamespaceId> byHand = new HashSet<>();
        List<RampEvent> history = new ArrayList<>();
        for (List<String> line : lines(text)) {
            switch (line.getFirst()) {
                case "begun" -> begun = new Begun(Long.parseLong(line.get(1)), line.get(2), line.get(3));
                case "phase" -> {
                    phase = Phase.valueOf(line.get(1));
                    endedAt = Long.parseLong(line.get(2));
                }
                case "at" ->
                    at = new Position(
                            number(line, 1), number(line, 2), number(line, 3), numbers(line.get(4)), at.profile());
                case "profile" ->
                    at = new Position(
                            at.wave(),
                            at.share(),
                            at.failed(),
                            at.trail(),
                            new Profile(parsed(line.get(1), Double::parseDouble)));
                case "hot" -> hottest.add(new KeyRef(NamespaceId.parse(line.get(1)), Key.of(line.get(2))));
                case "skipped" -> skipped.put(number(line, 1), number(line, 2));
                case "by-hand" -> byHand.add(NamespaceId.parse(line.get(1)));
                case "event" ->
                    history.add(new RampEvent(
                            Long.parseLong(line.get(1)),
                            RampEvent.Kind.valueOf(line.get(2)),
                            number(line, 3),
                            line.get(4),
                            line.get(5)));
                default -> {
                    // Of a newer release.
                }
            }
        }
        return new RampState(begun, phase, endedAt, at, hottest, skipped, byHand, history);
    }

    private static void line(StringBuilder text, Object... fields) {
        text.append(Arrays.stream(fields)
                        .map(field -> URLEncoder.encode(String.valueOf(field), StandardCharsets.UTF_8))
                        .collect(Collectors.joining(" ")))
                .append('\n');
    }

    private static List<List<String>> lines(byte[] text) {
        return Arrays.stream(new String(text, StandardCharsets.UTF_8).split("\n", -1))
                .filter(line -> !line.isEmpty())
                .map(line -> Arrays.stream(line.split(" ", -1))
                        .map(field -> URLDecoder.decode(field, StandardCharsets.UTF_8))
                        .toList())
                .toList();
    }

    private static int number(List<String> line, int field) {
        return Integer.parseInt(line.get(field));
    }

    private static List<Integer> numbers(String joined) {
        return parsed(joined, Integer::parseInt);
    }

    private static String joined(List<?> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static <T> List<T> parsed(String joined, Function<String, T> each) {
        return joined.isEmpty()
                ? List.of()
                : Arrays.stream(joined.split(",", -1)).map(each).toList();
    }
}
