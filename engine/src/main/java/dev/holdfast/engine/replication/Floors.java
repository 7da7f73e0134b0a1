package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.time.Time;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives every place the collection floor that one of them has. A place that was made anew, or put back, lacks it. If the others lost it as
 * well, one after the other, nobody would know any more what was deleted and collected, and a copy of before that could bring it back
 * (DESIGN rule 5). A floor cannot be lowered, and keeps out every new key below it: so one that no honest clock can have set, of a place
 * that is damaged or lies, is given to nobody. Thread-safe.
 */
final class Floors {
    private final Time time;
    private final Members members;
    private final Quarantine quarantine;
    private final long patienceNanos;

    Floors(Parts parts) {
        this.time = parts.time();
        this.members = parts.members();
        this.quarantine = parts.quarantine();
        this.patienceNanos = parts.config().callTimeout().toNanos();
    }

    /**
     * To be called once these providers hold the same: a floor keeps out what is still to come from below it.
     *
     * @return whether all of them have the highest floor now, but for those that are under suspicion for theirs
     */
    boolean level(List<Member> compared, NamespaceId namespace) throws InterruptedException {
        Map<Member, Version> floors = ask(compared, provider -> provider.floor(namespace));
        Map<Member, Version> absurd = new LinkedHashMap<>(floors);
        absurd.values().removeIf(floor -> !quarantine.concerns(floor));
        absurd.forEach((member, floor) -> quarantine.suspect(member, namespace, floor));
        floors.keySet().removeAll(absurd.keySet());
        Version highest = floors.values().stream().reduce(Version.NONE, Version::newest);
        List<Member> below = compared.stream()
                .filter(member -> highest.newerThan(floors.getOrDefault(member, highest)))
                .toList();
        Map<Member, Version> raised = ask(below, provider -> {
            provider.raiseFloor(namespace, highest);
            return highest;
        });
        boolean all = floors.size() + absurd.size() == compared.size() && raised.size() == below.size();
        // Nothing is collected while a place is away, so whoever has kept a floor of its own needs nobody else's.
        return all && (absurd.isEmpty() || compared.stream().noneMatch(member -> member.health.blank()));
    }

    /** What each says, of those that say something. */
    private Map<Member, Version> ask(List<Member> asked, Member.Call<Version> call) throws InterruptedException {
        Question<Version> question = new Question<>(time, members, CallKind.SCAN);
        for (Member member : asked) {
            question.ask(member, call);
        }
        question.await(time.nanos() + patienceNanos, question::allIn);
        question.close();
        Map<Member, Version> said = new LinkedHashMap<>();
        for (Member member : asked) {
            Version floor = question.answer(member);
            if (floor != null) {
                said.put(member, floor);
            }
        }
        return said;
    }
}
