package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Json;
import org.junit.jupiter.api.Test;

class ProviderCommandsTest {
    @Test
    void aCredentialThatIsKnownToExpireIsToldOfAndNoOther() {
        var providers = Json.MAPPER.readTree("""
            [{"name":"a","login":"","credential":0,"credentials":0},
             {"name":"b","login":"kv-1","credential":1,"credentials":2,"credential_expires_at":1796083200000}]
            """);
        assertThat(ProviderCommands.ending(providers))
                .containsExactly("Provider b accepts \"kv-1\" until 2026-12-01T00:00:00Z");
    }
}
