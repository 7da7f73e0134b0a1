package dev.holdfast.cli.moving;

import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What of the homes of keys is not as it was promised, a sentence each, from what a node says. */
public final class HomesFacts {
    private static final String SERVING = "serving";
    private static final String[] PARTS = {"operator", "region", "device"};

    private final Look look;
    private final JsonNode status;
    private final List<String> facts = new ArrayList<>();
    private final Map<String, String> domains = new LinkedHashMap<>();

    private HomesFacts(Look look, JsonNode status) {
        this.look = look;
        this.status = status;
        for (JsonNode provider : status.path("providers")) {
            if (Json.text(provider, "role", SERVING).equals(SERVING)) {
                domains.put(Json.text(provider, "name", "?"), Json.text(provider, "domain", ""));
            }
        }
    }

    /**
     * All of them.
     *
     * @param status what {@code GET /v1/status} answers
     * @param now milliseconds since the Unix epoch
     * @param lately a provider that has been current for so many milliseconds has not been exercised
     */
    public static List<String> of(Look look, JsonNode status, JsonNode namespaces, long now, long lately) {
        HomesFacts all = new HomesFacts(look, status);
        if (look.tooFew() > 0) {
            all.facts.addAll(TooFew.sentences(look));
        }
        all.lostTogether();
        all.different();
        all.states(now, lately);
        namespaces.forEach(all::durability);
        return List.copyOf(all.facts);
    }

    /** The same in all three is one domain; the same operator and region is two that have much in common. */
    private void lostTogether() {
        Map<String, List<String>> together = new LinkedHashMap<>();
        domains.forEach((name, domain) ->
                together.computeIfAbsent(domain, _ -> new ArrayList<>()).add(name));
        together.forEach((domain, names) -> {
            if (names.size() > 1) {
                facts.add("Providers " + String.join(" and ", names) + " are one failure domain (" + domain
                        + "): they are lost together, and count as one home.");
            }
        });
        domains.forEach((one, domain) -> domains.forEach((other, its) -> {
            if (!domain.equals(its) && one.compareTo(other) < 0) {
                shared(one, domain, other, its);
            }
        }));
    }

    private void shared(String one, String domain, String other, String its) {
        String[] first = domain.split("/", 3);
        String[] second = its.split("/", 3);
        List<String> same = new ArrayList<>();
        for (int i = 0; i < Math.min(first.length, second.length); i++) {
            if (first[i].equals(second[i])) {
                same.add(PARTS[i] + " " + first[i]);
            }
        }
        if (!same.isEmpty()) {
            facts.add("Providers " + one + " and " + other + " share " + String.join(" and ", same)
                    + ": what takes that takes both, though they count as two homes.");
        }
    }

    private void different() {
        Map<String, List<String>> by = new LinkedHashMap<>();
        look.digests()
                .forEach((name, digest) ->
                        by.computeIfAbsent(digest, _ -> new ArrayList<>()).add(name));
        if (by.size() > 1) {
            List<String> groups = by.values().stream()
                    .map(names -> String.join(" and ", names))
                    .toList();
            facts.add("Not the same keys are held by " + String.join(", by ", groups) + "; holdfast compare mends it.");
        }
    }

    private void states(long now, long lately) {
        for (JsonNode provider : status.path("providers")) {
            String name = Json.text(provider, "name", "?");
            String state = Json.text(provider, "state", "?");
            String role = Json.text(provider, "role", SERVING);
            long hints = provider.path("hints").asLong(0);
            long age = now - provider.path("since").asLong(now);
            if (look.unanswered().contains(name)) {
                facts.add("Provider " + name + " could not be read to the end; what it holds does not count here.");
            }
            if (!role.equals(SERVING)) {
                facts.add("Provider " + name + " is " + role + ": its word does not count.");
            } else if (!state.equals("current")) {
                facts.add("Provider " + name + " is " + state + " for " + Words.duration(age) + ": "
                        + Words.visible(Json.text(provider, "why", "")) + ".");
            } else if (age > lately) {
                facts.add("Provider " + name + " has been current for " + Words.duration(age)
                        + ": nobody has seen lately" + " what happens without it. Try: holdfast drill --provider "
                        + name + " --mode blackhole");
            }
            if (hints > 0) {
                facts.add("Provider " + name + " lacks " + Words.count(hints, "write") + " that wait for it here.");
            }
        }
    }

    /** With one provider down, what it misses waits in the hint log of a node, which is a home if it is on a disk of its own. */
    private void durability(JsonNode namespace) {
        int wanted = namespace.path("durability").asInt(1);
        int whole = Set.copyOf(domains.values()).size();
        int least = whole;
        String worst = "";
        for (String lost : domains.keySet()) {
            Set<String> left = new LinkedHashSet<>();
            domains.forEach((name, domain) -> {
                if (!name.equals(lost)) {
                    left.add(domain);
                }
            });
            if (left.size() < least || worst.isEmpty()) {
                least = left.size();
                worst = lost;
            }
        }
        String title = Words.visible(Json.text(namespace, "title", "?"));
        String refuses = Json.text(namespace, "when_short", "").equals("refuse")
                ? "; writes are refused then"
                : "; writes are acknowledged with receipts marked short then";
        if (whole < wanted) {
            facts.add("Namespace " + title + " wants " + wanted + " independent homes, and there "
                    + (whole == 1 ? "is 1" : "are " + whole) + refuses + ".");
        } else if (least + 1 < wanted) {
            facts.add("Namespace " + title + " wants " + wanted + " independent homes; without provider " + worst
                    + " there would be " + least + " and the node's hint log" + refuses + ".");
        } else if (least < wanted && hintsShareADisk(worst)) {
            facts.add("Namespace " + title + " wants " + wanted + " independent homes; without provider " + worst
                    + " there would be " + least + ", and the node's hint log is on the disk of one of them" + refuses
                    + ".");
        }
    }

    private boolean hintsShareADisk(String lost) {
        String log = Json.text(status.path("hints"), "domain", "");
        return domains.entrySet().stream()
                .anyMatch(one -> !one.getKey().equals(lost) && one.getValue().equals(log));
    }
}
