package dev.holdfast.server.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Namespace.Policy;
import dev.holdfast.engine.kv.Namespace.WhenShort;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.server.config.NamespaceDefaults;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class DomainsTest {
    @Test
    void twoProvidersOnOneDiskAreSaidToBeOneDomain() {
        assertThat(facts(WhenShort.ACK_MARKED, "x", "x", "x"))
                .containsExactly(
                        "Providers a and b are one failure domain (o/r/x): what takes the disk takes them together.",
                        "Durability 2 cannot hold here, with 1 independent failure domain: writes are acknowledged"
                                + " then, with receipts marked short.");
    }

    @Test
    void twoDisksWithTheHintLogOnOneOfThemCannotHoldWithTheOtherDown() {
        assertThat(facts(WhenShort.REFUSE, "x", "x", "y"))
                .containsExactly("Durability 2 cannot hold with one provider down: writes are refused then.");
    }

    @Test
    void threeDisksHold() {
        assertThat(facts(WhenShort.REFUSE, "z", "x", "y"))
                .containsExactly("Durability 2 holds with any one provider down.");
        assertThat(facts(WhenShort.REFUSE, "x", "x", "y", "z"))
                .containsExactly("Durability 2 holds with any one provider down.");
    }

    private static List<String> facts(WhenShort whenShort, String hintLog, String... disks) {
        SequencedMap<String, FailureDomain> providers = new LinkedHashMap<>();
        for (String disk : disks) {
            providers.put(Character.toString('a' + providers.size()), new FailureDomain("o", "r", disk));
        }
        return Domains.facts(
                providers,
                new FailureDomain("o", "r", hintLog),
                new NamespaceDefaults(new Policy(2, whenShort, false), Duration.ofDays(1)));
    }
}
