package dev.holdfast.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.HomesAudit.Found;
import dev.holdfast.engine.replication.HomesAudit.Short;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SparedTest {
    private static Found found(Set<String> unanswered, Short... few) {
        return new Found(unanswered, 10, 100, few.length, List.of(few), Map.of(), 1);
    }

    @Test
    void aProviderThatStaysAndCouldNotBeReadIsNamed() {
        assertThat(Spared.refusal("a", true, found(Set.of("b"))))
                .hasValueSatisfying(why -> assertThat(why).contains("could not read b to the end"));
        assertThat(Spared.refusal("a", false, found(Set.of("a", "b", "c"))))
                .hasValueSatisfying(why -> assertThat(why).contains("could not read b, c to the end"));
    }

    @Test
    void oneThatLeavesAndIsGoneNeedNotHaveBeenRead() {
        assertThat(Spared.refusal("a", false, found(Set.of("a")))).isEmpty();
    }

    @Test
    void oneThatLeavesAndAnswersMustHaveBeenRead() {
        assertThat(Spared.refusal("a", true, found(Set.of("a"))))
                .hasValueSatisfying(why -> assertThat(why).contains("holdfast provider drain a"));
        assertThat(Spared.refusal("a", true, found(Set.of()))).isEmpty();
    }

    @Test
    void aKeyThatWouldBeShortIsNamed() {
        Short few = new Short("shop", Key.of("cart"), Version.NONE, List.of("b"), 1, 2);
        assertThat(Spared.refusal("a", false, found(Set.of("a"), few)))
                .hasValueSatisfying(why -> assertThat(why).contains("1 keys").contains("cart of shop"));
    }
}
