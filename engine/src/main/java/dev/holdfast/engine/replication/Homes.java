package dev.holdfast.engine.replication;

import dev.holdfast.engine.provider.FailureDomain;
import java.util.ArrayList;
import java.util.List;

/** Where one version is durable: the providers that have stored it, and the hint log when it holds it for another. */
record Homes(List<Member> stored, boolean hinted, FailureDomain hintLog) {

    static final String HINT_LOG = "hint-log";

    int count() {
        return stored.size() + (hinted ? 1 : 0);
    }

    /** How many independent failure domains there are among them. */
    int domains() {
        List<FailureDomain> domains = new ArrayList<>();
        for (Member member : stored) {
            domains.add(member.provider.failureDomain());
        }
        if (hinted) {
            domains.add(hintLog);
        }
        return Members.independent(domains);
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        for (Member member : stored) {
            names.add(member.name());
        }
        if (hinted) {
            names.add(HINT_LOG);
        }
        return names;
    }
}
