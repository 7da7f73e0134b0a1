package dev.holdfast.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.LocalStore.Table;
import dev.holdfast.engine.provider.MemoryLocalStore;
import dev.holdfast.engine.replication.ScrubStatus.Counts;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ScrubBookTest {
    private static final KeyRef HERE = new KeyRef(new NamespaceId(1, 1), Key.of("here"));
    private static final KeyRef ELSEWHERE = new KeyRef(new NamespaceId(2, 2), Key.of("elsewhere"));
    private static final Counts PAGE = new Counts(256, 1_000, 0, 0);

    private final MemoryLocalStore local = new MemoryLocalStore();

    private ScrubBook opened(Residency residency) {
        return new ScrubBook(new NodeMemory(local), residency);
    }

    private static Residency here(boolean all) {
        return new Residency() {
            @Override
            public boolean restricts(NamespaceId namespace) {
                return namespace.equals(ELSEWHERE.namespace());
            }

            @Override
            public boolean at(NamespaceId namespace, String provider) {
                return true;
            }

            @Override
            public boolean here(NamespaceId namespace) {
                return all || !restricts(namespace);
            }

            @Override
            public boolean known(NamespaceId namespace) {
                return true;
            }
        };
    }

    private String onDisk() throws Exception {
        StringBuilder all = new StringBuilder();
        local.forEach(
                Table.NODE, new byte[0], null, row -> all.append(new String(row.value(), StandardCharsets.UTF_8)));
        return all.toString();
    }

    private static String name(KeyRef ref) {
        return HexFormat.of().formatHex(ref.key().bytes());
    }

    @Test
    void aRestartGoesOnWhereThePassWas() {
        ScrubProgress begun = ScrubProgress.NEVER.begin(5).upTo(HERE, PAGE);
        opened(here(false)).keep("a", begun);
        assertThat(opened(here(false)).of("a")).isEqualTo(begun);
    }

    @Test
    void noKeyIsNamedOnTheDiskOfANodeOutsideAndARestartGoesOnBeforeIt() throws Exception {
        ScrubBook book = opened(here(false));
        ScrubProgress before = ScrubProgress.NEVER.begin(5).upTo(HERE, PAGE);
        book.note("a", before);
        ScrubProgress now = before.upTo(ELSEWHERE, PAGE);
        book.keep("a", now);
        assertThat(book.of("a")).isEqualTo(now);
        assertThat(onDisk()).contains(name(HERE)).doesNotContain(name(ELSEWHERE));
        assertThat(opened(here(false)).of("a")).isEqualTo(before);
    }

    @Test
    void whatANodeHasNamedBeforeItWasOutsideIsErased() throws Exception {
        ScrubProgress now = ScrubProgress.NEVER.begin(5).upTo(ELSEWHERE, PAGE);
        opened(here(true)).keep("a", now);
        assertThat(onDisk()).contains(name(ELSEWHERE));
        ScrubBook book = opened(here(false));
        assertThat(book.forgetOutside("a")).isTrue();
        assertThat(onDisk()).doesNotContain(name(ELSEWHERE));
        assertThat(opened(here(false)).of("a").underWay()).isTrue();
    }
}
