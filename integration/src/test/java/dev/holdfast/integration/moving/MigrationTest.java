package dev.holdfast.integration.moving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.drill.Traffic;
import dev.holdfast.integration.harness.Profile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both embedded providers are replaced under a load, one of them failing, everything killed again and again. */
class MigrationTest {
    private static final int KEYS = Profile.number("migration.keys", 10_000, 1_000_000);
    private static final Traffic TRAFFIC =
            Traffic.DEFAULT.withConnections(8).withKeys(KEYS).withReadShare(0.7);

    @TempDir
    private Path directory;

    /** Each as if on a disk of its own, so that two of them are two homes. */
    private static String providers(String... names) {
        StringBuilder yaml = new StringBuilder("providers:\n");
        for (String name : names) {
            yaml.append("  %s:\n    failure-domain: here/room/disk-%s\n".formatted(name, name));
        }
        return yaml.toString();
    }

    @Test
    void aStoreMovesUnderLoadWhateverIsKilledOnTheWayAndLosesNothing() throws Exception {
        try (Moved moved = new Moved(directory, providers("a", "b"), List.of("a", "b"), List.of("c", "d"))) {
            moved.fill(TRAFFIC);
            assertThat(moved.person()
                            .works("migrate", "plan", "--from", "a,b", "--to", "c,d")
                            .text())
                    .contains("backfill", "In all about");
            moved.configure(providers("a", "b", "c", "d"));
            moved.killAfter("add", "c");
            try (Migrator migrator = moved.migrate("1s")) {
                migrator.awaitStep("add", "d");
                // It waits for the node and goes on by itself.
                moved.killNode();
                migrator.awaitStep("backfill", "c");
                migrator.kill();
            }
            assertThat(moved.person()
                            .works("migrate", "status", "--from", "a,b", "--to", "c,d")
                            .text())
                    .contains("c: joining");
            moved.killAfter("backfill", "d");
            moved.fail("a");
            moved.killAfter("shadow", "c,d");
            moved.killAfter("promote", "c");
            moved.killNode();
            moved.fail("a");
            moved.killAfter("demote", "a");
            moved.killAfter("remove", "a");
            moved.killNode();
            moved.endsWell("rocksdb to rocksdb");
        }
    }
}
