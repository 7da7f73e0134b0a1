package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.replication.Store.HomeView;
import dev.holdfast.engine.replication.StoreStatus.HintView;
import dev.holdfast.engine.replication.StoreStatus.PlacedView;
import dev.holdfast.engine.replication.StoreStatus.ProviderView;
import dev.holdfast.engine.replication.StoreStatus.ReturnView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What people are shown of the store (promise P8). Thread-safe. */
final class Status {
    private final Parts parts;

    Status(Parts parts) {
        this.parts = parts;
    }

    /** @param strangers sentences about nodes that use other providers */
    StoreStatus view(List<String> strangers, ScrubStatus scrub) {
        List<ProviderView> providers = new ArrayList<>();
        long depth = 0;
        long oldest = 0;
        for (Member member : parts.members().all()) {
            long waiting = parts.hints().depth(member);
            // Looking for the oldest passes over all that were drained before, and this is asked for several times a
            // second.
            long age = waiting == 0 ? 0 : oldestAge(member);
            depth += waiting;
            oldest = Math.max(oldest, age);
            providers.add(new ProviderView(
                    member.name(),
                    member.provider.failureDomain().toString(),
                    member.health.state(),
                    member.health.sinceMillis(),
                    member.health.why(),
                    waiting,
                    age,
                    parts.members().deadlineNanos(member, CallKind.READ) / 1000,
                    member.doing,
                    member.compared.get(),
                    coming(member),
                    member.evidence.view(),
                    placed(member),
                    member.provider.login()));
        }
        long free = parts.local().freeBytes();
        String log = parts.local().failureDomain().toString();
        HintView hints = new HintView(depth, oldest, free, free < parts.config().alarmBytes(), log);
        List<String> reasons = new ArrayList<>();
        boolean canLoseOne = canLoseOne(reasons);
        nodes(reasons);
        reasons.addAll(strangers);
        for (Member member : parts.members().held()) {
            reasons.add("Provider " + member + " is late and is used all the same: "
                    + parts.members().mostEjected() + " of "
                    + parts.members().all().size()
                    + " providers have been given up for that within a minute, and no more may be"
                    + " (recovery.max-ejections).");
        }
        return new StoreStatus(
                providers,
                hints,
                canLoseOne,
                reasons,
                parts.counters().snapshot(parts.members().spared().sum()),
                parts.members().moves().last(),
                parts.peers().silent(),
                parts.clocks().views(),
                scrub);
    }

    private PlacedView placed(Member member) {
        Role role = Role.SERVING;
        if (member.health.held()) {
            try {
                role = parts.memory().role(member.name());
            } catch (LocalStoreFault fault) {
                role = Role.JOINING;
            }
        }
        return new PlacedView(role, member.health.complete(), member.shadowed.sum(), member.disagreed.sum());
    }

    private ReturnView coming(Member member) {
        Ration ration = member.ration;
        return new ReturnView(
                ration.phase().label(),
                ration.proven(),
                ration.bound(),
                member.underWay(),
                member.bulkhead.calls(),
                leftMillis(member));
    }

    /** By how fast it goes now. */
    private long leftMillis(Member member) {
        double aSecond = member.ration.givenASecond();
        long waiting = parts.hints().depth(member);
        if (member.health.state() != ProviderState.CATCHING_UP) {
            return waiting == 0 && member.health.current() ? 0 : ReturnView.UNKNOWN;
        }
        if (waiting > 0) {
            boolean more = member.health.mustCompare();
            return more || aSecond <= 0 ? ReturnView.UNKNOWN : Math.round(1000 * waiting / aSecond);
        }
        long compared = member.compared.get();
        long left = member.expected - compared;
        long took = parts.time().wallMillis() - member.comparingSince;
        return left < 0 || compared == 0 || member.expected == 0 ? ReturnView.UNKNOWN : left * took / compared;
    }

    /** Nodes for which something waits that only they or an operator can end. */
    private void nodes(List<String> reasons) {
        if (parts.removal().found()) {
            reasons.addFirst(parts.removal().sentence());
        }
        parts.peers().silent().forEach((name, millis) -> {
            Set<String> marked = parts.peers().markedBy(name);
            reasons.add("Node " + name + " has not been heard of for "
                    + Duration.ofMillis(millis).toMinutes()
                    + " minutes; "
                    + (marked.isEmpty()
                            ? ""
                            : "provider " + String.join(" and ", marked) + " cannot become current, and ")
                    + "no deleted keys are collected until it returns. If it is gone for good: holdfast node remove "
                    + name + ".");
        });
    }

