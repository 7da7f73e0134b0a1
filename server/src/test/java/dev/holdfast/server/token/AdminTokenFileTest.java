package dev.holdfast.server.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.server.ManualTime;
import dev.holdfast.server.MemoryCatalogue;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.http.Permission;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTokenFileTest {
    @TempDir
    Path folder;

    private final MemoryCatalogue catalogue = new MemoryCatalogue();
    private final ManualTime time = new ManualTime();
    private final Tokens tokens = new Tokens(catalogue, time);
    private AdminTokenFile file;
    private Path path;

    @BeforeEach
    void open() {
        file = new AdminTokenFile(folder, tokens, new AuditLog(folder, 1 << 20, 1, time));
        path = folder.resolve(AdminTokenFile.NAME);
    }

    @Test
    void theFirstStartMakesATokenThatOnlyTheOwnerCanRead() throws Exception {
        String secret = file.begin().orElseThrow();
        assertThat(Files.readString(path)).isEqualTo(secret + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        assertThat(tokens.authenticate(secret)).hasValueSatisfying(token -> {
            for (Permission permission : Permission.values()) {
                assertThat(token.mayEverywhere(permission)).isTrue();
            }
        });
    }

    @Test
    void laterStartsKeepIt() throws Exception {
        String secret = file.begin().orElseThrow();
        assertThat(new AdminTokenFile(folder, tokens, new AuditLog(folder, 1 << 20, 1, time)).begin())
                .isEmpty();
        assertThat(tokens.authenticate(secret)).isPresent();
        assertThat(tokens.list()).hasSize(1);
    }

    @Test
    void aDeletedFileIsNotMadeAgainWhileSomeoneIsAdmin() throws Exception {
        String secret = file.begin().orElseThrow();
        Files.delete(path);
        AdminTokenFile later = new AdminTokenFile(folder, tokens, new AuditLog(folder, 1 << 20, 1, time));
        assertThat(later.begin()).isEmpty();
        later.follow();
        assertThat(path).doesNotExist();
        assertThat(tokens.authenticate(secret)).isPresent();
    }

    @Test
    void aResetWhileRunningReplacesTheToken() throws Exception {
        String before = file.begin().orElseThrow();
        String after = AdminTokenFile.reset(folder);
        file.follow();
        assertThat(tokens.authenticate(after)).isPresent();
        assertThat(tokens.authenticate(before)).isEmpty();
        assertThat(Files.readString(folder.resolve("audit.log")))
                .contains("token.reset")
                .contains(tokens.list().getFirst().id())
                .doesNotContain(after);
    }

    @Test
    void aResetWhileStoppedReplacesTheTokenAtTheNextStart() throws Exception {
        String before = file.begin().orElseThrow();
        String after = AdminTokenFile.reset(folder);
        assertThat(new AdminTokenFile(folder, tokens, new AuditLog(folder, 1 << 20, 1, time)).begin())
                .isEmpty();
        assertThat(tokens.authenticate(after)).isPresent();
        assertThat(tokens.authenticate(before)).isEmpty();
    }

    @Test
    void otherTokensSurviveAReset() throws Exception {
        file.begin();
        Tokens.Created other =
                tokens.create("ci", new Scope.Everywhere(), java.util.EnumSet.allOf(Permission.class), Token.NEVER);
        AdminTokenFile.reset(folder);
        file.follow();
        assertThat(tokens.authenticate(other.secret())).isPresent();
    }

    @Test
    void whatIsNoTokenIsNotTakenForOne() throws Exception {
        file.begin();
        Files.writeString(path, "hf_short\n");
        file.follow();
        assertThat(tokens.authenticate("hf_short")).isEmpty();
        assertThat(tokens.list()).hasSize(1);
    }

    @Test
    void aRevokedTokenInTheFileStaysRevoked() throws Exception {
        String secret = file.begin().orElseThrow();
        tokens.revoke(tokens.list().getFirst().id());
        new AdminTokenFile(folder, tokens, new AuditLog(folder, 1 << 20, 1, time)).begin();
        assertThat(tokens.authenticate(secret)).isEmpty();
        String fresh = AdminTokenFile.reset(folder);
        file.follow();
        assertThat(tokens.authenticate(fresh)).isPresent();
    }

    @Test
    void aTokenThatTheDiskDidNotTakeIsTriedAgain() throws Exception {
        catalogue.full = true;
        String secret = file.begin().orElseThrow();
        assertThat(tokens.authenticate(secret)).isEmpty();
        catalogue.full = false;
        file.follow();
        assertThat(tokens.authenticate(secret)).isPresent();
    }

    @Test
    void resettingWhereThereIsNoDataFolderSaysSo() {
        assertThatThrownBy(() -> AdminTokenFile.reset(folder.resolve("none")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("no such data folder");
    }
}
