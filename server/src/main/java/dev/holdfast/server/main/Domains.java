package dev.holdfast.server.main;

import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.server.config.NamespaceDefaults;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/** What the operator should know of the failure domains before trusting a receipt (DESIGN section 9, rule 1). */
final class Domains {
    private Domains() {}

    /**
     * One sentence for each fact.
     *
     * @param providers by name
     */
    static List<String> facts(
            SequencedMap<String, FailureDomain> providers, FailureDomain hintLog, NamespaceDefaults defaults) {
        List<String> facts = new ArrayList<>();
        Map<FailureDomain, List<String>> together = new LinkedHashMap<>();
        providers.forEach((name, domain) ->
                together.computeIfAbsent(domain, d -> new ArrayList<>()).add(name));
        together.forEach((domain, names) -> {
            if (names.size() > 1) {
                facts.add("Providers " + String.join(" and ", names) + " are one failure domain (" + domain
                        + "): what takes the disk takes them together.");
            }
        });
        int durability = defaults.policy().durability();
        int all = together.size();
        int least = all;
        for (String lost : providers.keySet()) {
            least = Math.min(least, domainsWithout(lost, providers, hintLog));
        }
        String consequence = switch (defaults.policy().whenShort()) {
            case ACK_MARKED -> "writes are acknowledged then, with receipts marked short";
            case REFUSE -> "writes are refused then";
        };
        if (all < durability) {
            facts.add("Durability " + durability + " cannot hold here, with " + all + " independent failure domain"
                    + (all == 1 ? "" : "s") + ": " + consequence + ".");
        } else if (least < durability) {
            facts.add("Durability " + durability + " cannot hold with one provider down: " + consequence + ".");
        } else {
            facts.add("Durability " + durability + " holds with any one provider down.");
        }
        return facts;
    }

    /** The domains that are left without one provider, whose writes the hint log then keeps. */
    private static int domainsWithout(String lost, Map<String, FailureDomain> providers, FailureDomain hintLog) {
        Set<FailureDomain> domains = new HashSet<>();
        domains.add(hintLog);
        providers.forEach((name, domain) -> {
            if (!name.equals(lost)) {
                domains.add(domain);
            }
        });
        return domains.size();
    }
}
