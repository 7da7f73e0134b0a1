package dev.holdfast.server.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.replication.sealing.MasterKeys;
import dev.holdfast.server.config.KeyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where master keys come from, and what is said when they do not. */
class MasterKeyFilesTest {
    private static final String HEX = "5a".repeat(MasterKeys.BYTES);

    @TempDir
    private Path folder;

    private KeyConfig file(String content, String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve("eu.key"), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return new KeyConfig("eu", Optional.of(file), Optional.empty());
    }

    private static MasterKeys read(KeyConfig config, Map<String, String> environment) throws StartFailed {
        return MasterKeyFiles.read(List.of(config), environment);
    }

    @Test
    void theSameKeyIsReadFromHexadecimalDigitsBase64AndAVariable() throws Exception {
        Map<String, String> ids = read(file(HEX + "\n", "rw-------"), Map.of()).ids();
        assertThat(ids).containsOnlyKeys("eu");
        String base64 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(HEX));
        assertThat(read(file(base64, "r--------"), Map.of()).ids()).isEqualTo(ids);
        KeyConfig variable = new KeyConfig("eu", Optional.empty(), Optional.of("SECRET"));
        assertThat(read(variable, Map.of("SECRET", HEX)).ids()).isEqualTo(ids);
    }

    @Test
    void aFileThatOthersCanReadOrChangeIsRefused() throws Exception {
        for (String permissions : List.of("rw-r-----", "rw----r--", "rw--w----", "rw-----w-")) {
            KeyConfig open = file(HEX, permissions);
            assertThatThrownBy(() -> read(open, Map.of()))
                    .isInstanceOf(StartFailed.class)
                    .hasMessageContaining("chmod 600");
        }
    }

    @Test
    void whatIsNoKeyIsRefusedWithoutAByteOfIt() throws Exception {
        for (String content : List.of("secret words", HEX.substring(2), HEX + "5a", "g" + HEX.substring(1), "")) {
            KeyConfig wrong = file(content, "rw-------");
            assertThatThrownBy(() -> read(wrong, Map.of()))
                    .isInstanceOf(StartFailed.class)
                    .hasMessageContaining("Master key eu")
                    .hasMessageContaining("32 bytes")
                    .satisfies(failed -> {
                        for (Throwable each = failed; each != null; each = each.getCause()) {
                            assertThat(String.valueOf(each.getMessage())).doesNotContain("secret", "5a5a", "g5a");
                        }
                    });
        }
        KeyConfig unset = new KeyConfig("eu", Optional.empty(), Optional.of("SECRET"));
        assertThatThrownBy(() -> read(unset, Map.of())).hasMessageContaining("variable SECRET");
    }
}
