package dev.holdfast.server.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateFileTest {
    @TempDir
    Path folder;

    private Path with(String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "s");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--------", "rwx------"})
    void whatOnlyItsOwnerMayUseIsPrivate(String permissions) throws IOException {
        Path file = with(permissions);
        assertThatCode(() -> PrivateFile.require(file)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw--w----", "rw---x---", "rw----r--", "rw-----w-", "rw------x"})
    void whatOthersMayDoAnythingWithIsNot(String permissions) throws IOException {
        Path file = with(permissions);
        assertThatThrownBy(() -> PrivateFile.require(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void noneIsNotPrivateEither() {
        assertThatThrownBy(() -> PrivateFile.require(folder.resolve("none"))).hasMessageContaining("no such file");
    }

    @Test
    void whatIsWrittenIsPrivate() throws IOException {
        Path file = folder.resolve("written");
        PrivateFile.write(file, new byte[] {1});
        PrivateFile.require(file);
        assertThat(Files.readAllBytes(file)).containsExactly(1);
    }
}