    private boolean canLoseOne(List<String> reasons) {
        List<Member> whole = new ArrayList<>();
        for (Member member : parts.members().all()) {
            if (member.health.complete()) {
                reasons.add("Provider " + member + " is given writes and is not read from.");
            } else if (!member.health.current()) {
                reasons.add("Provider " + member + " is "
                        + member.health.state().label() + ": " + member.health.why() + ".");
            } else if (parts.hints().depth(member) > 0) {
                reasons.add(
                        "Provider " + member + " still lacks " + parts.hints().depth(member) + " writes.");
            } else if (!parts.peers().marking(member).isEmpty()) {
                reasons.add("Provider " + member + " still lacks writes that node "
                        + String.join(" and ", parts.peers().marking(member)) + " holds for it.");
            } else {
                whole.add(member);
            }
        }
        boolean room = parts.local().freeBytes() >= parts.config().reserveBytes();
        if (!room) {
            reasons.add("This node's disk is down to its reserve, so it takes no writes.");
        }
        boolean told = parts.peers().marksAreKnown();
        if (!told) {
            reasons.add("What other nodes still hold for the providers is not known now.");
        }
        boolean can = whole.size() >= 2 && told;
        if (can) {
            reasons.add(whole.size() + " providers hold every acknowledged write.");
        } else if (told) {
            reasons.add("Only " + whole.size() + " of " + parts.members().all().size()
                    + " providers are sure to hold every acknowledged write.");
        }
        long domains =
                whole.stream().map(m -> m.provider.failureDomain()).distinct().count();
        if (can && domains < 2) {
            reasons.add("They share the failure domain "
                    + whole.getFirst().provider.failureDomain() + ": if that is lost, both are.");
        }
        return can && room && !parts.removal().found();
    }

    private long oldestAge(Member member) {
        try {
            Optional<Version> oldest = parts.hints().oldest(member);
            return oldest.map(v -> Math.max(0, parts.time().wallMillis() - v.millis()))
                    .orElse(0L);
        } catch (LocalStoreFault fault) {
            return 0;
        }
    }

    /** What each home says of a key now. One that is down is not asked. */
    List<HomeView> homes(KeyRef ref) throws InterruptedException {
        Question<Lookup> question = new Question<>(parts.time(), parts.members(), CallKind.READ);
        for (Member member : parts.members().where(h -> h.state() != ProviderState.DOWN)) {
            question.ask(member, provider -> provider.get(ref.namespace(), ref.key()));
        }
        question.await(parts.time().nanos() + parts.config().readTimeout().toNanos() / 5, question::allIn);
        question.close();
        Overlay overlay = new Overlay(parts.hints(), parts.members(), parts.counters());
        List<HomeView> views = new ArrayList<>();
        for (Member member : parts.members().all()) {
            try {
                Record hint = overlay.waiting(member, ref);
                views.add(view(member, question, hint == null ? null : hint.version()));
            } catch (LocalStoreFault fault) {
                views.add(new HomeView(member.name(), member.health.state(), null, null, fault.getMessage()));
            }
        }
        return views;
    }

    private HomeView view(Member member, Question<Lookup> question, @Nullable Version hint) {
        ProviderState state = member.health.state();
        if (!question.asked(member)) {
            return new HomeView(member.name(), state, null, hint, "is down, and was not asked");
        }
        return switch (question.outcome(member)) {
            case null -> new HomeView(member.name(), state, null, hint, "did not answer in time");
            case Question.Outcome.Faulted<Lookup>(var fault) ->
                new HomeView(member.name(), state, null, hint, fault.kind() + ": " + fault.getMessage());
            case Question.Outcome.Answered<Lookup>(Lookup.Missing(Version floor)) ->
                new HomeView(
                        member.name(),
                        state,
                        null,
                        hint,
                        floor.equals(Version.NONE) ? "holds nothing" : "holds nothing; collected up to " + floor);
            case Question.Outcome.Answered<Lookup>(Lookup.Present(Record record)) ->
                new HomeView(member.name(), state, record.version(), hint, says(record));
        };
    }

    private String says(Record record) {
        if (record.tombstone()) {
            return "deleted";
        }
        String what = "a value of " + record.value().length + " bytes";
        return record.expired(parts.time().wallMillis()) ? what + ", expired" : what;
    }
}
