package dev.holdfast.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.ManualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuditLogTest {
    @TempDir
    Path folder;

    @Test
    void anEntryIsOneLineOfJson() throws Exception {
        try (AuditLog log = new AuditLog(folder, 1 << 20, 2, new ManualTime())) {
            log.write(entry("one \"quoted\"\nline"));
            log.write(entry("two"));
        }
        var lines = Files.readAllLines(folder.resolve("audit.log"));
        assertThat(lines).hasSize(2);
        JsonNode first = new JsonMapper().readTree(lines.getFirst());
        assertThat(first.get("time").asString()).isEqualTo("2027-01-15T08:00:00Z");
        assertThat(first.get("request").asString()).isEqualTo("r1");
        assertThat(first.get("token").asString()).isEqualTo("t1");
        assertThat(first.get("action").asString()).isEqualTo("keys.delete-by-prefix");
        assertThat(first.get("target").asString()).isEqualTo("one \"quoted\"\nline");
        assertThat(first.get("outcome").asString()).isEqualTo("done");
    }

    @Test
    void onlyTheOwnerCanReadIt() throws Exception {
        try (AuditLog log = new AuditLog(folder, 1 << 20, 2, new ManualTime())) {
            log.write(entry("one"));
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("audit.log"))))
                .isEqualTo("rw-------");
    }

    @Test
    void itGoesOnWhereAnEarlierRunEnded() throws Exception {
        for (String target : new String[] {"one", "two"}) {
            try (AuditLog log = new AuditLog(folder, 1 << 20, 2, new ManualTime())) {
                log.write(entry(target));
            }
        }
        assertThat(Files.readAllLines(folder.resolve("audit.log"))).hasSize(2);
    }

    @Test
    void fullFilesAreKeptUpToANumber() throws Exception {
        try (AuditLog log = new AuditLog(folder, 300, 2, new ManualTime())) {
            for (int i = 0; i < 8; i++) {
                log.write(entry("target-" + i));
            }
        }
        assertThat(folder.resolve("audit.log.3")).doesNotExist();
        for (String name : new String[] {"audit.log", "audit.log.1", "audit.log.2"}) {
            assertThat(Files.size(folder.resolve(name))).isBetween(1L, 300L);
        }
        assertThat(Files.readString(folder.resolve("audit.log"))).contains("target-7");
        assertThat(Files.readString(folder.resolve("audit.log.2"))).doesNotContain("target-7");
    }

    @Test
    void anEntryTheDiskDoesNotTakeIsCountedAndTheNextIsTriedAgain() throws Exception {
        Path gone = folder.resolve("gone");
        try (AuditLog log = new AuditLog(gone, 1 << 20, 2, new ManualTime())) {
            log.write(entry("one"));
            assertThat(log.unwritten()).isEqualTo(1);
            Files.createDirectory(gone);
            log.write(entry("two"));
            assertThat(log.unwritten()).isEqualTo(1);
        }
        assertThat(Files.readString(gone.resolve("audit.log"))).contains("two");
    }

    private static AuditEntry entry(String target) {
        return new AuditEntry("r1", "t1", AuditEntry.Action.KEYS_DELETE_BY_PREFIX, target, AuditEntry.DONE);
    }
}
